/** What the public may learn of homes: never of fewer than five, never early, never exactly, never by a difference. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AcrossSitesColumns, Window } from '../../model/columns.ts'
import type { Consent } from '../../model/consent.ts'
import { homesPerDayMin, homesPerHourMin } from '../../model/limits.ts'
import type { Quantity } from '../../model/quantity.ts'
import { dayStarts, hourMs, nextDayStart, parseIsoZoned, type UnixMs } from '../../model/time.ts'
import {
  cohortOf,
  homesColumns,
  maySeeSite,
  publishedStep,
  visibleSites,
  type HomeSite,
  type MeanColumns
} from '../../model/visibility.ts'

const timezone = 'Europe/London'
const at = (text: string): UnixMs => parseIsoZoned(text)!
// Three days around the clocks going back: 24, 25 and 24 hours.
const days = dayStarts(at('2026-10-24T00:00:00Z'), at('2026-10-26T12:00:00Z'), timezone)
const published = at('2026-11-22T12:00:00Z')

function columns(
  values: readonly (readonly [time: UnixMs, mean: number | null, coverage: number | null])[]
): MeanColumns {
  return {
    time: values.map(([time]) => time),
    mean: values.map(([, mean]) => mean),
    coverage: values.map(([, , coverage]) => coverage)
  }
}

function hoursOf(day: UnixMs): readonly UnixMs[] {
  return hours.get(day)!
}

const hours = new Map(
  days.map((day) => {
    const count = (nextDayStart(day, timezone) - day) / hourMs
    return [day, Array.from({ length: count }, (_, n) => (day + n * hourMs) as UnixMs)]
  })
)

interface TestHome extends HomeSite {
  agreed: boolean
}

/** A consenting home with one sensor that measured `mean` all the time. */
function home(homeId: string, mean: number, more: Partial<TestHome> = {}): TestHome {
  return {
    siteId: `s-${homeId}`,
    homeId,
    placement: 'indoor',
    agreed: true,
    days: columns(days.map((day) => [day, mean, 1])),
    hours: columns(days.flatMap(hoursOf).map((hour) => [hour, mean, 1])),
    ...more
  }
}

function consent(homeId: string, consentId: number, more: Partial<Consent> = {}): Consent {
  return {
    consentId,
    homeId,
    personId: `p-${homeId}`,
    purpose: 'street',
    wording: 'street-1',
    from: days[0]!,
    until: null,
    recordedAt: days[0]!,
    by: 'Anna',
    endedBy: null,
    ...more
  }
}

const names = 'abcdefghijklmnopqrst'.split('')
const homes = (count: number, mean = (n: number) => 50 + n): TestHome[] =>
  names.slice(0, count).map((name, n) => home(name, mean(n)))

const ask = (
  list: readonly TestHome[],
  window: Window = 'day',
  more: { now?: UnixMs; quantity?: Quantity; consents?: Consent[] } = {}
): AcrossSitesColumns =>
  homesColumns({
    quantity: 'humidity',
    window,
    homes: list,
    consents: list.filter(({ agreed }) => agreed).map(({ homeId }, n) => consent(homeId, n)),
    dayStarts: days,
    timezone,
    now: published,
    ...more
  })

describe('single sites', () => {
  it('are public outdoors, the operator sees all', () => {
    const sites = [{ placement: 'outdoor' as const }, { placement: 'indoor' as const }]
    expect(visibleSites('public', sites)).toEqual([{ placement: 'outdoor' }])
    expect(visibleSites('operator', sites)).toEqual(sites)
    expect(maySeeSite('public', { placement: 'indoor' })).toBe(false)
  })
})

