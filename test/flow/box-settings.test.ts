/** Settings as the command prints them and the pages show them, typed into boxes of each family: they bring what these measure. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blocksOf, boxSettings, type BoxSettings } from '../../hub/hosting/box-settings.ts'
import { buildDashboardIfNeeded } from '../../cli/build-dashboard.ts'
import { esphome } from '../../firmware-sim/family/esphome.ts'
import { openSenseMapBox } from '../../firmware-sim/family/opensensemap.ts'
import { thingsboard } from '../../firmware-sim/family/thingsboard.ts'
import { other, otherMap } from '../../firmware-sim/family/other.ts'
import { firmwareOf } from '../../firmware-sim/family/families.ts'
import { FamilyConnection } from '../../firmware-sim/family/family-connection.ts'
import type { Firmware, Values } from '../../firmware-sim/family/firmware.ts'
import { zigbee2mqtt } from '../../firmware-sim/family/zigbee2mqtt.ts'
import { systemClock } from '../../model/time.ts'
import type { Credentials } from '../../registry/registry.ts'
import { launchChromium } from '../support/chromium.ts'
import { commandJson } from '../support/hub-process.ts'
import { openHubHere, type HubHere } from '../support/hub-here.ts'
import { outside } from '../support/outside.ts'

const publisher = outside('mosquitto_pub')
const browserProgram = outside('chromium')
const run = promisify(execFile)
/** That only a hang reaches. */
const patienceMs = 60_000

let here: HubHere
beforeAll(async () => {
  here = await openHubHere({ LAMPPOST_ALLOW_UNAUTHENTICATED: 'smartcitizen' })
})
afterAll(() => here.close())

describe('settings', () => {
  const used = new Set<string>()
  const values: Values = {
    ...{ pm1: 3, pm2_5: 6, pm10: 12, co2: 612, temperature: 10, humidity: 61, pressure: 1_009, laeq: 54.5 },
    ...{ surface_temperature: 9.5, tvoc_index: 101, battery: 88, battery_voltage: 2.9, rssi: -67 }
  }
  const settingsOf = (dialect: string, { deviceId, password, token }: Credentials): BoxSettings[] =>
    boxSettings(dialect, {
      host: '127.0.0.1',
      mqttPort: here.hub.mqttPort,
      httpPort: here.hub.httpPort,
      id: deviceId,
      password,
      token
    })
  const readingsOf = async (deviceId: string): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await here.readings())
        .filter(({ device }) => device === deviceId)
        .map(({ quantity, value }) => [quantity, value])
    )

  it.each<[dialect: string, blocks: string[], firmware: Firmware]>([
    ['airrohr', ['settings'], firmwareOf('airrohr')],
    ['airgradient', ['settings'], firmwareOf('airgradient')],
    ['esphome', ['air'], esphome('air')],
    ['esphome', ['damp'], esphome('damp')],
    ['esphome', ['noise'], esphome('noise')],
    ['tasmota', ['settings'], firmwareOf('tasmota')],
    ['zigbee2mqtt', ['direct'], zigbee2mqtt()],
    ['zigbee2mqtt', ['bridge'], zigbee2mqtt('bath', 'bridge')],
    ['ttn', ['settings'], firmwareOf('ttn')],
    ['homeassistant', ['statestream', 'bridge'], firmwareOf('homeassistant')],
    ['shelly', ['settings'], firmwareOf('shelly')],
    ['ecowitt', ['settings'], firmwareOf('ecowitt')],
    ['smartcitizen', ['settings'], firmwareOf('smartcitizen')],
    ['chirpstack', ['settings'], firmwareOf('chirpstack')],
    ['theengs', ['settings'], firmwareOf('theengs')],
    ['enviro', ['http'], firmwareOf('enviro')],
    ['meshtastic', ['settings'], firmwareOf('meshtastic')],
    ['senml', ['settings'], firmwareOf('senml')],
    ['thingsboard', ['mqtt'], thingsboard('mqtt')],
    ['thingsboard', ['http'], thingsboard('http')],
    ['opensensemap', ['settings'], firmwareOf('opensensemap')],
    ['other', ['http'], other('http')],
    ['other', ['mqtt'], other('mqtt')]
  ])(
    'of %s, %s, typed into a box of that family, bring what it measures',
    async (dialect, blocks, firmware) => {
      for (const block of blocks) used.add(`${dialect} ${block}`)
      const box = await here.addBox(dialect, { smartcitizen: 'aA1234', ecowitt: 'outdoor' }[dialect])
      const map = { other: otherMap, opensensemap: openSenseMapBox }[dialect]
      if (map !== undefined) {
        here.registry.setMap(box.deviceId, map)
        await here.hub.rooms.directoryTold()
      }
      const { wire, firmware: running } = firmware.set(settingsOf(dialect, box))
      const connection = new FamilyConnection(wire)
      await connection.connect()
      await connection.send(running.messages(values, systemClock.now()))
      await connection.close()
      const wanted = Object.fromEntries(
        firmware.quantities.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]))
      )
      await expect.poll(() => readingsOf(box.deviceId), { timeout: patienceMs }).toMatchObject(wanted)
    }
  )

  it.skipIf(!publisher.present)(`of lamppost, as a shell runs them (${publisher.line})`, async () => {
    for (const { name, text } of settingsOf('lamppost', await here.addBox('lamppost'))) {
      used.add(`lamppost ${name}`)
      const box = await here.addBox('lamppost')
      const own = settingsOf('lamppost', box).find((block) => block.name === name)!
      expect(own.text).not.toBe(text)
      await run('sh', ['-c', own.text])
      expect(await readingsOf(box.deviceId)).toEqual({ pm2_5: 8.1 })
    }
  })

  it("of Home Assistant's automation, as its rest_command fills and posts them", async () => {
    used.add('homeassistant automation')
    const box = await here.addBox('lamppost')
    const { text } = settingsOf('homeassistant', box).find(({ name }) => name === 'automation')!
    const setting = (name: string): string => new RegExp(`^ +${name}: '?([^'\n]*?)'?$`, 'm').exec(text)![1]!
    const body = setting('payload')
      .replace('{{ at }}', '2026-11-22T10:00:00.123456+00:00')
      .replace('{{ temperature }}', '20.5')
    const login = Buffer.from(`${setting('username')}:${setting('password')}`).toString('base64')
    const response = await fetch(setting('url'), {
      method: 'POST',
      body,
      headers: { authorization: `Basic ${login}`, 'content-type': setting('content_type') }
    })
    expect(response.status).toBe(200)
    expect(await readingsOf(box.deviceId)).toEqual({ temperature: 20.5 })
  })

  it('on every page are among those', () => {
    const pages = join(import.meta.dirname, '../../docs/devices')
    const written = readdirSync(pages).flatMap((file) =>
      blocksOf(readFileSync(join(pages, file), 'utf8'), {
        ...{ host: 'x', mqttPort: 1, httpPort: 1, id: 'x', password: 'x', token: 'x' }
      }).map(({ name }) => `${basename(file, '.md')} ${name}`)
    )
    expect(written.filter((one) => !used.has(one))).toEqual([])
  })
})

