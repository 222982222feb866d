/** What devices send wrong: each gets one clear line that says what to do, nothing stored is lost, the hub lives. */
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addDevice,
  addStreetAndDevice,
  command,
  commandJson,
  connectDevice,
  eventually,
  type AddedDevice
} from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'

interface ListedProblem {
  code: string
  message: string
  field?: string
  value?: unknown
}

const hub = oneHub()
let device: AddedDevice
let client: MqttClient
const heard: ListedProblem[] = []

beforeAll(async () => {
  device = await addStreetAndDevice(hub.dataDir, 'Ashley Road', '--interval', '60')
  client = await connectDevice(hub, device)
  client.on('message', (_topic, payload) => heard.push(JSON.parse(payload.toString()) as ListedProblem))
  await client.subscribeAsync(`sensors/${device.deviceId}/problems`, { qos: 1 })
})

afterAll(() => void client.end(true))

describe('a message that is wrong', () => {
  it.each([
    ['no JSON', 'hello', 'payloadNotJson', ''],
    ['half a JSON document', '{"pm2_5":', 'payloadNotJson', ''],
    ['a number', '12', 'payloadShape', ''],
    ['an unknown quantity', '{"pm25":8.1}', 'unknownQuantity', 'pm2_5'],
    ['humidity 140', '{"humidity":140}', 'outOfRange', 'humidity 140 % is above 100 %'],
    ['a field twice', '{"pm10":1,"pm10":2}', 'repeatedField', 'last value'],
    ['1e400', '{"pm10":1e400}', 'notANumber', 'pm10'],
    ['depth', '{"pm10":'.padEnd(50_000, '['), 'payloadNotJson', ''],
    ['a time of 1970', '{"at":0,"pm10":5}', 'timePast', '1970'],
    ['NaN', '{"pm10":NaN}', 'notANumber', 'pm10'],
    ['a time in 2031', '{"at":"2031-01-01T00:00:00Z","pm10":5}', 'timeAhead', '2031'],
    ['a time without a zone', '{"at":"2026-11-22T10:00:00","pm10":5}', 'timeWithoutZone', 'zone'],
    ['501 readings', JSON.stringify(Array.from({ length: 501 }, () => ({ pm1: 1 }))), 'arrayTooLong', '501']
  ])('%s is acknowledged, kept and explained', async (_what, payload, code, says) => {
    const before = heard.length
    await client.publishAsync(device.topic, payload, { qos: 1 })
    await eventually(
      () => Promise.resolve(heard.length),
      (count) => count > before
    )
    const problem = heard.slice(before).find((p) => p.code === code)
    expect(problem?.message, JSON.stringify(heard.slice(before))).toContain(says)
    const listed = await commandJson<ListedProblem[]>([
      'device',
      'problems',
      device.deviceId,
      '--data',
      hub.dataDir
    ])
    expect(listed.map((p) => p.code)).toContain(code)
  })

  it('loses nothing of what was right beside it', async () => {
    const at = '2026-11-01T10:00:00Z'
    await client.publishAsync(device.topic, `{"at":"${at}","pm2_5":nan,"pm10":7.25,"pm25":1}`, { qos: 1 })
    const { stdout } = await command([
      'export',
      '--from',
      '2026-11-01',
      '--until',
      '2026-11-02',
      '--format',
      'jsonl',
      '--data',
      hub.dataDir
    ])
    const rows = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { quantity: string; value: number })
    expect(rows).toEqual([expect.objectContaining({ quantity: 'pm10', value: 7.25 })])
  })

  it('keeps humidity 140 with flag 4 and its reason', async () => {
    const answer = await fetch(`${hub.url}/api/v1/readings?quantity=humidity&format=jsonl`)
    const rows = (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(rows).toEqual([expect.objectContaining({ value: 140, flag: 4, reason: 'outOfRange' })])
  })
})

describe('a client that may not', () => {
  it('is refused with a wrong password', async () => {
    await expect(connectDevice(hub, { ...device, password: 'lp1_wrong' })).rejects.toThrow(
      /Not authorized|Bad username/i
    )
  })

  it("loses its connection over another device's topic, and what it sent there is nowhere", async () => {
    const other = await addDevice(hub.dataDir, 'Ashley Road')
    const intruder = await connectDevice(hub, other)
    const closed = new Promise<void>((resolve) => intruder.once('close', () => resolve()))
    intruder.publish(device.topic, '{"pm4":66.6}', { qos: 1 }, () => undefined)
    await closed
    intruder.end(true)
    const { stdout } = await hub.run('export', '--quantity', 'pm4', '--format', 'jsonl')
    expect(stdout).toBe('')
    expect(await problemsOf(other.deviceId)).toMatchObject([{ code: 'topicUnknown' }])
  })

  it('loses its connection over a message of 10 MB, and the hub lives', async () => {
    const large = await connectDevice(hub, device)
    const closed = new Promise<void>((resolve) => large.once('close', () => resolve()))
    large.on('error', () => undefined)
    large.publish(device.topic, Buffer.alloc(10 * 1024 * 1024, 0x20), { qos: 1 }, () => undefined)
    await closed
    large.end(true)
    expect((await fetch(`${hub.url}/api/v1/health`)).status).toBe(200)
    await client.publishAsync(device.topic, '{"pm1":3}', { qos: 1 })
    const told = (await problemsOf(device.deviceId)).find(({ code }) => code === 'payloadTooLarge')
    expect(told?.message).toMatch(/a message of 10485\d\d\d bytes was refused: the most is 131072/)
    await eventually(
      () => Promise.resolve(heard.map(({ code }) => code)),
      (codes) => codes.includes('payloadTooLarge')
    )
    expect(heard.map(({ code }) => code)).toContain('payloadTooLarge')
  })
})

/** What stands on the problem list of a device, once something does. */
function problemsOf(deviceId: string): Promise<ListedProblem[]> {
  return eventually(
    () => hub.json<ListedProblem[]>('device', 'problems', deviceId),
    (problems) => problems.some(({ code }) => code === 'payloadTooLarge' || code === 'topicUnknown')
  )
}
