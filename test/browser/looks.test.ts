/** Every public page and odd state of it, by the rules of axe in both themes, and within the width of a phone. */
import { describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { sticksOutOf, violationsOf } from '../support/axe.ts'
import type { Scenario } from '../support/fixture-api.ts'
import { outside } from '../support/outside.ts'
import { ShownPages } from '../support/shown-pages.ts'

const tool = outside('chromium')

describe.skipIf(!tool.present)(`the looks of the dashboard (${tool.line})`, () => {
  const shown = new ShownPages(tool.path)

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
    ['/data?format=jsonl', 'full', 'Have the file made'],
    [
      '/data?order=e-1',
      'full',
      'The file is ready: 1,234,567 rows, 247 MB. It stays here until 30 Nov 2026.'
    ],
    ['/data?order=e-making', 'full', 'The file is being made: 247 MB so far.'],
    ['/data?order=e-failed', 'full', 'The file could not be made. The disk of the hub is full.'],
    ['/data?from=2026-11-20&until=2026-11-01', 'full', 'The last day is before the first.'],
    ['/methods', 'full', 'What we never show'],
    ['/methods', 'down', 'What we never show'],
    ['/privacy', 'full', 'Mill Quarter Residents’ Association'],
    ['/privacy', 'bare', /has not written their name here yet/],
    ['/privacy', 'down', 'The hub did not answer.']
  ]

  it.each(looks)('%s (%s) breaks no rule that axe knows, in light or dark', async (path, scenario, ready) => {
    const page = await shown.open(path, { scenario })
    await shown.shows(ready)
    await expect.poll(() => page.locator('.near > .skeleton').count()).toBe(0)
    if (path === '/methods') await page.locator('#never').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await violationsOf(page, ['color-contrast'])).toEqual([])
    expect(await sticksOutOf(page), 'nothing sticks out of a 360 px phone').toEqual([])
  })

  /** As long as a name may be, without a place to break it. */
  const long = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch'.padEnd(100, 'och')
  async function longNames(page: Page): Promise<void> {
    await page.route(/\/api\/v1\/(hub|streets)/, async (route) => {
      const answer = await route.fetch()
      const text = (await answer.text()).replace(/"name":"[^"]*"/g, `"name":"${long}"`)
      await route.fulfill({ response: answer, body: text })
    })
  }

  it.each([
    ['/', 'Streets'],
    [street, 'About this sensor'],
    [`${street}/poster`, 'Scan for live figures'],
    ['/compare', 'Before and after'],
    ['/data', 'All streets'],
    ['/privacy', 'What everybody can see']
  ])('%s with names of a hundred letters fits a phone', async (path, ready) => {
    const page = await shown.open(path, { before: longNames })
    await shown.shows(ready)
    await expect.poll(() => sticksOutOf(page)).toEqual([])
  })
})
