/**
 * A resident's whole way in a real browser, at a phone's size, on plain http at a name that is not localhost and on https with a
 * certificate of the hub's own: invited, signed up, a sensor added, its first reading, the page of the home, the diary with a
 * photo, consent given and taken back, everything erased.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { influxAnswers } from '../support/every-answer.ts'
import { testStore } from '../support/hub-process.ts'
import { foundByDuckDb, foundInFiles } from '../support/planted.ts'
import { unzip } from '../support/unzip.ts'
import { sticksOutOf, violationsOf } from '../support/axe.ts'
import { makeCertificate } from '../support/certificate.ts'
import { launchChromium } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { oneHub } from '../support/one-hub.ts'
import { outside } from '../support/outside.ts'

const tool = outside('chromium')
const openssl = outside('openssl')
const hubName = 'hub.street.example'
const password = 'kettle bicycle lantern'

/** A value and names that are nowhere else: looked for in every file once they are erased. */
const planted = 71.828182
const [name, room] = ['Zqxanna', 'Zqxroom <b>north</b>']

/** As the firmware sends it, ids made up. */
const payload = {
  esp8266id: '12345678',
  software_version: 'NRZ-2024-135',
  sensordatavalues: [
    { value_type: 'BME280_temperature', value: '17.20' },
    { value_type: 'BME280_humidity', value: String(planted) },
    { value_type: 'BME280_pressure', value: '100920.00' }
  ]
}

/** A certificate and a free port for it; nothing where the way is plain. */
async function secured(scheme: 'http' | 'https', folder: string): Promise<Record<string, string>> {
  if (scheme === 'http') return {}
  const { cert, key } = makeCertificate(openssl.path, folder, hubName)
  return { LAMPPOST_TLS_CERT: cert, LAMPPOST_TLS_KEY: key, LAMPPOST_HTTPS_PORT: String(await freePort()) }
}

const folder = mkdtempSync(join(tmpdir(), 'lamppost-way-'))
afterAll(() => rmSync(folder, { recursive: true }))
const ways = [
  { scheme: 'http', env: await secured('http', folder) },
  { scheme: 'https', env: openssl.present ? await secured('https', folder) : {} }
] as const

