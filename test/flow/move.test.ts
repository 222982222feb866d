/** A sensor that moves takes what it measured since then along, even if the hub dies in the middle. */
import { afterAll, describe, expect, it } from 'vitest'
import { openRegistry } from '../../registry/open.ts'
import { systemClock, type UnixMs } from '../../model/time.ts'
import { join } from 'node:path'
import {
  addStreetAndDevice,
  command,
  commandJson,
  connectDevice,
  startHubProcess,
  temporaryFolder
} from '../support/hub-process.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

const at = (day: number): string => `2026-10-0${day}T12:00:00.000Z`

async function exported(): Promise<{ time: string; street: string }[]> {
  const { stdout } = await command(['export', '--format', 'jsonl', '--data', folder.path])
  const lines = stdout.split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as { time: string; street: string })
}

describe('lamppost device move', () => {
  it('leaves the old street its readings and takes the later ones along', async () => {
    const hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    const device = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '60')
    await commandJson(['street', 'add', 'Mill Street', '--data', folder.path])
    await commandJson(['street', 'add', 'Quarry Hill', '--data', folder.path])
    const client = await connectDevice(hub, device)
    const days = [1, 2, 3, 4].map((day) => ({ at: at(day), pm2_5: day }))
    await client.publishAsync(device.topic, JSON.stringify(days), { qos: 1 })
    await client.endAsync()

    const moved = await commandJson<{ readingsMoved: number }>([
      'device',
      'move',
      device.deviceId,
      '--street',
      'Mill Street',
      '--at',
      at(3),
      '--data',
      folder.path
    ])
    expect(moved.readingsMoved).toBe(2)
    expect((await exported()).map((row) => row.street)).toEqual([
      'ashley-road',
      'ashley-road',
      'mill-street',
      'mill-street'
    ])
    await hub.stop()

    // As a kill leaves it: the registry has moved the sensor again, the store has not heard of it.
    const registry = openRegistry({ file: join(folder.path, 'registry.sqlite') })
    registry.setSetting('movingDevice', device.deviceId)
    registry.move(device.deviceId, 'quarry-hill', Date.parse(at(4)) as UnixMs, systemClock.now())
    registry.close()

    const again = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    // Whoever asks first waits until they have followed.
    const rows = await exported()
    expect(rows.map((row) => row.street)).toEqual([
      'ashley-road',
      'ashley-road',
      'mill-street',
      'quarry-hill'
    ])
    expect(await again.stop()).toBe(0)
  })
})