describe.skipIf(!browserProgram.present)(`a street's page (${browserProgram.line})`, () => {
  it.each<[dialect: string, values: Values, shown: string]>([
    ['airrohr', { pm2_5: 21.5, pm10: 30, temperature: 9 }, '21.5'],
    ['airgradient', { pm2_5: 22, pm10: 31, temperature: 9 }, '22'],
    ['tasmota', { pm2_5: 23.5, pm10: 32, temperature: 9 }, '23.5'],
    ['zigbee2mqtt', { pm2_5: 24, temperature: 9 }, '24']
  ])(
    'shows what a box of %s says, with the settings exactly as "device add" printed them',
    async (dialect, values, shown) => {
      await buildDashboardIfNeeded(() => undefined)
      here.registry.addStreet({ name: `${dialect} Road` })
      const browser = await launchChromium(browserProgram.path)
      try {
        const page = await browser.newPage()
        await page.goto(`${here.url}/streets/${dialect}-road`)
        await page.getByRole('heading', { name: `${dialect} Road` }).waitFor()
        const where = ['--street', `${dialect} Road`, '--outdoor', '--dialect', dialect]
        const added = await commandJson<{ settings: BoxSettings[] }>([
          'device',
          'add',
          ...where,
          '--data',
          here.dataDir
        ])
        const { wire, firmware } = firmwareOf(dialect).set(added.settings)
        const connection = new FamilyConnection(wire)
        await connection.connect()
        await connection.send(firmware.messages(values, systemClock.now()))
        await page.getByText(shown).first().waitFor({ timeout: patienceMs })
        await connection.close()
      } finally {
        await browser.close()
      }
    }
  )
})
