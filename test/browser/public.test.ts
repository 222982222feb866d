/**
 * The public pages in a real browser on a real hub with an invented neighbourhood: live and honest about it, with and
 * without script, and one number everywhere.
 */
import mqtt from 'mqtt'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StreetSeries } from '../../contract/series.ts'
import type { StreetDetail } from '../../contract/street.ts'
import { readingText, windowText } from '../../words/format.ts'
import { figureValueText } from '../../words/street.ts'
import { sticksOutOf, violationsOf } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { english } from '../support/english.ts'
import { startDemoProcess, temporaryFolder, type HubProcess } from '../support/hub-process.ts'
import { outside } from '../support/outside.ts'
import { pdfText } from '../support/pdf-text.ts'

const tool = outside('chromium')
const pdftotext = outside('pdftotext')

describe.skipIf(!tool.present)(`the public pages on a hub (${tool.line})`, () => {
  const folder = temporaryFolder()
  let hub: HubProcess
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    hub = await startDemoProcess(`${folder.path}/data`, ['--sensors', '20', '--days', '6'])
    browser = await launchChromium(tool.path)
  })
  afterEach(() => page?.context().close())
  afterAll(async () => {
    await browser?.close()
    if (hub) expect(await hub.stop()).toBe(0)
    folder.remove()
  })

  const street = '/streets/foundry-road'

  async function open(
    path: string,
    options: BrowserContextOptions = {},
    before?: (page: Page) => Promise<unknown>
  ) {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      acceptDownloads: true,
      reducedMotion: 'reduce',
      ...options
    })
    page = await context.newPage()
    await before?.(page)
    await page.goto(hub.url + path)
    return page
  }

  const headline = (): Promise<string> => page.locator('#app .answer .first').innerText()

  /** It is drawn when somebody comes near it. */
  async function chart(): Promise<void> {
    await page.locator('#app figure').scrollIntoViewIfNeeded()
    await page.locator('.uplot canvas').waitFor()
  }

  describe('live and honest', () => {
    it('a hub that hangs is told 45 seconds later, and forgotten when it goes on', async () => {
      await open(street, {}, (one) => one.clock.install())
      await page
        .getByText(/median of \d sensors/)
        .first()
        .waitFor()
      await expect.poll(headline).not.toMatch(/^As of/)
      process.kill(hub.pid, 'SIGSTOP')
      try {
        await page.clock.fastForward(46_000)
        await page.getByText(/^As of \d\d:\d\d:/).waitFor()
        await page.getByText('The hub has not answered since then. This page keeps trying.').waitFor()
      } finally {
        process.kill(hub.pid, 'SIGCONT')
      }
      await page.clock.runFor(10_000)
      await page.getByText(/^As of \d\d:\d\d:/).waitFor({ state: 'detached' })
      await expect.poll(headline).toMatch(/^In the last 24 hours/)
    })

    it('flight mode is told at once, and a page opened in it shows the last values with their age', async () => {
      await open('/')
      await page
        .getByText(/In the last 24 hours air pollution/)
        .first()
        .waitFor()
      // The worker keeps what the page loaded once it is in charge.
      await page.evaluate(async () => {
        await navigator.serviceWorker.ready
        if (!navigator.serviceWorker.controller) {
          await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done))
        }
      })
      await page.reload()
      await page
        .getByText(/In the last 24 hours air pollution/)
        .first()
        .waitFor()
      await page.context().setOffline(true)
      await page.getByText(/This device is offline/).waitFor()
      const asOf = /^As of \d\d:\d\d: /
      await expect.poll(headline).toMatch(asOf)
      const last = (await headline()).replace(asOf, '')
      expect(last).toMatch(/^In the last 24 hours/)
      await page.reload()
      await page.getByText(/This device is offline/).waitFor()
      await expect.poll(headline).toContain(last)
      await page.context().setOffline(false)
      await page.getByText(/^As of \d\d:\d\d:/).waitFor({ state: 'detached' })
    })

    it('a clock that is a day wrong is told, and times are the hub’s', async () => {
      const wrong = Date.now() - 24 * 3_600_000
      await open(street, {}, (one) => one.clock.install({ time: wrong }))
      await page.getByText(/The clock of this device is 24 hours slow/).waitFor()
      const age = page.locator('.newest .soft').first()
      await expect.poll(() => age.innerText()).toMatch(/just now|minutes? ago/)
    })
  })

  describe('the hub’s own HTML', () => {
    const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()

    it.each([
      ['/', /In the last 24 hours air pollution/, 12],
      ['/?subject=noise', /Last night on Foundry Road was/, 12],
      [street, /In the last 24 hours/, 3],
      [`${street}?subject=noise`, /Last night on/, 3],
      ['/methods', /How every number is made/, 5]
    ])('%s has its sentences and a table without script', async (path, sentence, rowsMin) => {
      await open(path, { javaScriptEnabled: false })
      expect(await text('main')).toMatch(sentence)
      expect(await page.locator('table tbody tr').count()).toBeGreaterThanOrEqual(rowsMin)
    })

    it.each(['/', '/?subject=noise', street])(
      '%s says the same before and after its script',
      async (path) => {
        // Both are noted as they stood: figures may come in between, and change what is said.
        await open(path, {}, (one) =>
          one.addInitScript(() => {
            const said: Record<string, string> = {}
            Object.assign(globalThis, { said })
            const textOf = (selector: string): string =>
              [...document.querySelectorAll(selector)].map((part) => part.textContent?.trim()).join(' ')
            const note = (when: string, answer: string): void => {
              said[when] ??= textOf(`${answer} .first, ${answer} .rest`) || undefined!
            }
            new MutationObserver(() => {
              if (document.readyState !== 'loading') note('before', '.served-answer')
              note('after', '#app:not([hidden]) .answer:not(:has(.skeleton))')
            }).observe(document, { childList: true, subtree: true, attributes: true })
          })
        )
        const said = (): Promise<Record<string, string>> =>
          page.evaluate(() => (globalThis as unknown as { said: Record<string, string> }).said)
        await expect.poll(said).toMatchObject({ before: expect.any(String), after: expect.any(String) })
        const { before, after } = await said()
        expect(after).toBe(before)
        expect(await page.locator('#served').count()).toBe(0)
      }
    )

    it.each(['/', street, '/methods'])(
      '%s asks for its script once its sentences are seen, and for all of it at once',
      async (path) => {
        await open(path)
        await page.locator('#app:not([hidden]) h1').first().waitFor()
        const [named, asked, seenAt] = await page.evaluate(() => [
          document.querySelector<HTMLMetaElement>('meta[name="files"]')!.content.split(' '),
          performance.getEntriesByType('resource').map(({ name, startTime }) => ({ name, startTime })),
          performance.getEntriesByName('first-contentful-paint')[0]!.startTime
        ])
        expect(named.length).toBeGreaterThan(5)
        for (const file of named) {
          const times = asked.filter(({ name }) => name === hub.url + file).map((one) => one.startTime)
          expect(times, file).toHaveLength(1)
          expect(times[0]).toBeGreaterThanOrEqual(seenAt)
        }
      }
    )

    it('previews a street with its own words and a picture, and knows no other street', async () => {
      const html = await (await fetch(hub.url + street)).text()
      const tag = (name: string): string | undefined =>
        new RegExp(`property="${name}" content="([^"]*)"`).exec(html)?.[1]
      expect(tag('og:title')).toMatch(/^Foundry Road · Air · /)
      expect(tag('og:description')).toMatch(/^In the last 24 hours .* on Foundry Road was /)
      const picture = await fetch(tag('og:image')!)
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
      const accept = { headers: { accept: 'text/html' } }
      expect((await fetch(`${hub.url}/streets/nowhere`, accept)).status).toBe(404)
      expect((await fetch(`${hub.url}/og/streets/nowhere.png`)).status).toBe(404)
    })
  })

  describe('one number everywhere', () => {
    interface Numbers {
      latest: StreetDetail['latest']
      series: StreetSeries
    }

    async function asked(): Promise<Numbers> {
      const json = async (path: string): Promise<unknown> => (await fetch(`${hub.url}/api/v1${path}`)).json()
      const { latest } = (await json(street)) as StreetDetail
      const until = Date.parse(latest['pm2_5']!.at!)
      const period = `from=${until - 6 * 3_600_000}&until=${until}`
      const series = (await json(`${street}/series?quantity=pm2_5&window=hour&${period}`)) as StreetSeries
      return { latest, series }
    }

    async function topic(): Promise<{ value: number }> {
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`)
      try {
        const message = new Promise<string>((resolve) =>
          client.once('message', (_topic, payload) => resolve(payload.toString()))
        )
        await client.subscribeAsync('streets/foundry-road/pm2_5')
        return JSON.parse(await message) as { value: number }
      } finally {
        await client.endAsync(true)
      }
    }

    /** What the hub says in each place, one after the other. */
    async function toldEverywhere({ latest, series }: Numbers): Promise<Record<string, string>> {
      const found: Record<string, string> = {}
      const note = async (where: string, text: Promise<string | null> | string): Promise<void> => {
        found[where] = ((await text) ?? '').replace(/\s/g, ' ')
      }
      await open('/')
      const row = page.locator('li', { has: page.getByRole('link', { name: 'Foundry Road' }) })
      await note('list', row.first().innerText())
      const line = page
        .getByRole('group', { name: 'Map of the streets' })
        .getByRole('link', { name: /^Foundry Road/ })
      await note('map', line.getAttribute('aria-label'))
      await page.context().close()
      await open(`${street}?range=24h`)
      await chart()
      await note('street', page.locator('#app .answer .first').innerText())

      const context = { words: english, zone: 'Europe/London' }
      const hour = series.median.findLastIndex((value) => value !== null)
      const day = windowText(context, series.time[hour]!, 'hour')
      await page.getByRole('button', { name: 'Show as table' }).click()
      await note('table', page.getByRole('row', { name: day }).first().innerText())
      const slider = page.getByRole('slider')
      await slider.focus()
      await page.keyboard.press('End')
      const readOut = (): Promise<string | null> => slider.getAttribute('aria-valuetext')
      for (let i = 0; i < 30 && !(await readOut())?.includes(day); i++) await page.keyboard.press('ArrowLeft')
      await note('chart', readOut())
      await page.context().close()

      await note('embed', (await fetch(`${hub.url}/embed${street}`)).text())
      await note('preview', (await fetch(hub.url + street)).text())
      await note('topic', `${(await topic()).value === latest['pm2_5']!.value}`)
      return found
    }

    it('is told by API, topic, list, map, street, table, chart, embed and preview', async () => {
      // The fleet goes on publishing: what was told counts where the figures were the same before and after it.
      let told: Record<string, string> = {}
      let numbers = await asked()
      for (let isSteady = false; !isSteady;) {
        numbers = await asked()
        told = await toldEverywhere(numbers)
        const { latest, series } = await asked()
        const now = [latest['pm2_5']!.value, series.median]
        isSteady =
          JSON.stringify(now) === JSON.stringify([numbers.latest['pm2_5']!.value, numbers.series.median])
      }
      const figure = { quantity: 'pm2_5', latest: numbers.latest['pm2_5']! } as const
      const context = { words: english, zone: 'Europe/London', now: Date.now() }
      const said = figureValueText(context, figure).replace(/\s/g, ' ')
      expect(said).toMatch(/^\d+(\.\d)? µg\/m³$/)
      const ofHour = readingText(
        english,
        'pm2_5',
        numbers.series.median.findLast((value) => value !== null)!
      )
      const { table, chart, topic: ofTopic, ...others } = told
      for (const [where, text] of Object.entries(others)) expect(text, where).toContain(said)
      expect(table, 'the table has the hour of the series').toContain(ofHour)
      expect(chart, 'the chart reads it out').toContain(`${ofHour} µg/m³`)
      expect(ofTopic, 'the topic has the value itself').toBe('true')
    })
  })

  describe('on paper', () => {
    it('a street is two pages, with nothing cut off and all that belongs to it', async () => {
      await open(street, { viewport: { width: 1280, height: 800 } })
      await chart()
      const { sites } = (await (await fetch(`${hub.url}/api/v1${street}`)).json()) as StreetDetail
      await page.emulateMedia({ media: 'print' })
      // What stands further down is made for paper too, and the plot anew for its width: 174 mm at 96 dots an inch.
      await page.locator('ol.calendar').waitFor()
      await expect.poll(() => page.locator('.uplot').evaluate((plot) => plot.clientWidth)).toBe(658)
      const paper = await page.pdf({ preferCSSPageSize: true })
      expect(paper.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g), 'two pages').toHaveLength(2)
      if (!pdftotext.present) return
      const { flowing } = pdfText(pdftotext.path, paper)
      expect(flowing).toMatch(/Foundry Road In the last 24 hours PM2\.5 on Foundry Road was/)
      const measuring = sites.filter(({ latest }) => latest['pm2_5']).map(({ name }) => name)
      const belonging = ['Median of the sensors', 'The last 12 months, day by day', 'Data: CC BY 4.0']
      for (const text of [...measuring, ...belonging, `: ${hub.url}${street}`])
        expect(flowing).toContain(text)
      expect(flowing).not.toMatch(/Show as table|Compare|About this sensor|Share|Privacy/)
    })
  })

  describe('the description of the API', () => {
    it('has the hub’s name, every request, and breaks no rule that axe knows, in light or dark', async () => {
      await open('/api/docs')
      expect(await page.title()).toMatch(/^Data and API · ./)
      await page.getByRole('heading', { name: 'GET /api/v1/streets/{id}/series' }).waitFor()
      for (const details of await page.locator('summary').all()) await details.click()
      expect(await violationsOf(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await violationsOf(page, ['color-contrast'])).toEqual([])
      expect(await sticksOutOf(page)).toEqual([])
    })
  })

  describe('frames', () => {
    it('only the embedded page may be framed, and its script is small', async () => {
      const policy = async (path: string): Promise<[string | null, string]> => {
        const { headers } = await fetch(hub.url + path)
        const frames = /frame-ancestors ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? ''
        return [headers.get('x-frame-options'), frames]
      }
      expect(await policy(`/embed${street}`)).toEqual([null, '*'])
      for (const path of ['/', street, '/methods', '/compare', `${street}/poster`, '/api/v1/hub']) {
        expect(await policy(path), path).toEqual(['DENY', "'none'"])
      }
      const script = Buffer.from(await (await fetch(`${hub.url}/embed.js`)).arrayBuffer())
      expect(script.length).toBeGreaterThan(100)
      expect(script.length).toBeLessThan(40 * 1024)
      await open(`/embed${street}`)
      expect(await page.locator('main').innerText()).toMatch(/In the last 24 hours/)
    })
  })

  describe('ways', () => {
    it('a campaigner compares, asks before and after, and takes a poster and a picture', async () => {
      await open(street, { viewport: { width: 1280, height: 800 } })
      await page.getByRole('link', { name: 'Compare' }).last().click()
      await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor()
      await expect.poll(() => page.getByLabel('Foundry Road').isChecked()).toBe(true)
      await page.getByLabel('Schoolhouse Lane').check()
      await page
        .getByText(/Nothing can be told about Foundry Road and Schoolhouse Lane: only 0 hours/)
        .waitFor()
      await page.getByRole('link', { name: 'Before and after' }).click()
      await page.getByRole('combobox', { name: 'Street', exact: true }).selectOption('foundry-road')
      await page.getByRole('combobox', { name: 'Control street' }).selectOption('foundry-road')
      await page.getByText('A street cannot be its own control street.').waitFor()
      await page.getByRole('combobox', { name: 'Control street' }).selectOption('schoolhouse-lane')
      const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)
      await page.getByLabel('Day of the change').fill(yesterday)
      await page.getByText('Nothing can be told yet.').waitFor()

      await page.goto(hub.url + street)
      await page.getByRole('link', { name: 'Poster (A4)' }).click()
      await page.getByRole('img', { name: /QR code of http/ }).waitFor()
      const poster = await page.pdf({ format: 'A4' })
      expect(poster.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g), 'one page').toHaveLength(1)
      await page.goBack()
      const saved = page.waitForEvent('download')
      await page.getByText('Download', { exact: true }).click()
      await page.getByRole('button', { name: 'Picture (PNG)' }).click()
      expect((await saved).suggestedFilename()).toMatch(
        /^foundry-road-pm2_5-hour-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.png$/
      )
    })

    it('a resident follows a link, reads the sentence, and finds out whether it is bad', async () => {
      await open(street)
      await page.locator('#app .answer .first').waitFor()
      expect(await headline()).toMatch(/on Foundry Road was .* WHO’s guideline for a day/)
      await page.getByRole('link', { name: 'How sure are we?' }).first().click()
      await page.getByText('it does not prove that a limit was kept or broken').waitFor()
      await page
        .getByRole('link', { name: /^About this sensor/ })
        .first()
        .click()
      await page.getByText('One sensor has no level').waitFor()
      await page.getByRole('link', { name: 'On Foundry Road' }).click()
      await page.getByRole('heading', { level: 1, name: 'Foundry Road' }).waitFor()
    })
  })
})
