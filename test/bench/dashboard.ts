/**
 * What the pages cost: the script of the first page and of a street as a phone loads it, the time in which charts are drawn, and
 * how soon a neighbourhood of 5,000 streets can be used. In a real browser, against the stand-in for the hub; what is larger
 * than its neighbourhood is put into its answers.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { dayMs, hourMs, systemClock } from '../../model/time.ts'
import { launchChromium } from '../support/chromium.ts'
import { startFixtureApi, type FixtureApi } from '../support/fixture-api.ts'
import { outside } from '../support/outside.ts'

const scriptKilobytesAims = { '/': 60, '/streets/ashley-road': 90 } as const
const drawMsAim = 50
const manyStreets = 5_000
const usableMsAim = 2_000
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
  browser = await launchChromium(tool.path)
  await scriptOf(browser, hub.url, '/')
  await scriptOf(browser, hub.url, '/streets/ashley-road')
  await yearOfHours(browser, hub.url)
  await manyPoints(browser, hub.url)
  await usable(browser, hub.url)
} finally {
  await browser?.close()
  await hub?.close()
  await rm(folder, { recursive: true, force: true })
}

async function scriptOf(
  browser: Browser,
  url: string,
  path: keyof typeof scriptKilobytesAims
): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
  await page.goto(url + path)
  await page.locator('.answer .first').first().waitFor()
  if (path !== '/') {
    await page.locator('figure').scrollIntoViewIfNeeded()
    await page.locator('.uplot canvas').waitFor()
  }
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path.endsWith('.js') && path.startsWith('/assets/'))
  )
  const sizes = await Promise.all(
    scripts.map(async (path) => gzipSync(await readFile(join(folder, path))).length)
  )
  const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1024
  console.log(
    `script of ${path}, what it draws included: ${kilobytes.toFixed(1)} KB gzip in ${scripts.length} files (aim: at most ${scriptKilobytesAims[path]})`
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
  await redraw(page, `a chart of ${points} hours with its band`)
  await page.close()
}

/** A page draws six lines at the most; together they have the points of 20 series of 2,000. */
async function manyPoints(browser: Browser, url: string): Promise<void> {
  const [lines, points] = [6, 6_667]
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  const ids = await withStreets(page, url, lines)
  await page.route(/\/api\/v1\/streets\/[^/]+\/series/, async (route) => {
    const asked = new URL(route.request().url())
    const [from, until] = ['from', 'until'].map((name) => Number(asked.searchParams.get(name))) as [
      number,
      number
    ]
    const time = Array.from({ length: points }, (_none, i) =>
      Math.round(from + ((until - from) * i) / points)
    )
    const line = Number(asked.pathname.split('/')[4]!.split('-')[1])
    const median = time.map((_at, i) => 20 + 3 * line + 8 * Math.sin(i / 40 + line) + (i % 7))
    const asIs = asked.pathname.replace(/street-\d+/, 'ashley-road') + asked.search
    const answer = (await (await fetch(url + asIs)).json()) as object
    await route.fulfill({
      json: { ...answer, time, median, p25: median, p75: median, sites: time.map(() => 3) }
    })
  })
  await page.goto(`${url}/compare?streets=${ids.join()}&range=30d`)
  await page.locator('.uplot canvas').waitFor()
  await redraw(page, `${lines} lines of ${points} points, as many as 20 series of 2,000`)
  await page.close()
}

/** From the address to the first rows, and from a letter typed to what it finds. */
async function usable(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
  await withStreets(page, url, manyStreets)
  const since = (): Promise<number> => page.evaluate(() => performance.now())
  await page.goto(url)
  await page.getByRole('searchbox').waitFor()
  const shownMs = await since()
  await page.getByRole('searchbox').pressSequentially('4321')
  await page.getByRole('link', { name: 'Street 4321' }).first().waitFor()
  console.log(
    `${manyStreets} streets: drawn, with their map, ${shownMs.toFixed(0)} ms after the address, one of them found by name ${((await since()) - shownMs).toFixed(0)} ms later (aim: at most ${usableMsAim} for both)`
  )
  await page.close()
}

/** A neighbourhood of so many streets, each as Ashley Road is. */
async function withStreets(page: Page, url: string, count: number): Promise<string[]> {
  const streets = (await (await fetch(`${url}/api/v1/streets`)).json()) as {
    id: string
    lines: [number, number][][]
  }[]
  const model = streets.find(({ id }) => id === 'ashley-road')!
  const moved = (i: number): [number, number][][] =>
    model.lines.map((line) =>
      line.map(([east, north]) => [east + (i % 70) * 0.004, north + Math.floor(i / 70) * 0.002])
    )
  const json = Array.from({ length: count }, (_none, i) => ({
    ...model,
    id: `street-${i}`,
    name: `Street ${i}`,
    lines: moved(i)
  }))
  await page.route(/\/api\/v1\/streets$/, (route) => route.fulfill({ json }))
  return json.map(({ id }) => id)
}

async function redraw(page: Page, what: string): Promise<void> {
  const times = await redrawTimesMs(page)
  const median = times[Math.floor(times.length / 2)] ?? NaN
  console.log(
    `${what}, built and drawn anew, style and layout of the page included, in processor time: ` +
      `median ${median.toFixed(1)} ms, ${times[0]?.toFixed(1)} to ${times.at(-1)?.toFixed(1)} ms in ${times.length} (aim: at most ${drawMsAim})`
  )
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