describe('homes', () => {
  it('of five and more give the middle in whole units, without quartiles', () => {
    const street = ask(homes(5, (n) => 50.3 + n))
    expect(street).toEqual({
      time: days,
      median: [52, 52, 52],
      p25: [null, null, null],
      p75: [null, null, null],
      sites: [5, 5, 5],
      coverage: [1, 1, 1]
    })
  })

  it('of ten give quartiles and hours, on a day of 25 hours too', () => {
    expect(ask(homes(10))).toMatchObject({ median: [55, 55, 55], p25: [52, 52, 52], p75: [57, 57, 57] })
    const figures = ask(homes(10), 'hour')
    expect(figures.time).toEqual(days.flatMap(hoursOf))
    expect(figures.time).toHaveLength(24 + 25 + 24)
    expect(new Set(figures.sites)).toEqual(new Set([10]))
  })

  it('of four give nothing, of nine no hours', () => {
    expect(ask(homes(4)).time).toEqual([])
    expect(ask(homes(9)).time).toEqual(days)
    expect(ask(homes(9), 'hour').time).toEqual([])
  })

  it('count once, however many sensors they have', () => {
    const many = Array.from({ length: 30 }, (_, n) => home('a', 90, { siteId: `s-a${n}` }))
    expect(ask([...many, ...homes(4).slice(1)]).time).toEqual([])
    const two = [home('a', 40, { siteId: 's-1' }), home('a', 60, { siteId: 's-2' })]
    expect(ask([...two, home('b', 10), home('c', 20), home('d', 80), home('e', 90)]).median).toEqual([
      50, 50, 50
    ])
  })

  it('average decibels as energy, and cannot join percentiles', () => {
    const two = [home('a', 40, { siteId: 's-1' }), home('a', 60, { siteId: 's-2' })]
    const list = [...two, home('b', 10), home('c', 20), home('d', 80), home('e', 90)]
    expect(ask(list, 'day', { quantity: 'laeq' }).median).toEqual([57, 57, 57])
    expect(ask(list, 'day', { quantity: 'lamax' }).median).toEqual([60, 60, 60])
    expect(ask(list, 'day', { quantity: 'lamin' }).median).toEqual([40, 40, 40])
    expect(ask(list, 'day', { quantity: 'la90' }).time).toEqual([])
  })

  it('appear 24 hours after their day ended and not a millisecond earlier', () => {
    const end = nextDayStart(days[1]!, timezone)
    const now = (end + 24 * hourMs) as UnixMs
    expect(ask(homes(10), 'day', { now }).time).toEqual(days.slice(0, 2))
    const early = (now - 1) as UnixMs
    expect(ask(homes(10), 'day', { now: early }).time).toEqual(days.slice(0, 1))
    expect(ask(homes(10), 'hour', { now: early }).time).toEqual(hoursOf(days[0]!))
  })

  it('without coverage that day do not count; an hour that one of them lacks is absent', () => {
    const short = home('e', 54, { days: columns(days.map((day, n) => [day, 54, n === 1 ? 0.74 : 1])) })
    expect(ask([...homes(4), short]).time).toEqual([days[0], days[2]])

    const all = hoursOf(days[0]!)
    const gap = home('j', 59, { hours: columns(all.map((hour, n) => [hour, n === 3 ? null : 59, 1])) })
    const first = ask([...homes(9), gap], 'hour').time.filter((time) => time < days[1]!)
    expect(first).toEqual(all.filter((_hour, n) => n !== 3))
  })

  it('tell their coverage in tenths', () => {
    const list = homes(5).map((one, n) => ({
      ...one,
      days: columns(days.map((day) => [day, 50, n === 0 ? 0.76 : 1]))
    }))
    expect(ask(list).coverage).toEqual([0.9, 0.9, 0.9])
  })

  it('count from the first day that begins after they agreed, and no more once they took it back', () => {
    const five = homes(5)
    const all = five.map(({ homeId }, n) => consent(homeId, n))
    const late = all.with(4, consent('e', 4, { from: (days[0]! + 1) as UnixMs }))
    expect(ask(five, 'day', { consents: late }).time).toEqual(days.slice(1))
    expect(ask(five, 'day', { consents: all.with(4, consent('e', 4, { until: published })) }).time).toEqual(
      days
    )
    const ended = (published - 1) as UnixMs
    expect(ask(five, 'day', { consents: all.with(4, consent('e', 4, { until: ended })) }).time).toEqual([])
    expect(
      ask(five, 'day', { consents: all.with(4, consent('e', 4, { purpose: 'research' })) }).time
    ).toEqual([])
  })

  it('leave carbon dioxide in steps of 50 ppm, which no single home has', () => {
    expect(
      ask(
        homes(5, () => 741),
        'day',
        { quantity: 'co2' }
      ).median
    ).toEqual([750, 750, 750])
    expect([publishedStep('co2'), publishedStep('temperature')]).toEqual([50, 1])
  })
})

