/**
 * A folder with homes that a program wrote which made indoor figures anew for each question (commit a3da661, seven homes of
 * which one left, one changed street and one has two boxes; `seen.json` is what its API answered then). What everybody saw as
 * days stands after the upgrade, nothing else of the past comes out, and the store works with the hours of today.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { daysOut } from '../../hub/coming-out.ts'
import { sitesBeforeSetting } from '../../model/taken-over.ts'
import { dayMs, systemClock, type UnixMs } from '../../model/time.ts'
import {
  command,
  influxSettings,
  startHubProcess,
  temporaryFolder,
  type HubProcess
} from '../support/hub-process.ts'
import { openHubRooms } from '../support/hub-rooms.ts'
import { startInfluxd } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'

const influxd = outside('influxd')
const fixture = join(import.meta.dirname, '..', 'fixtures', 'data-folder-homes')
const zone = 'Europe/London'
const folder = temporaryFolder()

interface Seen {
  time: number[]
  median: (number | null)[]
}

const seen = JSON.parse(readFileSync(join(fixture, 'seen.json'), 'utf8')) as Record<string, Seen>

beforeAll(() => unpackInto(folder.path))

afterAll(() => folder.remove())

function unpackInto(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  for (const name of ['registry.sqlite', 'journal.sqlite', 'readings.duckdb'])
    writeFileSync(join(path, name), gunzipSync(readFileSync(join(fixture, `${name}.gz`))))
}

async function publicDays({ url }: HubProcess, window: 'day' | 'hour'): Promise<Record<string, Seen>> {
  const answers: Record<string, Seen> = {}
  for (const [name, { time }] of Object.entries(seen)) {
    const [streetId, quantity] = name.split(' ')
    const until = time.at(-1)! + dayMs
    const query = `placement=indoor&quantity=${quantity}&window=${window}&from=${time[0]}&until=${until}`
    const answer = await fetch(`${url}/api/v1/streets/${streetId}/series?${query}`)
    const series = (await answer.json()) as Seen & Record<'p25' | 'p75' | 'sites' | 'coverage', unknown[]>
    for (const column of [series.p25, series.p75, series.sites, series.coverage])
      expect(new Set(column)).toEqual(new Set([null]))
    answers[name] = { time: series.time, median: series.median }
  }
  return answers
}

it('keeps the days that everybody saw, and nothing else of them', async () => {
  expect(seen['ashley-road humidity']!.median.filter((value) => value !== null)).toHaveLength(10)
  const hub = await startHubProcess(folder.path, [], { LAMPPOST_TIMEZONE: zone, LAMPPOST_LOG_LEVEL: 'warn' })
  expect(await publicDays(hub, 'day')).toEqual(seen)
  for (const { median } of Object.values(await publicDays(hub, 'hour')))
    expect(new Set(median)).toEqual(new Set([null]))
  expect(await hub.stop()).toBe(0)
})

it('stays with them when hours are worked out again, consents change, and days come out', async () => {
  const rooms = await openHubRooms(folder.path, zone)
  const { registry } = rooms
  await rooms.pipeline.service.drain()
  await rooms.pipeline.service.lookBack()
  await rooms.pipeline.service.drain()
  expect((await rooms.pipeline.service.stats()).dirtyHours).toBe(0)
  const { last } = registry.publishing()
  // The days since then are decided: nobody's consent held, so nothing came out.
  expect(last!.until).toBeGreaterThan(systemClock.now() - 3 * dayMs)
  expect(registry.setting(sitesBeforeSetting)).toBe('')
  for (const { homeId } of registry.homes()) registry.endConsents({ homeId, by: 'Anna' }, systemClock.now())
  const clock = { now: () => (systemClock.now() + 3 * dayMs) as UnixMs }
  await daysOut({ ...rooms, clock, timezone: zone })
  expect(registry.publishing().last!.until).toBeGreaterThan(last!.until)
  await rooms.close()
  const hub = await startHubProcess(folder.path, [], { LAMPPOST_TIMEZONE: zone, LAMPPOST_LOG_LEVEL: 'warn' })
  expect(await publicDays(hub, 'day')).toEqual(seen)
  expect(await hub.stop()).toBe(0)
})

it('loses a day that is withdrawn, for good', async () => {
  const hub = await startHubProcess(folder.path, [], { LAMPPOST_TIMEZONE: zone, LAMPPOST_LOG_LEVEL: 'warn' })
  const data = ['--data', folder.path]
  const withdraw = (day: string) => command(['street', 'withdraw', 'Ashley Road', '--day', day, ...data])
  expect((await withdraw('24 March')).status).toBe(2)
  const never = await withdraw('2026-05-01')
  expect([never.status, never.stderr]).toEqual([2, expect.stringContaining('2026-03-22 and 2026-03-31')])

  const done = await withdraw('2026-03-24')
  expect(done.status, done.stderr).toBe(0)
  expect(done.stdout).toContain('The indoor figures of 2026-03-24 on Ashley Road are withdrawn')
  const after = await publicDays(hub, 'day')
  for (const [name, { time, median }] of Object.entries(seen)) {
    const without = median.with(time.indexOf(Date.UTC(2026, 2, 24)), null)
    expect(after[name]!.median, name).toEqual(without)
  }
  expect((await withdraw('2026-03-24')).stderr).toContain('was already withdrawn')
  expect(await hub.stop()).toBe(0)
})

describe.skipIf(!influxd.present)(`a migration before any start (${influxd.line})`, () => {
  it('keeps them', async () => {
    const dataDir = join(folder.path, 'moving')
    unpackInto(dataDir)
    const server = await startInfluxd()
    const env = { ...influxSettings(server, dataDir), LAMPPOST_TIMEZONE: zone }
    const words = ['migrate', '--from', 'duckdb', '--to', 'influx', '--data', dataDir]
    const { status, stderr } = await command(words, { ...env, LAMPPOST_STORE: 'duckdb' })
    expect(status, stderr).toBe(0)
    const hub = await startHubProcess(dataDir, [], { ...env, LAMPPOST_LOG_LEVEL: 'warn' })
    expect(await publicDays(hub, 'day')).toEqual(seen)
    expect(await hub.stop()).toBe(0)
    await server.close()
  })
})
