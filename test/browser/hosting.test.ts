/**
 * A resident's whole way in a real browser, at a phone's size, on plain http at a name that is not localhost: invited, signed
 * up, a sensor added, its first reading, the page of the home, consent given and taken back, everything erased.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumArguments } from '../support/chromium.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'

const tool = outside('chromium')
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const password = 'kettle bicycle lantern'

/** As the firmware sends it, ids made up. */
const payload = {
  esp8266id: '12345678',
  software_version: 'NRZ-2024-135',
  sensordatavalues: [
    { value_type: 'BME280_temperature', value: '17.20' },
    { value_type: 'BME280_humidity', value: '71.40' },
    { value_type: 'BME280_pressure', value: '100920.00' }
  ]
}

describe.skipIf(!tool.present)(`a resident's way (${tool.line})`, () => {
  const hub = oneHub({ LAMPPOST_NAMES: 'hub.street.example' })
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: tool.path,
      args: [...chromiumArguments, '--host-resolver-rules=MAP hub.street.example 127.0.0.1']
    })
  })
  afterAll(() => browser?.close())

  const address = (path: string): string => `http://hub.street.example:${hub.process.httpPort}${path}`

  async function visit(path: string): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      reducedMotion: 'reduce',
      // axe is put into the page, which the hub's own policy forbids.
      bypassCSP: true
    })
    page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(address(path))
    return page
  }

  async function signUp(code: string, name: string): Promise<void> {
    await visit(`/invitation/${code}`)
    await page.getByLabel('Your name').fill(name)
    await page.getByLabel('User name').fill(name)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await passes('the invitation')
    await page.getByRole('button', { name: 'Create my account' }).click()
  }

  async function passes(what: string): Promise<void> {
    await page.evaluate(axeSource)
    const violations = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> }
      }
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`)
    })
    expect(violations, what).toEqual([])
    const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    expect(isWider, `${what} is wider than the phone`).toBe(false)
  }

  const button = (name: string | RegExp) => page.getByRole('button', { name })

  it('goes from an invitation to a first reading, and out again with nothing left', async () => {
    await hub.json('street', 'add', 'Ashley Road')
    const stewardCode = /invitation\/([A-Z0-9-]+)/.exec(hub.process.output())![1]!
    await signUp(stewardCode, 'Carla')
    await page.getByRole('link', { name: 'Steward' }).waitFor()

    const { personId } = await hub.json<{ personId: string }>('person', 'add', 'Anna')
    const { code } = await hub.json<{ code: string }>('person', 'invite', personId)
    await signUp(code, 'Anna')
    await page.getByText('You have no sensor here yet.').waitFor()
    expect(await page.evaluate(() => isSecureContext)).toBe(false)
    await passes('a home without a sensor')

    await page.getByRole('link', { name: 'Add a sensor' }).click()
    await page.getByRole('radio', { name: /airRohr/ }).check()
    await passes('what kind')
    await button('Next').click()
    await page.getByRole('radio', { name: /Indoors/ }).check()
    await page.getByLabel('Which room?').fill('Bedroom <b>north</b>')
    await passes('where it is')
    await button('Make its settings').click()
    await page.getByText('Show a QR code').click()
    await page.getByRole('img', { name: /QR code/ }).waitFor()
    await passes('its settings')
    const pushUrl = (await page.locator('code', { hasText: '/push/airrohr/' }).last().textContent())!
    await button('I typed them in').click()
    await page.getByText('Waiting for the first reading').waitFor()
    await passes('waiting')

    const post = (body: string): Promise<Response> =>
      fetch(`${hub.url}${new URL(pushUrl).pathname}`, { method: 'POST', body })
    await post('{"temperature":')
    await page.getByText('Something arrived, but not what was expected').waitFor()
    expect((await post(JSON.stringify(payload))).status).toBeLessThan(300)
    await page.getByRole('heading', { name: 'It works' }).waitFor()
    await passes('it works')

    await page.getByRole('link', { name: 'Go to my home' }).click()
    await page.getByText('It works.').waitFor()
    await page.getByText('17.2 °C and 71% humidity').waitFor()
    await page.getByText('Bedroom <b>north</b>').first().waitFor()
    await passes('the home')

    await button('Agree: Count my home into the street’s figures').click()
    await button('Take back: Count my home into the street’s figures').click()
    await button('Agree: Count my home into the street’s figures').waitFor()
    await page.getByRole('link', { name: /See what the public sees/ }).click()
    await page.getByRole('heading', { name: 'Ashley Road' }).waitFor()
    expect(await page.content()).not.toContain('Bedroom')
    await page.goBack()

    await button('Erase everything of mine').click()
    await page.getByText('3 readings and 1 sensor would be gone for good').waitFor()
    await passes('before erasing')
    await page.getByLabel('Type ERASE to confirm').fill('ERASE')
    await button('Erase it for good').click()
    await page.getByRole('heading', { name: 'It is erased' }).waitFor()
    await passes('erased')

    await page.goto(address('/home'))
    await page.getByText('Sign in to see your own sensors').waitFor()
    expect((await hub.run('person', 'list')).stdout).not.toContain('Anna')
    expect((await hub.run('device', 'list')).stdout).toContain('No sensors yet')
    expect(await (await post(JSON.stringify(payload))).text()).not.toBe('')
    expect(complaints).toEqual([])
  })
})