describe('whatever the homes are', () => {
  const mean = fc.option(fc.double({ min: 20, max: 95, noNaN: true }), { nil: null, freq: 8 })
  const coverage = fc.option(fc.constantFrom(0, 0.5, 0.7499, 0.75, 0.9, 1), { nil: null, freq: 12 })
  const site = (consent: fc.Arbitrary<boolean>): fc.Arbitrary<TestHome> =>
    fc
      .record({
        homeId: fc.constantFrom(...names),
        placement: fc.constantFrom(
          'indoor' as const,
          'indoor' as const,
          'indoor' as const,
          'outdoor' as const
        ),
        agreed: consent,
        values: fc.array(fc.tuple(mean, coverage), { minLength: 3, maxLength: 3 })
      })
      .map(({ homeId, placement, agreed, values }) => ({
        siteId: `s-${homeId}`,
        homeId: placement === 'indoor' ? homeId : '',
        placement,
        agreed,
        days: columns(days.map((day, n) => [day, ...values[n]!])),
        hours: columns(days.flatMap((day, n) => hoursOf(day).map((hour) => [hour, ...values[n]!] as const)))
      }))
  const street = fc.array(site(fc.boolean()), { minLength: 5, maxLength: 25 })
  const window = fc.constantFrom<Window>('day', 'hour')
  const now = fc.integer({ min: days[0]!, max: days[2]! + 72 * hourMs }).map((time) => time as UnixMs)

  it('nothing is of fewer than five homes, hours and quartiles of no fewer than ten, always in fives', () => {
    fc.assert(
      fc.property(street, window, (list, of) => {
        const answer = ask(list, of)
        const consenting = new Set(list.filter((one) => one.agreed).map(({ homeId }) => homeId))
        for (const [i, sites] of answer.sites.entries()) {
          expect(sites).toBeGreaterThanOrEqual(of === 'day' ? homesPerDayMin : homesPerHourMin)
          expect(sites % homesPerDayMin).toBe(0)
          expect(sites).toBeLessThanOrEqual(consenting.size)
          expect(Number.isInteger(answer.median[i])).toBe(true)
          expect(answer.p25[i] === null).toBe(sites < homesPerHourMin)
          expect(answer.p75[i] === null).toBe(sites < homesPerHourMin)
        }
      })
    )
  })

  it('nothing leaves before 24 hours after its day', () => {
    fc.assert(
      fc.property(street, window, now, (list, of, time) => {
        for (const start of ask(list, of, { now: time }).time) {
          const day = days.findLast((begin) => begin <= start)!
          expect(time).toBeGreaterThanOrEqual(nextDayStart(day, timezone) + 24 * hourMs)
        }
      })
    )
  })

  it('a home without consent changes nothing', () => {
    fc.assert(
      fc.property(
        street,
        fc.array(site(fc.constant(false)), { maxLength: 10 }),
        window,
        (list, others, of) => {
          const joined = others.map((one) => ({
            ...one,
            homeId: one.placement === 'indoor' ? `x-${one.homeId}` : ''
          }))
          expect(ask([...list, ...joined], of)).toEqual(ask(list, of))
        }
      )
    )
  })

  it('the order of sites changes nothing', () => {
    fc.assert(
      fc.property(street, window, fc.infiniteStream(fc.nat()), (list, of, keys) => {
        const shuffled = list
          .map((one) => [keys.next().value as number, one] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, one]) => one)
        expect(ask(shuffled, of)).toEqual(ask(list, of))
      })
    )
  })

  it('one home more or fewer never makes cohorts that differ by one home', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 30 }),
        fc.nat(),
        (ids, which) => {
          const before = new Set(cohortOf(ids))
          const after = new Set(cohortOf(ids.toSpliced(which % ids.length, 1)))
          const different = before.symmetricDifference(after).size
          if (before.size > 0 && after.size > 0) expect(different).not.toBe(1)
          if (different === 0) expect([...after]).toEqual([...before])
        }
      )
    )
  })
})
