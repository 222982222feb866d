/** A calibration party in the page, on a phone: from the start to corrections that are signed off, with the box that is broken told as such. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CalibrationDetail } from '../../contract/desk/calibrations.ts'
import { sticksOutOf, violationsOf } from '../support/axe.ts'
import { airAt, fiveMinutes, lineOf, seenBy, tenBesideReference } from '../support/calibration-party.ts'
import { launchChromium } from '../support/chromium.ts'
import { hostAt, type Host } from '../support/hub-host.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'
import { signUpPassword } from '../support/sign-up.ts'

const tool = outside('chromium')

describe.skipIf(!tool.present)(`a calibration party (${tool.line})`, () => {
  const hub = oneHub({ LAMPPOST_TIMEZONE: 'UTC' })
  let browser: Browser
  let carla: Host
  let dayAgo: number

  beforeAll(async () => {
    await hub.json('street', 'add', 'Ashley Road')
    carla = await hostAt(hub, 'Carla', 'steward')
    ;({ dayAgo } = await tenBesideReference(hub))
    browser = await launchChromium(tool.path)
  })
  afterAll(() => browser?.close())

  it('is started, finished and signed off', async () => {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      timezoneId: 'UTC',
      bypassCSP: true
    })
    const page = await context.newPage()
    const button = (name: string | RegExp) => page.getByRole('button', { name })
    await page.goto(`${hub.url}/sign-in?then=/steward/calibrations`)
    await page.getByLabel('User name').fill('Carla')
    await page.getByLabel('Password', { exact: true }).fill(signUpPassword)
    await button('Sign in').click()

    const reference = page.getByLabel('Reference', { exact: true })
    await reference.locator('option', { hasText: 'Reference' }).waitFor({ state: 'attached' })
    const [option] = await reference.locator('option', { hasText: 'Reference' }).all()
    await reference.selectOption(await option!.getAttribute('value'))
    for (let i = 0; i < 10; i++) await page.getByLabel(`Box ${i},`).check()
    await page.getByLabel('They have stood there since').fill(new Date(dayAgo).toISOString().slice(0, 16))
    await button('Start now').click()

    // Its own page opens; readings that are still being stored come with another look.
    await page.getByRole('heading', { name: /Reference: runs/ }).waitFor()
    const path = `/steward/calibrations/${page.url().split('/').at(-1)!}`
    const fits = async () => (await carla.json<CalibrationDetail>('GET', path)).fits
    await expect
      .poll(async () => (await fits()).every(({ n }) => n === 288), { timeout: 60_000, interval: 500 })
      .toBe(true)
    await button(/^Finish/).click()
    await page.getByRole('heading', { name: /waits to be signed off/ }).waitFor()

    const entries = page.getByRole('listitem').filter({ hasText: /^Box \d/ })
    const air = fiveMinutes(airAt)
    for (let i = 0; i < 10; i++) {
      const text = await entries.filter({ hasText: `Box ${i}` }).innerText()
      if (i === 9) {
        expect(text).toContain('does not follow the reference: probably broken')
        expect(text).not.toContain('Correct it')
        continue
      }
      const { slope, intercept } = lineOf(air, fiveMinutes(seenBy(i)))
      const [, shownSlope, shownIntercept] = /Slope\s+(\S+)\s+Offset\s+(\S+)/.exec(text)!
      expect(Number(shownSlope)).toBeCloseTo(slope, 1)
      expect(Number(shownIntercept!.replace('−', '-'))).toBeCloseTo(intercept, 1)
    }
    expect(await violationsOf(page)).toEqual([])
    expect(await sticksOutOf(page)).toEqual([])

    const suggested = Date.parse(await page.getByLabel('Corrections end on').inputValue())
    expect((suggested - Date.now()) / 86_400_000).toBeGreaterThan(180)
    expect((suggested - Date.now()) / 86_400_000).toBeLessThan(185)
    await button('Sign off 9 sensors').click()
    await page.getByText('Signed off by Carla.').waitFor()
    await page.goto(`${hub.url}/steward/calibrations`)
    await page.getByRole('heading', { name: 'Corrections in use' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: /End it now/ }).count()).toBe(9)
  })
})