describe.skipIf(!tool.present || !openssl.present).each(ways)(
  `a resident's way on $scheme (${tool.line}, ${openssl.line})`,
  ({ scheme, env }) => {
    const hub = oneHub({ LAMPPOST_NAMES: hubName, ...env })
    let browser: Browser
    let page: Page
    const complaints: string[] = []

    beforeAll(async () => {
      browser = await launchChromium(tool.path, `--host-resolver-rules=MAP ${hubName} 127.0.0.1`)
    })
    afterAll(() => browser?.close())

    const address = (path: string): string =>
      `${scheme}://${hubName}:${env.LAMPPOST_HTTPS_PORT ?? hub.process.httpPort}${path}`

    async function visit(path: string): Promise<Page> {
      const context = await browser.newContext({
        viewport: { width: 360, height: 740 },
        hasTouch: true,
        reducedMotion: 'reduce',
        // Nobody in the browser's list has signed it.
        ignoreHTTPSErrors: scheme === 'https',
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
      expect(await violationsOf(page), what).toEqual([])
      expect(await sticksOutOf(page), `${what} is wider than the phone`).toEqual([])
    }

    /** Clicks for the copy, which is the same as the operator's; gives the ids that stand in it. */
    async function takenAway(personId: string): Promise<string[]> {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download everything of mine' }).click()
      ])
      const own = unzip(readFileSync(await download.path()))
      const file = join(hub.path, 'person.zip')
      await hub.json('person', 'export', personId, '-o', file)
      const operators = unzip(readFileSync(file))
      expect([...own.keys()]).toEqual([...operators.keys()])
      for (const [part, bytes] of own)
        if (/^(readings|hours|days)\//.test(part)) expect(bytes, part).toEqual(operators.get(part))
      const record = own.get('person.json')!.toString()
      expect(record).toContain(JSON.stringify(room).slice(1, -1))
      expect([...own.values()].join('')).toContain(String(planted))
      const ids = new Set(record.match(/\b[ds]-[0-9a-z]{8,}\b/g))
      expect(ids.size).toBe(2)
      return [personId, ...ids]
    }

    /** A phone's photo, which is larger than what is kept and says where it was taken. */
    async function writeDiary(): Promise<void> {
      await button('Write something down').click()
      await page.getByRole('radio', { name: 'I saw mould' }).check()
      await page.getByLabel('What do you want to remember?').fill('Zqxspots <i>behind</i> the bed')
      const photo = await sharp({
        create: { width: 2_400, height: 1_800, channels: 3, background: '#7a6a4c' }
      })
        .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' } })
        .jpeg()
        .toBuffer()
      await page
        .getByLabel('A photo')
        .setInputFiles({ name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer: photo })
      await passes('writing into the diary')
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      await page.getByText('Zqxspots <i>behind</i> the bed').waitFor()
      const shown = page.getByRole('img', { name: /Photo: Mould seen/ })
      await shown.scrollIntoViewIfNeeded()
      await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1_600)
      await passes('the diary')
    }

    async function measureCorner(): Promise<void> {
      await button('Find your coldest corner').click()
      await passes('whether it is cold enough')
      await button('Next').click()
      await passes('where to feel')
      await button('Next').click()
      await page.getByLabel('What does the thermometer show').fill('11,0')
      // There is no outdoor sensor on this street.
      await page.getByLabel('Temperature outdoors').fill('14')
      await button('Save the measurement').click()
      await page.getByText('at least 10 °C warmer than outdoors').waitFor()
      await page.getByLabel('Temperature outdoors').fill('2')
      await button('Save the measurement').click()
      // (11 − 2) / (17.2 − 2), cut to whole per cent.
      await page.getByText('59% of the warmth of the room reaches this corner').waitFor()
      await passes('what the corner says')
      await page.getByRole('dialog').getByText('Close', { exact: true }).click()
      await page.getByText('59% of the warmth reaches the corner').waitFor()
    }

    const leftIn = (ids: readonly string[]): string[] =>
      foundInFiles(hub.dataDir, { words: [name, 'Zqxroom', 'Zqxspots', ...ids], value: planted })

    const button = (name: string | RegExp) => page.getByRole('button', { name })

    it('goes from an invitation to a first reading, and out again with nothing left', async () => {
      await hub.json('street', 'add', 'Ashley Road')
      const stewardCode = /invitation\/([A-Z0-9-]+)/.exec(hub.process.output())![1]!
      await signUp(stewardCode, 'Carla')
      await page.getByRole('link', { name: 'Steward' }).waitFor()

      const { personId } = await hub.json<{ personId: string }>('person', 'add', name)
      const { code } = await hub.json<{ code: string }>('person', 'invite', personId)
      await signUp(code, name)
      await page.getByText('You have no sensor here yet.').waitFor()
      expect(await page.evaluate(() => isSecureContext)).toBe(scheme === 'https')
      await passes('a home without a sensor')

      await page.getByRole('link', { name: 'Add a sensor' }).click()
      await page.getByRole('radio', { name: /airRohr/ }).check()
      await passes('what kind')
      await button('Next').click()
      await page.getByRole('radio', { name: /Indoors/ }).check()
      await page.getByLabel('Which room?').fill(room)
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
      await page.getByText('17.2 °C and 72% humidity').waitFor()
      await page.getByText(room).first().waitFor()
      await passes('the home')
      await page.getByText('Where I am signed in').click()
      await page.getByText('This is where you are now.').waitFor()
      await writeDiary()
      await measureCorner()

      await button('Agree: Count my home into the street’s figures').click()
      await button('Take back: Count my home into the street’s figures').click()
      await button('Agree: Count my home into the street’s figures').waitFor()
      await page.getByRole('link', { name: /See what the public sees/ }).click()
      await page.getByRole('heading', { name: 'Ashley Road' }).waitFor()
      expect(await page.content()).not.toContain('Zqxroom')
      await page.goBack()

      const ids = await takenAway(personId)
      expect(leftIn(ids)).not.toEqual([])
      await button('Erase everything of mine').click()
      await page.getByText('3 readings and 1 sensor would be gone for good').waitFor()
      await passes('before erasing')
      await page.getByLabel('Type ERASE to confirm').fill('ERASE')
      await button('Erase it for good').click()
      await page.getByRole('heading', { name: 'It is erased' }).waitFor()
      // As much as was shown before.
      await page.getByText('3 readings, 1 place and 1 sensor are gone').waitFor()
      await passes('erased')
      expect(leftIn(ids)).toEqual([])
      if (testStore === 'duckdb')
        expect(await foundByDuckDb(hub.dataDir, { words: ids, value: planted })).toEqual([])
      expect(await influxAnswers(hub.dataDir, ids)).toEqual([])

      await page.goto(address('/home'))
      await page.getByText('Sign in to see your own sensors').waitFor()
      expect((await hub.run('person', 'list')).stdout).not.toContain(name)
      expect((await hub.run('device', 'list')).stdout).toContain('No sensors yet')
      expect(await (await post(JSON.stringify(payload))).text()).not.toBe('')
      expect(complaints).toEqual([])
    })
  }
)
