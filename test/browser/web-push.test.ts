/**
 * Messages that a browser shows by itself: what the hub sends becomes a notification in a real Chromium, and the page says why
 * there are none where there cannot be. Chromium's own push service is on the internet, which a test must not need.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'

const tool = outside('chromium')
const hubName = 'hub.street.example'

describe.skipIf(!tool.present)(`messages in a browser (${tool.line})`, () => {
  const hub = oneHub({ LAMPPOST_NAMES: hubName })
  let browser: Browser
  let cookie: { name: string; value: string }
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launchChromium(tool.path, `--host-resolver-rules=MAP ${hubName} 127.0.0.1`)
    await hub.json('street', 'add', 'Ashley Road')
    const { personId } = await hub.json<{ personId: string }>('person', 'add', 'Anna Smith')
    await hub.json('device', 'add', '--street', 'Ashley Road', '--outdoor', '--person', personId)
    const { code } = await hub.json<{ code: string }>('person', 'invite', personId)
    const answer = await fetch(`${hub.url}/api/v1/invitations/${code}/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName: 'anna', password: 'kettle bicycle lantern' })
    })
    const [name = '', value = ''] = answer.headers.get('set-cookie')!.split(';')[0]!.split('=')
    cookie = { name, value }
  })
  afterAll(() => browser?.close())

  async function homeAt(url: string): Promise<{ page: Page; context: BrowserContext }> {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      reducedMotion: 'reduce'
    })
    await context.addCookies([{ ...cookie, url }])
    await context.addInitScript(() => localStorage.setItem('lamppost-signed-in', 'yes'))
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${url}/home`)
    await page.getByText('Messages on this phone or computer').waitFor()
    return { page, context }
  }

  it('are shown with what to do and a button that stops their kind', async () => {
    const url = `http://localhost:${hub.process.httpPort}`
    const { page, context } = await homeAt(url)
    await context.grantPermissions(['notifications'], { origin: url })
    const cdp = await context.newCDPSession(page)
    const registered = new Promise<string>((resolve) => {
      cdp.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
        const active = versions.find(({ status }) => status === 'activated')
        if (active) resolve(active.registrationId)
      })
    })
    await cdp.send('ServiceWorker.enable')
    const told = {
      title: 'The sensor “Bedroom <b>” is silent',
      body: 'Check that it has power.',
      tag: 'silent',
      stop: 'a'.repeat(26),
      stopLabel: 'Stop these'
    }
    const registrationId = await registered
    await cdp.send('ServiceWorker.deliverPushMessage', {
      origin: url,
      registrationId,
      data: JSON.stringify(told)
    })
    const shown = () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready
        return (await registration.getNotifications()).map(({ title, body, tag, data }) => ({
          title,
          body,
          tag,
          data: data as string
        }))
      })
    const { title, body, tag, stop } = told
    await expect.poll(shown).toEqual([{ title, body, tag, data: stop }])
    expect(complaints).toEqual([])
    await context.close()
  })

  it('are refused in words where the browser was told to show none', async () => {
    const { page, context } = await homeAt(`http://localhost:${hub.process.httpPort}`)
    await page.getByRole('button', { name: 'Show them here' }).click()
    await page.getByText('This browser was told not to show messages of this page').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it('cannot be shown for a page on plain http, which says so', async () => {
    const { page, context } = await homeAt(`http://${hubName}:${hub.process.httpPort}`)
    await page.getByText('Browsers show messages only for pages that come over https').waitFor()
    expect(await page.getByRole('button', { name: 'Show them here' }).count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })
})
