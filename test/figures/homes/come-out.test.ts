/** When a day of homes comes out and when it waits, whatever the clock, the zone, the store and the people do meanwhile. */
import { describe, expect, it } from 'vitest'
import { comeOut } from '../../../figures/homes/come-out.ts'
import { homesFigures, homesSeries } from '../../../figures/homes/homes-figures.ts'
import type { Reading } from '../../../model/reading.ts'
import { dayMs, dayStarts, hourMs, type UnixMs } from '../../../model/time.ts'
import { openRegistry } from '../../../registry/open.ts'
import type { Credentials, Registry } from '../../../registry/registry.ts'
import { at, ashleyRoad, openAt, temporaryFile } from '../../registry/support.ts'
import { steady } from '../../support/api-hub.ts'
import { MemoryReadings } from '../../support/memory-readings.ts'

const zone = 'Europe/London'
const streetId = 'ashley-road'
const agreedAt = at('2026-11-16T12:00:00Z')
/** The first whole day after everybody agreed, and when it may come out. */
const first = '2026-11-17'
const firstDue = at('2026-11-19T00:00:00Z')

interface Rig {
  file: string
  registry: Registry
  readings: MemoryReadings & { waiting: UnixMs | null; unmade: number }
  boxes: Credentials[]
  store(batch: readonly Reading[]): void
  /** The dates that were decided at that time, and which of them have a figure. */
  out(now: UnixMs, more?: { timezone?: string; clock?: { now(): UnixMs } }): Promise<string[]>
  published(): string[]
}

function rig(file = temporaryFile(), registry = ashleyRoad(file)): Rig {
  const readings = Object.assign(new MemoryReadings(zone), { waiting: null as UnixMs | null, unmade: 0 })
  readings.unmadeHours = () => Promise.resolve(readings.unmade)
  const boxes = registry.isDemo
    ? []
    : Array.from({ length: 5 }, (_, n) => addHome(registry, `number-${n}`, agreedAt))
  for (const { deviceId } of boxes) readings.setInterval(deviceId, 600)
  for (const [n, box] of boxes.entries())
    readings.write(steady(box, 'humidity', at('2026-11-14T00:00:00Z'), at('2026-11-24T00:00:00Z'), 50 + n))
  return {
    file,
    registry,
    readings,
    boxes,
    store: (batch) => readings.write(batch),
    out: async (now, { timezone = zone, clock = { now: () => now } } = {}) => {
      const waitingSince = () => Promise.resolve(readings.waiting)
      const decided = await comeOut({ readings, registry, waitingSince, clock, timezone })
      return decided.map(({ date }) => date)
    },
    published: () =>
      registry
        .publishedDays({
          streetId,
          quantity: 'humidity',
          from: 0 as UnixMs,
          until: at('2027-01-01T00:00:00Z')
        })
        .map(({ date }) => date)
  }
}

function addHome(registry: Registry, homeId: string, now: UnixMs, from?: UnixMs): Credentials {
  const box = registry.addDevice({ streetId, placement: 'indoor', homeId, intervalS: 600 }, now)
  registry.recordConsent({ homeId, purpose: 'street', by: 'Anna', ...(from ? { from } : {}) }, now)
  return box
}

