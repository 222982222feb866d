/** The dashboard in a real browser, against a stand-in for the hub: what people see, reach and are told. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StreetLatest } from '../../contract/street.ts'
import { systemClock, toIso } from '../../model/time.ts'
import { chromiumArguments } from '../support/chromium.ts'
import { startFixtureApi, type FixtureApi, type Scenario } from '../support/fixture-api.ts'
import { outside } from '../support/outside.ts'

const tool = outside('chromium')
const root = join(import.meta.dirname, '..', '..')
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(!tool.present)(`the dashboard (${tool.line})`, () => {
  let folder: string
  let hub: FixtureApi
  let browser: Browser
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamppost-dashboard-'))
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    const build = [
      vite,
      'build',
      join(root, 'dashboard'),
      '--outDir',
      folder,
      '--emptyOutDir',
      '--logLevel',
      'error'
    ]
    // As `npm run build` does it: under a test runner's NODE_ENV the libraries would build their development halves.
    await promisify(execFile)(process.execPath, build, { env: { ...process.env, NODE_ENV: 'production' } })
    hub = await startFixtureApi(folder, systemClock.now())
    browser = await chromium.launch({ executablePath: tool.path, args: chromiumArguments })
  })

  afterEach(async () => {
    await page?.close()
    hub.scenario('full')
  })

  afterAll(async () => {
    await browser?.close()
    await hub?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  interface Look {
    scenario?: Scenario
    width?: number
  }

  async function open(path: string, { scenario = 'full', width = 360 }: Look = {}): Promise<Page> {
    hub.scenario(scenario)
    complaints = []
    page = await browser.newPage({
      viewport: { width, height: 740 },
      colorScheme: 'light',
      reducedMotion: 'reduce'
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(hub.url + path)
    return page
  }

  const sentence = (): Promise<string | null> =>
    page.locator('.answer [aria-live="polite"]').first().textContent()

  async function shows(text: string | RegExp): Promise<void> {
    await page.getByText(text).first().waitFor()
  }

  const street = '/streets/ashley-road'
  const looks: [path: string, scenario: Scenario, ready: string | RegExp][] = [
    ['/', 'full', /In the last 24 hours air pollution/],
    ['/?subject=noise', 'full', /Last night was/],
    ['/?subject=damp', 'full', /indoor air was|Indoor air in homes/i],
    ['/', 'bare', 'This hub has no street yet.'],
    ['/', 'streets', 'There is no outdoor sensor on these streets yet.'],
    ['/', 'waiting', 'A sensor has been added, and no reading has arrived yet.'],
    ['/', 'faulty', /No street has enough sensors/],
    ['/', 'homes', /No street has enough sensors/],
    ['/?subject=damp', 'homes', /indoor air was|Indoor air in homes/i],
    ['/', 'late', 'what you see is 14 minutes old'],
    ['/', 'down', 'The hub did not answer.'],
    [street, 'full', 'Median of the sensors'],
    [
      `${street}?subject=noise&range=30d&window=night`,
      'full',
      /WHO guideline for road noise at night.*indicative/
    ],
    ['/streets/tannery-terrace?subject=damp', 'full', 'Typical of the homes'],
    ['/streets/canal-row', 'full', /each line is one sensor/],
    ['/streets/hazel-grove', 'full', /No sensor on Hazel Grove/],
    [street, 'waiting', 'never reported'],
    ['/streets/station-road', 'faulty', 'never reported'],
    ['/streets/nowhere', 'full', 'There is no street at this address.'],
    ['/nowhere', 'full', 'There is no page at this address.'],
    ['/data', 'full', 'About 1,234,567 rows, 99 MB.'],
    ['/data?from=2026-11-20&until=2026-11-01', 'full', 'The last day is before the first.'],
    ['/methods', 'full', 'What we never show'],
    ['/methods', 'down', 'What we never show'],
    ['/privacy', 'full', 'Mill Quarter Residents’ Association'],
    ['/privacy', 'bare', /has not written their name here yet/],
    ['/privacy', 'down', 'The hub did not answer.']
  ]

  it.each(looks)('%s (%s) breaks no rule that axe knows, in light or dark', async (path, scenario, ready) => {
    await open(path, { scenario })
    await shows(ready)
    await page.evaluate(axeSource)
    expect(await violations()).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await violations(['color-contrast'])).toEqual([])
    expect(await sticksOut(), 'nothing sticks out of a 360 px phone').toEqual([])
  })

  /** The innermost elements that make the page wider than the window. */
  function sticksOut(): Promise<string[]> {
    return page.evaluate(() => {
      if (document.documentElement.scrollWidth <= innerWidth) return []
      return [...document.querySelectorAll('body *')]
        .filter((one) => one.getBoundingClientRect().right > innerWidth && one.children.length === 0)
        .map((one) => `${one.tagName.toLowerCase()}.${one.className}: ${one.textContent.trim().slice(0, 80)}`)
    })
  }

  function violations(rules?: string[]): Promise<string[]> {
    return page.evaluate(async (only) => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
      const found = await axe.run(document, only ? { runOnly: only } : {})
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
    }, rules)
  }

  it.each(['/', street, '/methods'])('%s breaks no rule of the content security policy', async (path) => {
    await open(path)
    await shows(path === '/methods' ? 'How every number is made' : 'How sure are we?')
    if (path === street) await page.locator('.uplot canvas').waitFor()
    expect(complaints).toEqual([])
  })

  it('needs at most 60 kB of script for the first page, without the chart library', async () => {
    await open('/')
    await shows(/In the last 24 hours air pollution/)
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
    )
    const scripts = loaded.filter((path) => path.endsWith('.js'))
    const bytes = await Promise.all(
      scripts.map(async (path) => gzipSync(await readFile(join(folder, path))).length)
    )
    const total = bytes.reduce((sum, size) => sum + size, 0)
    expect(total).toBeGreaterThan(5_000)
    expect(total).toBeLessThanOrEqual(60 * 1024)
    const built = await readdir(join(folder, 'assets'))
    expect(
      built.filter((name) => name.endsWith('.js')).length,
      'the chart is a file of its own'
    ).toBeGreaterThan(scripts.length)
  })

  it('shows a reading as soon as the hub tells of it, without a reload', async () => {
    await open(street)
    await page.locator('.uplot canvas').waitFor()
    const at = toIso(systemClock.now())
    const reading = {
      streetId: 'ashley-road',
      siteId: 'ashley-road-a1',
      quantity: 'pm2_5',
      at,
      value: 123.4,
      unit: 'µg/m³',
      flag: 1
    }
    // The page listens some time after it drew itself, so the event comes again until it was heard.
    await expect
      .poll(async () => {
        hub.reading(reading)
        return page.locator('li', { hasText: '123.4' }).textContent()
      })
      .toMatch(/working.*123\.4.*just now/s)
  })

  it('changes its sentence when the figures of the street change', async () => {
    await open(street)
    await shows(/PM2\.5 on Ashley Road was/)
    const level: StreetLatest['level'] = {
      scale: 'uk-daqi',
      step: 2,
      steps: 4,
      word: 'High',
      index: 8,
      indicative: true
    }
    const figure: StreetLatest = {
      value: 61,
      unit: 'µg/m³',
      at: toIso(systemClock.now()),
      basis: 'sites',
      period: 'last 24 hours',
      sites: 5,
      sitesTotal: 5,
      coverage: 1,
      level,
      recent: []
    }
    await expect
      .poll(() => {
        hub.street({ streetId: 'ashley-road', latest: { pm2_5: figure } })
        return sentence()
      })
      .toMatch(/PM2\.5 on Ashley Road was 61.*High/)
  })

  it('reads values of the chart with the arrow keys, and names the chart with its sentence', async () => {
    await open(`${street}?range=24h`)
    await page.locator('.uplot canvas').waitFor()
    const chart = page.getByRole('slider', { name: /^PM2\.5 on Ashley Road, hour by hour, .* highest/ })
    await chart.focus()
    await page.keyboard.press('Home')
    await expect.poll(() => chart.getAttribute('aria-valuetext')).toMatch(/20\d\d, \d\d:00 to \d\d:00: /)
    const first = await chart.getAttribute('aria-valuenow')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => chart.getAttribute('aria-valuenow')).not.toBe(first)
  })

  it('keeps everything in the address: subject, range, quantity, sensor, and goes back', async () => {
    await open(street, { width: 1280 })
    await page.getByRole('link', { name: '30 days' }).click()
    await page.getByRole('combobox', { name: 'Measurement' }).selectOption('pm10')
    await page.getByRole('link', { name: /No\. 30.*Draw its line/ }).click()
    await expect.poll(() => page.url()).toContain('range=30d&quantity=pm10&sensor=ashley-road-a2')
    await shows('WHO guideline for 24 hours: 45 µg/m³, indicative')
    await page.goBack()
    await expect.poll(() => page.url()).not.toContain('sensor=')
    const download = await page.getByRole('link', { name: 'Download (CSV)' }).getAttribute('href')
    const asked = new URL(download!, hub.url).searchParams
    expect([asked.get('street'), asked.get('quantity'), asked.get('format')]).toEqual([
      'ashley-road',
      'pm10',
      'csv'
    ])
    expect(asked.get('from')).toMatch(/Z$/)
  })

  it('draws no guideline beside hours', async () => {
    await open(`${street}?range=7d`)
    await shows('Range of the middle half of the sensors')
    expect(await page.getByText('WHO guideline for 24 hours').count()).toBe(0)
  })

  it('leaves failed and doubtful readings off the line, and says so', async () => {
    await open('/streets/canal-row?range=24h')
    await shows(/: 2 readings failed their checks and were left out\./)
    await shows(/doubtful readings? lies? outside the chart/)
    await shows('Doubtful reading')
    const chart = page.getByRole('slider', { name: /Usually .* highest [1-9]\d? µg/ })
    await chart.waitFor()
    await page.getByRole('button', { name: 'Show as table' }).click()
    await page.getByRole('cell', { name: '999.9' }).first().waitFor()
  })

  it('counts the days above the guideline, beside days and no other points', async () => {
    await open(`${street}?range=30d`)
    await shows(/with enough data (was|were) above the WHO guideline for 24 hours \(15\sµg\/m³\), indicative/)
    await page.getByRole('button', { name: 'Show as table' }).click()
    await page.getByRole('columnheader', { name: 'Coverage' }).waitFor()
    await page.goto(`${hub.url}${street}?range=24h`)
    await shows('Range of the middle half of the sensors')
    expect(await page.getByText('above the WHO guideline for 24 hours').count()).toBe(0)
  })

  it('shows the numbers of the chart as a table', async () => {
    await open(`${street}?range=custom&from=2026-10-01&until=2026-10-07&window=day`)
    await page.getByRole('button', { name: 'Show as table' }).click()
    await expect.poll(() => page.getByRole('table').getByRole('row').count()).toBe(8)
  })

  it('leads by keyboard from the skip link to a street and puts the focus on its name', async () => {
    await open('/', { width: 1280 })
    await shows(/In the last 24 hours air pollution/)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content')
    await page.locator('section a', { hasText: 'Mill Lane' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Mill Lane' }).waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  })

  it('reaches each drawn street on the map, named with its level', async () => {
    await open('/', { width: 1280 })
    const map = page.getByRole('group', { name: 'Map of the streets' })
    await map.getByRole('link', { name: /^Ashley Road: Low, PM2\.5/ }).waitFor()
    expect(await map.getByRole('link').count()).toBe(11)
  })

  it('leads from every figure to how it is made, and from the contents to each part', async () => {
    await open(street)
    await page.getByRole('link', { name: 'How every number is made, with formulas and sources' }).click()
    await page.getByRole('heading', { level: 1, name: 'How every number is made' }).waitFor()
    const contents = page.getByRole('navigation', { name: 'On this page' })
    const targets = await contents
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
    expect(targets.length).toBeGreaterThan(10)
    for (const target of targets) expect(await page.locator(target).count(), target).toBe(1)
    await contents.getByRole('link', { name: 'Limits and guidelines' }).click()
    await expect.poll(() => page.url()).toContain('/methods#limits')
    await expect
      .poll(() => page.locator('#limits').evaluate((place) => Math.abs(place.getBoundingClientRect().top)))
      .toBeLessThan(100)
  })

  it('says who runs the hub, how they are reached and what is kept how long, from the footer on', async () => {
    await open('/')
    await page.getByRole('contentinfo').getByRole('link', { name: 'Privacy' }).click()
    await expect.poll(() => page.url()).toContain('/privacy')
    const reach = page.getByRole('link', { name: 'hub@millquarter.example' })
    expect(await reach.getAttribute('href')).toBe('mailto:hub@millquarter.example')
    await shows('7 days; copies that people made elsewhere')
    await shows('14 days; longer while the sensor has no place')
    await shows(/A day has one figure if at least 5 homes are in it; from 10 homes up/)
  })

  it('goes to the part of the methods that an address names', async () => {
    await open('/methods#noise')
    await page.locator('#noise').waitFor()
    await expect
      .poll(() => page.locator('#noise').evaluate((place) => Math.abs(place.getBoundingClientRect().top)))
      .toBeLessThan(100)
  })

  it('comes back when the hub does', async () => {
    await open(street, { scenario: 'down' })
    await shows('The hub did not answer.')
    hub.scenario('full')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.uplot canvas').waitFor()
  })

  it('leads to the damp of homes where nothing hangs outdoors', async () => {
    await open('/', { scenario: 'homes' })
    await page.getByRole('navigation', { name: 'Subject' }).getByRole('link', { name: 'Damp' }).click()
    await shows(/indoor air was|Indoor air in homes/i)
  })

  it('copies a command on plain http too, where pages have no clipboard', async () => {
    await open('/', { scenario: 'bare' })
    await shows('This hub has no street yet.')
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
    await page.getByRole('button', { name: 'Copy' }).first().click()
    await shows('Copied')
  })

  it('gives the page to others: as it is shown, or as it opens', async () => {
    await open(`${street}?range=30d`)
    await page.getByRole('button', { name: 'Share' }).click()
    const dialog = page.getByRole('dialog', { name: 'Share this page' })
    await dialog.getByText(`${hub.url}${street}?range=30d`).waitFor()
    await dialog.getByLabel('Always the newest').check()
    await dialog.getByText(`${hub.url}${street}`, { exact: true }).waitFor()
    await page.evaluate(axeSource)
    expect(await violations()).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => dialog.isVisible()).toBe(false)
  })

  it('gives a steward the next command', async () => {
    await open('/', { scenario: 'bare' })
    await shows('npx lamppost street add "Ashley Road"')
    hub.scenario('streets')
    await page.getByText('npx lamppost device add --street "Ashley Road" --outdoor').waitFor()
    await shows(/mosquitto_pub -h 127\.0\.0\.1 -p 1883 -q 1/)
  })
})
