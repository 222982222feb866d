/**
 * Every page and dialog of the stewards' desk, at the size of a phone and of a desktop, light and dark: axe finds nothing, and
 * nothing sticks out, with names as people type them. LAMPPOST_TEST_SCREENSHOTS names a folder for pictures to look at.
 */
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Calibration } from '../../contract/desk/calibrations.ts'
import { sticksOutOf, violationsOf } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { hostAt, type Host } from '../support/hub-host.ts'
import { addDevice, publishOnce, type AddedDevice } from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'
import { signUpPassword } from '../support/sign-up.ts'

const tool = outside('chromium')
const pictures = process.env['LAMPPOST_TEST_SCREENSHOTS']
const minuteMs = 60_000

/** As long as a name may be, without a place to break it. */
const long = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch'.padEnd(100, 'och')

const sizes = [
  { name: 'phone', viewport: { width: 360, height: 740 } },
  { name: 'desktop', viewport: { width: 1280, height: 800 } }
] as const

describe.skipIf(!tool.present)(`the looks of the desk (${tool.line})`, () => {
  const hub = oneHub()
  let browser: Browser
  let carla: Host
  let finished: string
  const pages = new Map<string, Page>()

  beforeAll(async () => {
    browser = await launchChromium(tool.path)
    for (const street of ['Ashley Road', '<script>alert(1)</script>', '=1+1', long])
      await hub.json('street', 'add', street)
    carla = await hostAt(hub, 'Carla', 'steward')
    await hostAt(hub, 'Dora')
    await ask('POST', '/steward/people', { name: '=HYPERLINK("http://example.org")' })
    await ask('POST', '/steward/people', { name: long })
    const bedroom = ['--indoor', '--home', 'n-4', '--name', 'Bedroom']
    await publishOnce(hub, await addDevice(hub.dataDir, 'ashley-road', ...bedroom), '{"temperature":140.625}')
    const railings = await addDevice(hub.dataDir, 'ashley-road', '--name', '<b>Railings</b>')
    await publishOnce(hub, railings, '{"humidity":171.5,"battery":3}')
    await publishOnce(hub, await addDevice(hub.dataDir, long, '--name', long), '{"pm2_5":"8,5"}')
    for (const name of ['Eve', '=Finn <i>'])
      await fetch(`${hub.url}/api/v1/requests`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, contact: `${name}@example.org`, street: 'Ashley Road', mayWrite: true })
      })
    await ask('POST', '/steward/annotations', {
      street: 'ashley-road',
      from: '2026-11-03',
      text: '=Roadworks'
    })
    finished = await calibration()
    for (const { name, viewport } of sizes) pages.set(name, await signedIn(viewport))
  })
  afterAll(() => browser?.close())

  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await carla.ask(method, path, body)
    expect(answer.status, path).toBe(200)
    return (await answer.json()) as T
  }

  /** Three boxes beside a reference for six hours, one of them broken: finished, and not signed off. */
  async function calibration(): Promise<string> {
    const from = Math.floor(Date.now() / minuteMs) * minuteMs - 360 * minuteMs
    const since = ['--interval', '60', '--from', new Date(from - minuteMs).toISOString()]
    const boxes: AddedDevice[] = []
    for (const name of ['Reference', 'Rail 1', 'Rail 2', 'Rail 3'])
      boxes.push(await addDevice(hub.dataDir, 'Ashley Road', '--name', name, ...since))
    for (const [i, box] of boxes.entries()) {
      const values = Array.from({ length: 360 }, (_, minute) => {
        const air = 12 + 8 * Math.sin(minute / 30)
        return { at: from + minute * minuteMs, pm2_5: i === 3 ? 10 + (minute % 7) : air * (1 + i / 5) + i }
      })
      await publishOnce(hub, box, JSON.stringify(values))
    }
    const [reference, ...beside] = boxes
    const { calibrationId } = await ask<Calibration>('POST', '/steward/calibrations', {
      referenceSiteId: reference!.siteId,
      deviceIds: beside.map(({ deviceId }) => deviceId),
      quantity: 'pm2_5',
      from: new Date(from).toISOString()
    })
    await ask('POST', `/steward/calibrations/${calibrationId}/finish`)
    return calibrationId
  }

  async function signedIn(viewport: { width: number; height: number }): Promise<Page> {
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce', bypassCSP: true })
    const page = await context.newPage()
    await page.goto(`${hub.url}/sign-in?then=/steward`)
    await page.getByLabel('User name').fill('Carla')
    await page.getByLabel('Password', { exact: true }).fill(signUpPassword)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('navigation', { name: 'The desk' }).waitFor()
    return page
  }

  const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
  const looks: [
    what: string,
    path: () => string,
    ready: string | RegExp,
    act?: (page: Page) => Promise<void>
  ][] = [
    ['to-do', () => '/steward', /sensors? needs? you/],
    ['sensors', () => '/steward/sensors', 'Only those that need me'],
    ['a sensor', () => '/steward/sensors?find=railings', 'Problems (1)', button(/Look after it/)],
    [
      'a new sensor',
      () => '/steward/sensors',
      'Only those that need me',
      (page) => page.getByText('Add a sensor').first().click()
    ],
    ['people', () => '/steward/people', 'Open invitations'],
    ['a person', () => '/steward/people', 'Open invitations', button(/^Change: =/)],
    ['handing over', () => '/steward/people', 'Open invitations', button('Hand over…')],
    ['streets', () => '/steward/streets', 'Notes on streets'],
    ['a street', () => '/steward/streets', 'Notes on streets', button('Change: Ashley Road')],
    ['calibrations', () => '/steward/calibrations', 'Start a calibration'],
    ['a calibration', () => `/steward/calibrations/${finished}`, 'does not follow the reference'],
    ['the hub', () => '/steward/hub', 'Free on the disk']
  ]

  describe.each(sizes)('$name', ({ name }) => {
    it.each(looks)('%s', async (what, path, ready, act) => {
      const page = pages.get(name)!
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(`${hub.url}${path()}`)
      await page.getByText(ready).first().waitFor()
      await act?.(page)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        if (pictures !== undefined)
          await page.screenshot({
            path: join(pictures, `${what.replaceAll(' ', '-')}-${name}-${colorScheme}.png`),
            fullPage: true
          })
        expect(await violationsOf(page), colorScheme).toEqual([])
      }
      expect(await sticksOutOf(page)).toEqual([])
      expect(await page.locator('body').innerText()).not.toContain('140.625')
    })
  })
})