describe('a day of homes', () => {
  it('comes out 24 hours after it ended, and not a millisecond earlier; no day before the consents', async () => {
    const { out, published } = rig()
    expect(await out((firstDue - 1) as UnixMs)).toEqual([])
    expect(await out(firstDue)).toEqual([first])
    expect(await out(firstDue)).toEqual([])
    expect(published()).toEqual([first])
  })

  it('waits for messages that came before its time and are not stored, and not for later ones', async () => {
    const { out, readings } = rig()
    readings.waiting = (firstDue - 1) as UnixMs
    expect(await out(firstDue)).toEqual([])
    readings.waiting = firstDue
    expect(await out(firstDue)).toEqual([first])
  })

  it('waits for its hours, and the days after it wait with it', async () => {
    const { out, readings, published } = rig()
    readings.unmade = 1
    expect(await out((firstDue + 2 * dayMs) as UnixMs)).toEqual([])
    readings.unmade = 0
    expect(await out((firstDue + 2 * dayMs) as UnixMs)).toEqual([first, '2026-11-18', '2026-11-19'])
    expect(published()).toHaveLength(3)
  })

  it('is without whoever takes consent back while it is being worked out', async () => {
    const { out, readings, registry, published } = rig()
    const means = readings.means.bind(readings)
    readings.means = (query) => {
      registry.endConsents({ homeId: 'number-2', by: 'Anna' }, (firstDue - hourMs) as UnixMs)
      return means(query)
    }
    expect(await out(firstDue)).toEqual([first])
    expect(published()).toEqual([])
  })

  it('waits where the clock is set back over its time meanwhile', async () => {
    const { out, readings, published } = rig()
    const means = readings.means.bind(readings)
    let now = firstDue
    readings.means = (query) => {
      now = (firstDue - 1) as UnixMs
      return means(query)
    }
    expect(await out(firstDue, { clock: { now: () => now } })).toEqual([])
    expect(published()).toEqual([])
    expect(await out(firstDue)).toEqual([first])
  })

  it('never comes out twice, whatever the clock does afterwards', async () => {
    const { out, published, store, boxes } = rig()
    await out((firstDue + dayMs) as UnixMs)
    const before = published()
    store(steady(boxes[0]!, 'humidity', at('2026-11-17T00:00:00Z'), at('2026-11-18T00:00:00Z'), 95))
    expect(await out((firstDue - 3 * dayMs) as UnixMs)).toEqual([])
    expect(await out((firstDue + dayMs) as UnixMs)).toEqual([])
    expect(published()).toEqual(before)
  })

  it('that ended before a restore stays away for good', async () => {
    const { out, registry, published } = rig()
    await out(firstDue)
    registry.noteRestored(at('2026-11-20T10:00:00Z'))
    expect(await out(at('2026-11-23T12:00:00Z'))).toEqual([
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-21'
    ])
    expect(published()).toEqual([first, '2026-11-20', '2026-11-21'])
  })

  it('begins after the last one ended when the zone changes, and keeps its date on the charts', async () => {
    const { out, registry, published } = rig()
    await out(firstDue)
    const timezone = 'Pacific/Honolulu'
    // The 17th of London ended on the 17th of Honolulu: the next whole day there is the 18th.
    expect((await out(at('2026-11-20T12:00:00Z'), { timezone }))[0]).toBe('2026-11-18')
    const range = { from: at('2026-11-17T10:00:00Z'), until: at('2026-11-18T10:00:00Z') }
    const grid = dayStarts(range.from, range.until, timezone)
    const query = { streetId, quantity: 'humidity', range, window: 'day', grid } as const
    expect(homesSeries({ places: registry, timezone }, query).median).toEqual([52])
    expect(published()[0]).toBe(first)
  })

  it('of a changed zone that has a date that is out already never comes out', async () => {
    const east = rig()
    await east.out(at('2026-11-19T12:00:00Z'), { timezone: 'Pacific/Kiritimati' })
    expect(east.registry.publishing().last?.date).toBe('2026-11-18')
    const decided = await east.out(at('2026-11-22T12:00:00Z'), { timezone: 'Pacific/Honolulu' })
    expect(decided[0]).toBe('2026-11-19')
  })

  it('counts no box for which anybody can speak', async () => {
    const { out, registry, boxes, published } = rig()
    registry.markUnauthenticated(boxes[4]!.deviceId)
    expect(await out(firstDue)).toEqual([first])
    expect(published()).toEqual([])
  })

  it('is the same after a restart', async () => {
    const { out, file, published } = rig()
    await out(firstDue)
    const again = openAt(file)
    expect(again.publishing().last?.date).toBe(first)
    expect(again.publishedQuantities(streetId)).toEqual(['humidity'])
    expect(published()).toEqual([first])
  })
})

describe('the last week', () => {
  it('is made of days that are out, and needs six of seven', async () => {
    const { out, registry } = rig()
    const figure = (now: UnixMs) => homesFigures({ places: registry, timezone: zone }, now)(streetId).humidity
    const now = at('2026-11-23T12:00:00Z')
    await out(now)
    expect(figure(now)).toBeUndefined()
    await out((now + dayMs) as UnixMs)
    const later = (now + dayMs) as UnixMs
    expect(figure(later)).toMatchObject({
      value: 52,
      at: '2026-11-23T00:00:00.000Z',
      sites: null,
      sitesTotal: null,
      coverage: null
    })
    registry.withdrawDay(streetId, '2026-11-19', later)
    registry.withdrawDay(streetId, '2026-11-20', later)
    expect(figure(later)).toBeUndefined()
  })
})

describe('a demo', () => {
  it('lets a day out as soon as it ended and its hours are made; its consents begin with the story', async () => {
    const file = temporaryFile()
    const registry = openRegistry({ file, makeDemo: true })
    const demo = rig(file, registry)
    registry.addStreet({ name: 'Ashley Road' })
    for (let n = 0; n < 5; n++) {
      const box = addHome(registry, `number-${n}`, at('2026-11-24T00:00:00Z'), agreedAt)
      demo.readings.setInterval(box.deviceId, 600)
      demo.store(steady(box, 'humidity', agreedAt, at('2026-11-24T00:00:00Z'), 50 + n))
    }
    expect((await demo.out(at('2026-11-19T00:00:00Z'))).at(-1)).toBe('2026-11-18')
    expect(demo.published()).toEqual([first, '2026-11-18'])
    registry.close()
  })
})
