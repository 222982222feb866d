/** A copy elsewhere that follows `changes` of a real hub: killed in the middle, with a room, and with somebody who erases everything. */
import { afterAll, expect, it } from 'vitest'
import type { Changes } from '../../contract/changes.ts'
import { createRandom } from '../../firmware-sim/random.ts'
import { dayMs, minuteMs, systemClock } from '../../model/time.ts'
import {
  addDevice,
  addStreetAndDevice,
  commandJson,
  connectDevice,
  eventually,
  publishOnce,
  startHubProcess,
  temporaryFolder,
  type AddedDevice,
  type HubProcess
} from '../support/hub-process.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const quiet = { LAMPPOST_LOG_LEVEL: 'warn' }

async function ask<T>(hub: HubProcess, path: string): Promise<T> {
  const answer = await fetch(`${hub.url}/api/v1/${path}`)
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Rows by what they are about, as long as they were measured before what is settled. */
class Copy {
  readonly rows = new Map<string, string>()
  cursor = ''
  settled = ''
  heard: Changes['changes'] = []

  async begin(hub: HubProcess): Promise<void> {
    const { cursor, settledUntil } = await ask<Changes>(hub, 'changes')
    this.cursor = cursor
    this.settled = settledUntil
    for (const [key, row] of await everything(hub, settledUntil)) this.rows.set(key, row)
  }

  async follow(hub: HubProcess): Promise<void> {
    for (let more = true; more;) {
      const page = await ask<Changes>(hub, `changes?cursor=${this.cursor}`)
      const now = await everything(hub, page.settledUntil)
      for (const { street, site, quantity, from, until } of page.changes)
        this.#take(now, [street, site ?? '', quantity ?? ''], from ?? '', least(until, this.settled))
      this.#take(now, ['', '', ''], this.settled, page.settledUntil)
      this.heard.push(...page.changes)
      ;({ cursor: this.cursor, settledUntil: this.settled, more } = page)
    }
  }

  #take(now: Map<string, string>, about: string[], from: string, until: string): void {
    const isNamed = (key: string): boolean => {
      const [time = '', ...place] = key.split(' ')
      return time >= from && time < until && about.every((one, i) => one === '' || one === place[i])
    }
    for (const key of this.rows.keys()) if (isNamed(key)) this.rows.delete(key)
    for (const [key, row] of now) if (isNamed(key)) this.rows.set(key, row)
  }
}

function least(a: string | null, b: string): string {
  return a !== null && a < b ? a : b
}

async function everything(hub: HubProcess, until: string): Promise<Map<string, string>> {
  const answer = await fetch(`${hub.url}/api/v1/readings?until=${until}`)
  const lines = (await answer.text()).split('\r\n').slice(1).filter(Boolean)
  return new Map(
    lines.map((line) => {
      const [time, street, site, device, quantity] = line.split(',')
      return [[time, street, site, quantity, device].join(' '), line]
    })
  )
}

it('misses nothing that a killed hub had stored, names no room, and hears of an erasure by street and day', async () => {
  const seed = Math.floor(performance.now() * 1_000)
  const random = createRandom(seed)
  let hub = await startHubProcess(folder.path, [], quiet)
  const outdoor = await addStreetAndDevice(folder.path, 'Ashley Road', '--interval', '600')
  const other = await addDevice(folder.path, 'Ashley Road', '--interval', '600')
  const room = await addDevice(folder.path, 'Ashley Road', '--indoor', '--home', 'number-12')
  await publishOnce(hub, outdoor, late(random.whole(1, 100), 5))
  const copy = new Copy()
  await copy.begin(hub)

  for (let round = 0; round < 2; round++) {
    await publishAndKill(hub, [outdoor, room, other], random.whole(100, 400), () =>
      late(random.whole(0, 100_000), random.whole(1, 300) / 10)
    )
    hub = await startHubProcess(folder.path, [], quiet)
    await copy.follow(hub)
  }
  await publishOnce(hub, outdoor, late(3, 333.25))
  await eventually(
    () => copy.follow(hub).then(() => [...copy.rows.values()].join('\n')),
    (rows) => rows.includes(',333.25,')
  )
  expect(measured(copy.rows), `seed ${seed}`).toEqual(measured(await everything(hub, copy.settled)))
  expect(copy.rows.size).toBeGreaterThan(100)
  expect(copy.heard.length).toBeGreaterThan(10)
  expect(JSON.stringify(copy.heard)).not.toContain(room.siteId)

  const persons = await commandJson<{ personId: string; outdoor: { siteId: string }[] }[]>([
    ...['person', 'list', '--data', folder.path]
  ])
  const theirs = persons.find(({ outdoor: places }) => places.some(({ siteId }) => siteId === other.siteId))!
  copy.heard = []
  await commandJson(['person', 'erase', theirs.personId, '--yes', '--data', folder.path])
  await copy.follow(hub)
  expect(copy.rows).toEqual(await everything(hub, copy.settled))
  expect([...copy.rows.keys()].join()).not.toContain(other.siteId)
  const erased = copy.heard.filter(({ kind }) => kind === 'erased')
  expect(erased).toMatchObject([{ street: 'ashley-road', site: null, quantity: null }])
  expect(JSON.stringify(copy.heard)).not.toContain(other.siteId)
  await hub.stop()
})

/** A reading of some time in the last hundred days. */
function late(tenMinutes: number, value: number): string {
  const now = Math.floor((systemClock.now() - dayMs) / minuteMs) * minuteMs
  const at = new Date(now - (tenMinutes % 14_400) * 10 * minuteMs).toISOString()
  return JSON.stringify({ at, pm2_5: value, humidity: 50 + (value % 40) })
}

async function publishAndKill(
  hub: HubProcess,
  devices: readonly AddedDevice[],
  killAfter: number,
  payload: () => string
): Promise<void> {
  const clients = await Promise.all(devices.map((device) => connectDevice(hub, device)))
  let acknowledged = 0
  await new Promise<void>((resolve) => {
    for (const [i, client] of clients.entries()) {
      client.on('error', () => undefined)
      for (let n = 0; n < 200; n++)
        client.publish(devices[i]!.topic, payload(), { qos: 1 }, () => {
          if (++acknowledged === killAfter) void hub.kill().then(resolve)
        })
    }
  })
  for (const client of clients) client.end(true)
}

/** Whether a reading waits to be looked back on may have changed since it was read: it is told when that was done. */
function measured(rows: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...rows].map(([key, row]) => [key, row.replace(',unjudged,', ',,')]))
}
