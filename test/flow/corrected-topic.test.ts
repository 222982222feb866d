/** A street's corrected value over MQTT, as Debian's mosquitto_sub receives it from a running hub without a user name. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hourMs, hourStart, systemClock, type UnixMs } from '../../model/time.ts'
import {
  addDevice,
  addStreetAndDevice,
  command,
  commandJson,
  startHubProcess,
  temporaryFolder,
  type AddedDevice,
  type HubProcess
} from '../support/hub-process.ts'
import { outside } from '../support/outside.ts'

const mosquitto_sub = outside('mosquitto_sub')
const folder = temporaryFolder()
const data = ['--data', join(folder.path, 'data')]
const hours = 30

describe.skipIf(!mosquitto_sub.present)(`streets/… with mosquitto_sub (${mosquitto_sub.line})`, () => {
  let hub: HubProcess
  const boxes: AddedDevice[] = []

  beforeAll(async () => {
    hub = await startHubProcess(data[1]!, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    boxes.push(await addStreetAndDevice(data[1]!, 'Ashley Road'))
    for (const name of ['two', 'three']) boxes.push(await addDevice(data[1]!, 'Ashley Road', '--name', name))
    const from = (hourStart(systemClock.now()) - hours * hourMs) as UnixMs
    for (const [i, { deviceId }] of boxes.entries()) await bring(deviceId, from, 20 + 10 * i)
  })

  afterAll(async () => {
    await hub.stop()
    folder.remove()
  })

  /** The box shows `value` through all of the hours. */
  async function bring(deviceId: string, from: UnixMs, value: number): Promise<void> {
    const map = join(folder.path, 'map.json')
    const mapping = {
      name: 'box',
      time: { columns: ['time'], format: 'YYYY-MM-DDTHH:mm:ssZ', label: 'start' },
      intervalS: 600,
      values: [{ column: 'pm', quantity: 'pm2_5', unit: 'µg/m³' }]
    }
    writeFileSync(map, JSON.stringify(mapping))
    const rows = Array.from({ length: hours * 6 }, (_, i) => {
      const time = new Date(from + (i * hourMs) / 6).toISOString().replace('.000', '')
      return `${time},${value + (i % 5) / 1000}`
    })
    const file = join(folder.path, `${deviceId}.csv`)
    writeFileSync(file, ['time,pm', ...rows].join('\n') + '\n')
    const done = await command(['import', file, '--map', map, '--device', deviceId, ...data])
    expect(done).toMatchObject({ status: 0 })
  }

  /** The next message of a topic, as the program prints it; empty where none came in a minute. */
  async function nextOf(topic: string): Promise<unknown> {
    const at = ['-h', '127.0.0.1', '-p', String(hub.mqttPort)]
    const child = spawn(mosquitto_sub.path, [...at, '-t', topic, '-C', '1', '-W', '60'])
    return JSON.parse((await text(child.stdout)) || 'null')
  }

  it('say the corrected value beside the raw one, and which corrections made it', async () => {
    const linear = ['--formula', 'linear', '--coefficient', 'slope=2', '--coefficient', 'intercept=0']
    const ids: string[] = []
    for (const { deviceId } of boxes) {
      const add = ['correction', 'add', deviceId, '--quantity', 'pm2_5', ...linear, '--from', '2026-01-01']
      ids.push((await commandJson<{ correctionId: string }>([...add, ...data])).correctionId)
    }
    const raw = (await nextOf('streets/ashley-road/pm2_5')) as { value: number }
    const corrected = (await nextOf('streets/ashley-road/pm2_5_corrected')) as {
      value: number
      corrections: { id: string; version: number; formula: string }[]
    }
    expect(raw.value).toBeCloseTo(30, 1)
    expect(raw).not.toHaveProperty('corrections')
    expect(corrected).toMatchObject({ unit: 'µg/m³', sites: 3 })
    expect(corrected.value).toBeCloseTo(15, 1)
    expect(corrected.corrections.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    expect(corrected.corrections[0]).toMatchObject({ version: 1, formula: 'linear' })
  })
})
