/**
 * What the pages cost: the script of the first page as a phone loads it, and the time in which the chart of a street is drawn
 * with a year of hours. In a real browser, against the stand-in for the hub; a year of hours is put into the hub's answer,
 * since the pages themselves ask for days beyond three months.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type Page } from 'playwright-core'
import { dayMs, hourMs, systemClock } from '../../model/time.ts'
import { chromiumArguments } from '../support/chromium.ts'
import { startFixtureApi, type FixtureApi } from '../support/fixture-api.ts'
import { outside } from '../support/outside.ts'

const scriptKilobytesAim = 60
const drawMsAim = 50
const repeats = 21

const tool = outside('chromium')
if (!tool.present) {
  console.log(`Not measured: ${tool.line}`)
  process.exit(0)
}

const root = join(import.meta.dirname, '..', '..')
const folder = await mkdtemp(join(tmpdir(), 'lamppost-bench-dashboard-'))
let hub: FixtureApi | undefined
let browser: Browser | undefined
try {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const build = ['build', join(root, 'dashboard'), '--outDir', folder, '--emptyOutDir', '--logLevel', 'error']
  await promisify(execFile)(process.execPath, [vite, ...build])
  hub = await startFixtureApi(folder, systemClock.now())
  browser = await chromium.launch({ executablePath: tool.path, args: chromiumArguments })
  await firstPage(browser, hub.url)
  await yearOfHours(browser, hub.url)
} finally {
  await browser?.close()
  await hub?.close()
  await rm(folder, { recursive: true, force: true })
}

async function firstPage(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
  await page.goto(url)
  await page.getByText(/Right now air pollution/).waitFor()
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path.endsWith('.js'))
  )
  const sizes = await Promise.all(
    scripts.map(async (path) => gzipSync(await readFile(join(folder, path))).length)
  )
  const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1024
  console.log(
    `script of the first page, its drawn map included: ${kilobytes.toFixed(1)} KB gzip in ${scripts.length} files (aim: at most ${scriptKilobytesAim})`
  )
  await page.close()
}

async function yearOfHours(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  let points = 0
  await page.route(/\/api\/v1\/streets\/[^/]+\/series/, async (route) => {
    const asked = new URL(route.request().url())
    const until = Math.floor(Number(asked.searchParams.get('until')) / hourMs) * hourMs
    asked.searchParams.set('from', String(until - 365 * dayMs))
    asked.searchParams.set('until', String(until))
    asked.searchParams.set('window', 'hour')
    const answer = (await (await fetch(asked)).json()) as { time: number[] }
    points = answer.time.length
    await route.fulfill({ json: { ...answer, window: 'day' } })
  })
  await page.goto(`${url}/streets/ashley-road?range=year`)
  await page.locator('.uplot canvas').waitFor()
  const times = await redrawTimesMs(page)
  const median = times[Math.floor(times.length / 2)] ?? NaN
  console.log(
    `a chart of ${points} hours with its band, built and drawn anew, style and layout of the page included, in processor time: ` +
      `median ${median.toFixed(1)} ms, ${times[0]?.toFixed(1)} to ${times.at(-1)?.toFixed(1)} ms in ${times.length} (aim: at most ${drawMsAim})`
  )
  await page.close()
}

/** Another colour scheme builds the chart anew from the same numbers; the processor time of the browser’s main thread is counted, which a busy machine does not lengthen. */
async function redrawTimesMs(page: Page): Promise<number[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busyMs = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN)
  }
  const times: number[] = []
  for (let i = 0; i < repeats; i++) {
    await page.locator('.uplot canvas').evaluate((canvas) => canvas.setAttribute('data-old', ''))
    const before = await busyMs()
    await page.emulateMedia({ colorScheme: i % 2 === 0 ? 'dark' : 'light' })
    await page.locator('.uplot canvas:not([data-old])').waitFor()
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    times.push((await busyMs()) - before)
  }
  return times.toSorted((a, b) => a - b)
}
