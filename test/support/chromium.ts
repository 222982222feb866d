/** How tests start Chromium: headless, a profile of its own, and without the services that would look outside. */
import { chromium, type Browser } from 'playwright-core'

const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** Only a hang takes longer than this to show something, however slow and busy the machine. */
const patienceMs = 120_000

export async function launchChromium(path: string, ...more: string[]): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: path, args: [...chromiumArguments, ...more] })
  browser.on('context', (context) => context.setDefaultTimeout(patienceMs))
  return browser
}
