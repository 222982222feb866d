/** A password that is replaced: the new one works at once, the old one as long as it may, and not a moment of connection more. */
import type { MqttClient } from 'mqtt'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../model/time.ts'
import {
  addStreetAndDevice,
  command,
  commandJson,
  connectDevice,
  type AddedDevice
} from '../support/hub-process.ts'
import { oneHub } from '../support/one-hub.ts'

interface Rotated extends AddedDevice {
  oldPasswordUntil: string | null
}

const hub = oneHub()
let device: AddedDevice

beforeAll(async () => {
  device = await addStreetAndDevice(hub.dataDir, 'Ashley Road', '--interval', '60')
})

const rotate = (...options: string[]): Promise<Rotated> =>
  commandJson<Rotated>(['device', 'rotate', device.deviceId, ...options, '--data', hub.dataDir])

async function connect(device: AddedDevice): Promise<MqttClient> {
  const client = await connectDevice(hub, device)
  client.on('error', () => undefined)
  onTestFinished(() => void client.end(true))
  return client
}

const closed = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => client.once('close', () => resolve()))
const say = (client: MqttClient): Promise<unknown> =>
  client.publishAsync(device.topic, '{"pm2_5":8.1}', { qos: 1 })

describe('a rotated password', () => {
  it('works at once, while the old one stays connected and may come back', async () => {
    const old = await connect(device)
    const rotated = await rotate('--overlap', '1h')
    const listed = await command(['device', 'list', '--data', hub.dataDir])
    expect(listed.stdout).toContain(`old password works until ${rotated.oldPasswordUntil}`)
    await Promise.all([old, await connect(rotated), await connect(device)].map(say))
    device = rotated
  })

  it('stays when the overlap is over, and clients that use the old one are disconnected', async () => {
    const old = await connect(device)
    const ended = closed(old)
    const rotated = await rotate('--overlap', '1s')
    const fresh = await connect(rotated)
    await ended
    await expect(connect(device)).rejects.toThrow(/Not authorized|Bad username/i)
    await say(fresh)
    expect((await command(['device', 'list', '--data', hub.dataDir])).stdout).not.toContain('old password')
    device = rotated
  })

  it('ends the old one and its live connection at once when it leaked', async () => {
    const leaked = await connect(device)
    const ended = closed(leaked)
    const rotated = await rotate('--now')
    await ended
    expect(rotated.oldPasswordUntil).toBeNull()
    await expect(connect(device)).rejects.toThrow(/Not authorized|Bad username/i)
    await say(await connect(rotated))
    device = rotated
  })

  it('works for a day beside the old one when nothing is said', async () => {
    const before = systemClock.now()
    const { oldPasswordUntil, ...rotated } = await rotate()
    const overlapMs = Date.parse(oldPasswordUntil ?? '') - before
    expect(Math.round(overlapMs / 3_600_000)).toBe(24)
    await say(await connect(device))
    await say(await connect(rotated))
    device = rotated
  })

  it.each([
    ['--overlap', 'tomorrow'],
    ['--overlap', '31d'],
    ['--now', '--overlap=1h']
  ])('is refused with %s %s, and nothing changes', async (...options) => {
    const { status, stderr } = await command([
      'device',
      'rotate',
      device.deviceId,
      ...options,
      '--data',
      hub.dataDir
    ])
    expect(status).toBe(2)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    await say(await connect(device))
  })
})
