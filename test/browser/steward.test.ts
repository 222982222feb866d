/**
 * A steward's week in a real browser at a phone's size: what needs hands is found from the first page within two clicks and
 * seen to there; the desk is handed over, and the former steward's page ends with it.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sticksOutOf, violationsOf } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { addDevice, publishOnce, type AddedDevice } from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'

const tool = outside('chromium')
const password = 'kettle bicycle lantern'

describe.skipIf(!tool.present)(`a steward's week (${tool.line})`, () => {
  const hub = oneHub()
  let browser: Browser
  let page: Page
  let railings: AddedDevice
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launchChromium(tool.path)
    await hub.json('street', 'add', 'Ashly Road')
    railings = await addDevice(hub.dataDir, 'ashly-road', '--name', '<b>Railings</b>')
    await publishOnce(hub, railings, '{"humidity":171.5}')
    const bedroom = await addDevice(
      hub.dataDir,
      'ashly-road',
      '--indoor',
      '--home',
      'n-4',
      '--name',
      'Bedroom'
    )
    await publishOnce(hub, bedroom, '{"temperature":140.625}')
    await hub.json('person', 'add', '=Dora', '--home', 'n-5')
  })
  afterAll(() => browser?.close())

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const link = (name: string | RegExp) => page.getByRole('link', { name })
  const tab = (name: string) => page.getByRole('navigation', { name: 'The desk' }).getByRole('link', { name })

  async function signUp(code: string, userName: string): Promise<void> {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      reducedMotion: 'reduce',
      // axe is put into the page, which the hub's own policy forbids.
      bypassCSP: true
    })
    page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${hub.url}/invitation/${code}`)
    await page.getByLabel('Your name').fill(userName)
    await page.getByLabel('User name').fill(userName)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await button('Create my account').click()
    await link('My home').waitFor()
  }

  async function passes(what: string): Promise<void> {
    expect(await violationsOf(page), what).toEqual([])
    expect(await sticksOutOf(page), `${what} is wider than the phone`).toEqual([])
  }

  it('finds what needs hands within two clicks, and hands the desk over', async () => {
    const code = /invitation\/([A-Z0-9-]+)/.exec(hub.process.output())![1]!
    const visitor = await browser.newContext({ viewport: { width: 360, height: 740 }, bypassCSP: true })
    page = await visitor.newPage()
    await page.goto(`${hub.url}/ask?street=Ashly%20Road`)
    await page.getByLabel('Your name').fill('Eve')
    await page.getByLabel('How to write to you').fill('eve@example.org')
    await page.getByLabel('You may write to me').check()
    await passes('asking to host a sensor')
    await button('Send').click()
    await page.getByText('it has arrived').waitFor()

    await signUp(code, 'Carla')
    await link('Steward').click()

    // Ill boxes stand on the first page with what to do; one click leads to the box, its problems and its settings.
    await page.getByText('2 sensors need you').waitFor()
    await page.getByText('No backup was ever made').waitFor()
    await passes('what there is to do')
    expect(await page.locator('body').innerText()).not.toContain('140.625')
    await link(/Railings/).click()
    await page.getByText('Problems (1)').click()
    await page.getByText(/humidity 171\.5/).waitFor()
    await passes('a box')
    await button(/Look after it/).click()
    await button('Make new settings').click()
    await page.getByText('lp1_').first().waitFor()
    await passes('new settings')
    await page.keyboard.press('Escape')

    // Of the bedroom only that something is the matter.
    await page.getByLabel('Find').fill('bedroom')
    await page.getByText('Problems (1)').click()
    await page.getByText(/cannot be/).waitFor()
    expect(await page.locator('body').innerText()).not.toContain('140.625')

    // A street whose name is wrong.
    await tab('Streets').click()
    await button('Change: Ashly Road').click()
    await page.getByLabel('Rename').fill('Ashley Road')
    await button('Save').first().click()
    await link('Ashley Road').waitFor()
    await button('Change: Ashley Road').click()
    await page.getByLabel('Draw its line').fill('51.4617, -2.5873\nnowhere')
    await page.getByText('Line 2 is no point').waitFor()
    await page.getByLabel('Draw its line').fill('51.4617, -2.5873\n51.4620, -2.5790')
    await passes('a street')
    await page.getByRole('dialog').locator('form').nth(1).getByRole('button').click()
    await page.getByText('not on the map').waitFor({ state: 'detached' })

    // Roadworks are noted, for whoever wonders about the numbers.
    await page.getByLabel('Street', { exact: true }).selectOption({ label: 'Ashley Road' })
    await page.getByLabel('What happened').fill('Roadworks')
    await page.getByLabel('From', { exact: true }).fill('2026-11-03')
    await button('Add the note').click()
    await page.getByText('Ashley Road: Roadworks, since 3 Nov 2026').waitFor()
    await passes('streets')

    // Somebody asked to host a sensor.
    await tab('To do').click()
    await page.getByText('1 person asks to host a sensor').waitFor()
    await link('Read').click()
    await page.getByText('eve@example.org').waitFor()
    await button('Answered: remove it').click()
    await page.getByText('Nobody asks at the moment.').waitFor()

    // Somebody is invited, with a link, a code and a picture.
    await tab('People').click()
    await button('Change: =Dora').click()
    await button('Invite as host').click()
    await page.getByRole('img', { name: 'QR code of the link' }).waitFor()
    await passes('an invitation')
    const shown = await page
      .locator('code', { hasText: /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/ })
      .textContent()

    await tab('Calibration').click()
    await page.getByText('There was no calibration yet.').waitFor()
    await passes('calibrations')
    await tab('The hub').click()
    await page.getByText('Free on the disk').waitFor()
    await passes('the hub')
    expect(await button('Make a backup now').count()).toBe(0)

    const carla = page
    await signUp(shown!, 'Dora')
    await page.goto(`${hub.url}/steward/people`)
    await page.getByText('This page is for the stewards').waitFor()
    const dora = page

    page = carla
    await tab('People').click()
    await button('Hand over…').click()
    await page.getByLabel('To whom?').selectOption({ label: 'Dora' })
    await page.getByLabel('Type HAND OVER to confirm').fill('HAND OVER')
    await passes('handing over')
    await page.getByRole('dialog').getByRole('button', { name: 'Hand the desk over' }).click()
    await page.getByText('This page is for the stewards').waitFor()

    page = dora
    await page.reload()
    await page.getByText('Open invitations').waitFor()
    expect(complaints).toEqual([])
  })
})
