/** While a sensor's readings move, and after a move that was killed, nobody reads fewer or more than there are. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { minuteMs, toIso, type UnixMs } from '../../model/time.ts'
import {
  addStreetAndDevice,
  command,
  commandJson,
  connectDevice,
  startCommand,
  startHubProcess,
  temporaryFolder,
  type AddedDevice,
  type HubProcess
} from '../support/hub-process.ts'

const folder = temporaryFolder()
const readings = 20_000
const first = Date.UTC(2026, 9, 1)
let hub: HubProcess
let device: AddedDevice

beforeAll(async () => {
  hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
  device = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '60')
  await commandJson(['street', 'add', 'Mill Street', '--data', folder.path])
  const client = await connectDevice(hub, device)
  for (let at = 0; at < readings; at += 500) {
    const members = Array.from({ length: 500 }, (_, i) => ({
      at: toIso((first + (at + i) * minuteMs) as UnixMs),
      pm2_5: 8
    }))
    await client.publishAsync(device.topic, JSON.stringify(members), { qos: 1 })
  }
  await client.endAsync()
  // It waits until all is stored, hours and days too.
  await command(['export', '--data', folder.path])
})
afterAll(async () => {
  await hub.stop()
  folder.remove()
})

interface Seen {
  rows: number
  moments: number
  inHours: number
}

async function seen(): Promise<Seen> {
  const lines = async (query: string): Promise<string[][]> => {
    const answer = await fetch(`${hub.url}/api/v1/readings?quantity=pm2_5${query}`)
    if (!answer.ok) throw new Error(await answer.text())
    const [, ...rows] = (await answer.text()).trimEnd().split('\r\n').join('\n').split('\n')
    return rows.map((row) => row.split(','))
  }
  const rows = await lines('')
  const answer = await fetch(`${hub.url}/api/v1/readings?quantity=pm2_5&window=hour&format=jsonl`)
  const hours = (await answer.text()).trimEnd().split('\n')
  const counts = hours.map((line) => (JSON.parse(line) as { count: number }).count)
  return {
    rows: rows.length,
    moments: new Set(rows.map(([time]) => time)).size,
    inHours: counts.reduce((sum, count) => sum + count, 0)
  }
}

const whole: Seen = { rows: readings, moments: readings, inHours: readings }

function moveTo(street: string): string[] {
  return [
    'device',
    'move',
    device.deviceId,
    '--street',
    street,
    '--at',
    toIso(first as UnixMs),
    '--data',
    folder.path
  ]
}

describe('whoever reads while a sensor is moved', () => {
  it('finds all readings, and each once', async () => {
    expect(await seen()).toEqual(whole)
    let isMoved = false
    const moving = commandJson<{ readingsMoved: number }>(moveTo('Mill Street')).finally(
      () => (isMoved = true)
    )
    const all: Seen[] = []
    while (!isMoved) all.push(await seen())
    expect((await moving).readingsMoved).toBe(readings)
    all.push(await seen())
    for (const one of all) expect(one).toEqual(whole)
  })

  it('finds them after a kill in the middle too', async () => {
    const registry = new DatabaseSync(join(folder.path, 'registry.sqlite'), { readOnly: true })
    const places = registry.prepare('SELECT group_concat(siteId) AS sites FROM deployments')
    const before = places.get()?.['sites']
    const child = await startCommand(moveTo('Ashley Road'))
    // The registry has moved it, and the store is about to.
    while (places.get()?.['sites'] === before) await nextTurn()
    await hub.kill()
    registry.close()
    child.kill()
    hub = await startHubProcess(folder.path, [], { LAMPPOST_LOG_LEVEL: 'warn' })
    expect(await seen()).toEqual(whole)
    const street = await fetch(`${hub.url}/api/v1/readings?street=ashley-road&quantity=pm2_5`)
    expect((await street.text()).trimEnd().split('\n')).toHaveLength(1 + readings)
  })
})
