/** Old indoor readings go when their person wants it so, not before the days of grace are over, and nothing else does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { removalText, startRetention, trimsOf, type Retention } from '../../hub/retention.ts'
import { dayMs, monthsBefore, type UnixMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { lookBackAll } from '../contract/store-look-back.ts'
import { refreshAll } from '../contract/store-rollups.ts'
import { aReading, everything, tens } from '../support/readings.ts'
import { ashleyRoad, at } from '../registry/support.ts'

const zone = 'Europe/London'
const street = { streetId: 'ashley-road', intervalS: 600 }
const start = at('2026-03-10T12:00:00Z')
/** Four days, a year before. */
const measuredFrom = at('2025-03-08T00:00:00Z')
const days = (count: number): UnixMs => (start + count * dayMs) as UnixMs

async function home() {
  const folder = mkdtempSync(join(tmpdir(), 'lamppost-retention-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const store = await openDuckDbStore({ file: join(folder, 'readings.duckdb'), timezone: zone })
  onTestFinished(() => store.close())
  const registry = ashleyRoad()
  const { siteId: bath } = registry.addDevice({ ...street, placement: 'indoor', homeId: 'number-4' }, start)
  const { personId } = registry.site(bath)!
  const { siteId: rail } = registry.addDevice({ ...street, placement: 'outdoor', personId }, start)
  const { siteId: others } = registry.addDevice({ ...street, placement: 'indoor', homeId: 'number-5' }, start)
  for (const siteId of [bath, rail, others])
    await store.write(tens(measuredFrom, 96, { siteId, deviceId: `box-${siteId}` }))
  await refreshAll(store, start)
  await lookBackAll(store, start)
  await refreshAll(store, start)

  let now = start
  let doubt: object | undefined
  const logged: string[] = []
  const log = (_fields: object, message: string): void => void logged.push(message)
  const retention: Retention = startRetention({
    registry,
    service: store,
    clock: { now: () => now, doubt: () => doubt },
    timezone: zone,
    log: { info: log, warn: log }
  })
  onTestFinished(() => retention.stop())
  const count = (siteId: string) => store.count({ siteId, quantity: 'pm2_5', ...everything }, 9_999)
  const lookAt = async (time: UnixMs, doubted?: object): Promise<number[]> => {
    now = time
    doubt = doubted
    await retention.look()
    return Promise.all([bath, rail, others].map(count))
  }
  return { registry, personId, bath, store, lookAt, logged }
}

describe('a person who wants readings kept for 12 months', () => {
  it('loses none for 30 days, then those that are older, indoors alone; hours and days stay', async () => {
    const { registry, personId, bath, store, lookAt, logged } = await home()
    expect(await lookAt(start)).toEqual([576, 576, 576])
    const person = registry.setKeep(personId, 12, start)
    expect(removalText(person, 288)).toBe(
      'Nothing is removed before 2026-04-09. As of now, 288 readings would be removed then.'
    )
    expect(await lookAt((days(30) - 1) as UnixMs)).toEqual([576, 576, 576])
    // A clock that nobody believes removes nothing, whatever it shows.
    expect(await lookAt(days(40_000), { kind: 'jumped' })).toEqual([576, 576, 576])
    // Said again it is no new beginning; another number is one.
    registry.setKeep(personId, 12, days(29))
    expect(logged).toEqual([])
    expect(await lookAt(days(30))).toEqual([0, 576, 576])
    expect(logged).toEqual([expect.stringContaining('576 indoor readings older than 12 months were removed')])
    const made = await store.rollup({ siteId: bath, quantity: 'pm2_5', window: 'day', ...everything })
    expect(made.count).toEqual([144, 144, 144, 144])
    expect(await lookAt(days(31))).toEqual([0, 576, 576])
    expect(logged).toHaveLength(1)
  })

  it('loses a day each day, and none after changing their mind', async () => {
    const { registry, personId, bath, store, lookAt } = await home()
    registry.setKeep(personId, 12, days(-40))
    // At noon of 10 March the days before 10 March of last year are older than that.
    expect(await lookAt(start)).toEqual([288, 576, 576])
    registry.setKeep(personId, 6, start)
    expect(await lookAt(days(1))).toEqual([288, 576, 576])
    registry.setKeep(personId, null, days(2))
    expect(await lookAt(days(90))).toEqual([288, 576, 576])
    // What an import brings stays, however old it is.
    await store.write([aReading({ siteId: bath, deviceId: 'box', measuredAt: at('2020-01-01T00:00:00Z') })])
    expect(await lookAt(days(91))).toEqual([289, 576, 576])
  })
})

describe('what is past its time', () => {
  it('is of the time at which the person hosted the place', () => {
    const registry = ashleyRoad()
    const { siteId, deviceId } = registry.addDevice({ ...street, placement: 'outdoor' }, start)
    const ben = registry.addPerson({ name: 'Ben' }, start)
    registry.handOver(deviceId, ben.personId, { at: days(-100), now: start })
    registry.makePrivate(siteId, undefined, start)
    const before = registry.persons().find(({ personId }) => personId !== ben.personId)!
    const of = (person: typeof ben, keepMonths: number) =>
      trimsOf(registry, { ...person, keepMonths, keepSetAt: start }, start, zone)
    expect(of(before, 1)).toEqual([{ siteId, from: null, until: days(-100) }])
    expect(of(ben, 1)).toEqual([{ siteId, from: days(-100), until: at('2026-02-10T00:00:00Z') }])
    expect(of(ben, 12)).toEqual([])
  })

  it.each([
    ['2026-03-31T12:00:00Z', 1, '2026-02-28T00:00:00Z'],
    ['2026-07-15T12:00:00Z', 1, '2026-06-14T23:00:00Z'],
    ['2026-01-15T00:00:00Z', 13, '2024-12-15T00:00:00Z'],
    ['2024-02-29T12:00:00Z', 12, '2023-02-28T00:00:00Z']
  ])('%s less %d months begins at %s', (now, months, begins) => {
    expect(monthsBefore(at(now), months, zone)).toBe(at(begins))
  })
})
