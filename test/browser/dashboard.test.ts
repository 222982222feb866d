/** The dashboard in a real browser, against a stand-in for the hub: what people see, reach and are told. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { StreetLatest } from '../../contract/street.ts'
import { minuteMs, systemClock, toIso } from '../../model/time.ts'
import { violationsOf } from '../support/axe.ts'
import { outside } from '../support/outside.ts'
import { ShownPages, type Look } from '../support/shown-pages.ts'

const tool = outside('chromium')

describe.skipIf(!tool.present)(`the dashboard (${tool.line})`, () => {
  const shown = new ShownPages(tool.path)
  let page: Page

  async function open(path: string, look?: Look): Promise<void> {
    page = await shown.open(path, look)
  }

  const shows = (text: string | RegExp): Promise<void> => shown.shows(text)

  const sentence = (): Promise<string | null> =>
    page.locator('.answer [aria-live="polite"]').first().textContent()

  /** It is drawn when somebody comes near it. */
  async function chart(): Promise<void> {
    await page.locator('figure').scrollIntoViewIfNeeded()
    await page.locator('.uplot canvas').waitFor()
  }

  const street = '/streets/ashley-road'

  it.each(['/', street, '/methods'])('%s breaks no rule of the content security policy', async (path) => {
    await open(path)
    await shows(path === '/methods' ? 'How every number is made' : 'How sure are we?')
    if (path === street) await chart()
    expect(shown.complaints).toEqual([])
  })

  /** Bytes of the scripts that the page has fetched so far, as small as gzip makes them. */
  async function scriptBytes(): Promise<number> {
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
    )
    const scripts = loaded.filter((path) => path.endsWith('.js') && path.startsWith('/assets/'))
    const sizes = scripts.map(async (path) => gzipSync(await readFile(join(shown.folder, path))).length)
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  }

  /** The page's clock: a slow machine is nobody who stays, for whom the rest of a street is fetched. */
  async function stands(page: Page): Promise<void> {
    await page.clock.install()
    await page.clock.pauseAt(systemClock.now() + minuteMs)
  }

  it('needs at most 60 kB of script for the first page', async () => {
    await open('/')
    await shows(/In the last 24 hours air pollution/)
    await page.waitForLoadState('networkidle')
    expect(await scriptBytes()).toBeGreaterThan(5_000)
    expect(await scriptBytes()).toBeLessThanOrEqual(60 * 1024)
  })

  it('needs at most 75 kB of script for the first sight of a street, and the chart when somebody comes near it', async () => {
    // A window as high as the sentences.
    const before = async (page: Page): Promise<void> => {
      await page.setViewportSize({ width: 360, height: 400 })
      await stands(page)
    }
    await open(street, { before })
    await page.getByText(/PM2\.5 on Ashley Road was/).waitFor()
    await page.getByText(/^PM2\.5 on Ashley Road, hour by hour/).waitFor()
    expect(await scriptBytes()).toBeLessThanOrEqual(75 * 1024)
    expect(await page.locator('.uplot').count()).toBe(0)
    await chart()
  })

  it('needs at most 90 kB of script for a street with its chart', async () => {
    await open(street, { before: stands })
    await page.getByText(/PM2\.5 on Ashley Road was/).waitFor()
    await chart()
    expect(await scriptBytes()).toBeLessThanOrEqual(90 * 1024)
  })

  it('shows a reading as soon as the hub tells of it, without a reload', async () => {
    await open(street)
    await chart()
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
        shown.hub.reading(reading)
        return page.locator('li', { hasText: '123.4' }).textContent()
      })
      .toMatch(/working.*123\.4.*just now/s)
  })

  it('asks for no series again when a beat of the hub corrects the time', async () => {
    await open(street)
    await chart()
    const asked: string[] = []
    page.on('request', (request) => void asked.push(request.url()))
    // The page listens some time after it drew itself, so the beat comes again until it was heard.
    await expect
      .poll(async () => {
        shown.hub.beat(systemClock.now() + 3 * minuteMs)
        return page.getByText('The clock of this device is 3 minutes slow').count()
      })
      .toBe(1)
    // It would be asked for in the same turn in which the time changes; what answers an empty turn answers after it.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    // The calendar below asks for days.
    expect(asked.filter((url) => url.includes('/series') && url.includes('window=hour'))).toEqual([])
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
        shown.hub.street({ streetId: 'ashley-road', latest: { pm2_5: figure } })
        return sentence()
      })
      .toMatch(/PM2\.5 on Ashley Road was 61.*High/)
  })

  it('reads values of the chart with the arrow keys, and names the chart with its sentence', async () => {
    await open(`${street}?range=24h`)
    await chart()
    const slider = page.getByRole('slider', { name: /^PM2\.5 on Ashley Road, hour by hour, .* highest/ })
    await slider.focus()
    await page.keyboard.press('Home')
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/20\d\d, \d\d:00 to \d\d:00: /)
    const first = await slider.getAttribute('aria-valuenow')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => slider.getAttribute('aria-valuenow')).not.toBe(first)
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
    await page.getByText('Download', { exact: true }).click()
    const download = await page.getByRole('link', { name: 'Single readings (CSV)' }).getAttribute('href')
    const asked = new URL(download!, shown.hub.url).searchParams
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
    await page.goto(`${shown.hub.url}${street}?range=24h`)
    await shows('Range of the middle half of the sensors')
    expect(await page.getByText('above the WHO guideline for 24 hours').count()).toBe(0)
  })

  it('shows the numbers of the chart as a table', async () => {
    await open(`${street}?range=custom&from=2026-10-01&until=2026-10-07&window=day`)
    await page.getByRole('button', { name: 'Show as table' }).click()
    await expect.poll(() => page.getByRole('table').getByRole('row').count()).toBe(8)
  })

  it('keeps all streets ticked when somebody clicks on what is ticked already', async () => {
    await open('/data')
    const all = page.getByLabel('All streets')
    await all.click()
    await expect.poll(() => all.isChecked()).toBe(true)
    await page.getByLabel('Ashley Road').click()
    await expect.poll(() => all.isChecked()).toBe(false)
    await all.click()
    await expect.poll(() => page.getByLabel('Ashley Road').isChecked()).toBe(false)
    await all.click()
    await expect.poll(() => all.isChecked()).toBe(true)
  })

  it('leads by keyboard from the skip link to a street and puts the focus on its name', async () => {
    await open('/', { width: 1280 })
    await shows(/In the last 24 hours air pollution/)
    await page.keyboard.press('Tab')
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('Skip to the content')
    await page.locator('section a', { hasText: 'Mill Lane' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Mill Lane' }).waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  })

  it('reaches each drawn street on the map, named with its level', async () => {
    await open('/', { width: 1280 })
    const map = page.getByRole('group', { name: 'Map of the streets' })
    await map.getByRole('link', { name: /^Ashley Road: Low, PM2\.5/ }).waitFor()
    // The eleventh has no data: it is drawn, and found in the list.
    await expect.poll(() => map.getByRole('link').count()).toBe(10)
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
    for (const target of targets)
      await expect.poll(() => page.locator(target).count(), { message: target }).toBe(1)
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
    shown.hub.scenario('full')
    await page.getByRole('button', { name: 'Try again' }).click()
    await chart()
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
    await dialog.getByText(`${shown.hub.url}${street}?range=30d`).waitFor()
    await dialog.getByLabel('Always the newest').check()
    await dialog.getByText(`${shown.hub.url}${street}`, { exact: true }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => dialog.isVisible()).toBe(false)
  })

  it('gives a steward the next command', async () => {
    await open('/', { scenario: 'bare' })
    await shows('npx lamppost street add "Ashley Road"')
    shown.hub.scenario('streets')
    await page.getByText('npx lamppost device add --street "Ashley Road" --outdoor').waitFor()
    await shows(/mosquitto_pub -h 127\.0\.0\.1 -p 1883 -q 1/)
  })
})
