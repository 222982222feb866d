/** What the public may learn of homes: never of fewer than five, never in part, never exactly, never by a difference. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Consent } from '../../model/consent.ts'
import { homesPerDayMin, homesPerHourMin } from '../../model/limits.ts'
import type { Quantity } from '../../model/quantity.ts'
import { clockHours, dayStart, hourMs, nextDayStart, parseIsoZoned, type UnixMs } from '../../model/time.ts'
import {
  cohortOf,
  homesDay,
  maySeeSite,
  publishedStep,
  visibleSites,
  type HomesDay,
  type HomeSite,
  type MeanColumns
} from '../../model/visibility.ts'

const timezone = 'Europe/London'
const at = (text: string): UnixMs => parseIsoZoned(text)!
// The clocks go back on it: 25 hours.
const from = dayStart(at('2026-10-25T12:00:00Z'), timezone)
const day = { from, until: nextDayStart(from, timezone) }
const hours = clockHours(timezone).hourStarts(day.from, day.until)
const now = at('2026-10-27T12:00:00Z')

function columns(
  values: readonly (readonly [time: UnixMs, mean: number | null, coverage: number | null])[]
): MeanColumns {
  return {
    time: values.map(([time]) => time),
    mean: values.map(([, mean]) => mean),
    coverage: values.map(([, , coverage]) => coverage)
  }
}

interface TestHome extends HomeSite {
  agreed: boolean
}

/** A consenting home with one sensor that measured `mean` all day. */
function home(homeId: string, mean: number, more: Partial<TestHome> = {}): TestHome {
  return {
    siteId: `s-${homeId}`,
    homeId,
    personId: `p-${homeId}`,
    placement: 'indoor',
    agreed: true,
    days: columns([[day.from, mean, 1]]),
    hours: columns(hours.map((hour) => [hour, mean, 1])),
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
    from: day.from,
    until: null,
    recordedAt: day.from,
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
  { quantity = 'humidity', consents }: { quantity?: Quantity; consents?: Consent[] } = {}
): HomesDay | null =>
  homesDay({
    quantity,
    homes: list,
    consents: consents ?? list.filter(({ agreed }) => agreed).map(({ homeId }, n) => consent(homeId, n)),
    day,
    hours,
    now
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
  it('of five give the mean of the middle three, which is none of theirs', () => {
    const list = [0, 55.2, 57.5, 62.1, 100].map((mean, n) => home(names[n]!, mean))
    expect(ask(list)).toEqual({ value: 58, homes: 5, hours: null })
  })

  it('of ten give the mean of the middle six, and all hours of a day of 25', () => {
    const list = homes(10, (n) => [0, 1, 50, 51, 52, 53, 54, 55, 99, 100][n]!)
    expect(ask(list)).toEqual({ value: 53, homes: 10, hours: { time: hours, value: Array(25).fill(53) } })
  })

  it('of four give nothing, of nine no hours, of fourteen what ten of them give', () => {
    expect(ask(homes(4))).toBeNull()
    expect(ask(homes(9))).toMatchObject({ homes: 5, hours: null })
    expect(ask(homes(14))).toEqual(ask(homes(10)))
  })

  it('count once, however many sensors they have, and not at all without a home', () => {
    const many = Array.from({ length: 30 }, (_, n) => home('a', 90, { siteId: `s-a${n}` }))
    expect(ask([...many, ...homes(4).slice(1)])).toBeNull()
    expect(ask([...homes(4), home('', 50)])).toBeNull()
    const two = [home('a', 40, { siteId: 's-1' }), home('a', 60, { siteId: 's-2' })]
    expect(ask([...two, home('b', 10), home('c', 47), home('d', 53), home('e', 90)])?.value).toBe(50)
  })

  it('average decibels as energy, never tell the highest of one, and cannot join percentiles', () => {
    const two = [home('a', 40, { siteId: 's-1' }), home('a', 60, { siteId: 's-2' })]
    const list = [...two, home('b', 10), home('c', 20), home('d', 70), home('e', 90)]
    const level = (quantity: Quantity) => ask(list, { quantity })?.value
    // Home a has 57 dB; 20, 57 and 70 dB as energy are 65.4.
    expect(level('laeq')).toBe(65)
    expect(level('lamax')).toBe(50)
    expect(level('lamin')).toBe(43)
    expect(level('la90')).toBeUndefined()
  })

  it('without coverage that day do not count; where one lacks an hour there is no hour at all', () => {
    const short = home('e', 54, { days: columns([[day.from, 54, 0.74]]) })
    expect(ask([...homes(4), short])).toBeNull()
    const gap = home('j', 59, { hours: columns(hours.map((hour, n) => [hour, n === 3 ? null : 59, 1])) })
    expect(ask([...homes(9), gap])).toMatchObject({ homes: 10, hours: null })
    const thin = home('j', 59, { hours: columns(hours.map((hour, n) => [hour, 59, n === 3 ? 0.7 : 1])) })
    expect(ask([...homes(9), thin])?.hours).toBeNull()
  })

  it('count if they agreed before the day began and until it comes out', () => {
    const five = homes(5)
    const all = five.map(({ homeId }, n) => consent(homeId, n))
    const last = (more: Partial<Consent>) => ask(five, { consents: all.with(4, consent('e', 4, more)) })
    expect(last({})).not.toBeNull()
    expect(last({ from: (day.from + 1) as UnixMs })).toBeNull()
    expect(last({ until: (now - 1) as UnixMs })).toBeNull()
    expect(last({ until: now })).toBeNull()
    // Taken back while the clock was an hour ahead.
    expect(last({ until: (now + hourMs) as UnixMs })).toBeNull()
    expect(last({ purpose: 'research' })).toBeNull()
    const noon = (day.from + 12 * hourMs) as UnixMs
    const again = (gap: number) => [consent('e', 5, { from: (noon + gap) as UnixMs })]
    const until = all.with(4, consent('e', 4, { until: noon }))
    expect(ask(five, { consents: [...until, ...again(0)] })).not.toBeNull()
    expect(ask(five, { consents: [...until, ...again(1)] })).toBeNull()
  })

  it('leave carbon dioxide in steps of 50 ppm, which no single home has', () => {
    const figure = ask(
      homes(5, () => 741),
      { quantity: 'co2' }
    )
    expect(figure?.value).toBe(750)
    expect(['co2', 'tvoc_index', 'temperature'].map((one) => publishedStep(one as Quantity))).toEqual([
      50, 10, 1
    ])
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
        value: fc.tuple(mean, coverage)
      })
      .map(({ homeId, placement, agreed, value }) => ({
        siteId: `s-${homeId}`,
        homeId: placement === 'indoor' ? homeId : '',
        personId: `p-${homeId}`,
        placement,
        agreed,
        days: columns([[day.from, ...value]]),
        hours: columns(hours.map((hour) => [hour, ...value] as const))
      }))
  const street = fc.array(site(fc.boolean()), { minLength: 5, maxLength: 40 })

  it('nothing is of fewer than five homes, hours of no fewer than ten and whole, always in fives', () => {
    fc.assert(
      fc.property(street, (list) => {
        const answer = ask(list)
        if (!answer) return
        const consenting = new Set(list.filter((one) => one.agreed).map(({ homeId }) => homeId))
        expect(answer.homes).toBeGreaterThanOrEqual(homesPerDayMin)
        expect(answer.homes % homesPerDayMin).toBe(0)
        expect(answer.homes).toBeLessThanOrEqual(consenting.size)
        expect(Number.isInteger(answer.value)).toBe(true)
        if (answer.hours) expect(answer.homes).toBeGreaterThanOrEqual(homesPerHourMin)
        if (answer.hours) expect(answer.hours.time).toEqual(hours)
      })
    )
  })

  it('the two homes that stand out most of five change nothing by standing out further', () => {
    const values = fc.array(fc.double({ min: 30, max: 70, noNaN: true }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 29, noNaN: true }), (middle, low) => {
        const with5 = (lowest: number, highest: number) =>
          ask([lowest, ...middle, highest].map((value, n) => home(names[n]!, value)))
        expect(with5(low, 71)).toEqual(with5(29.5, 100 - low / 10))
      })
    )
  })

  it('a home without consent changes nothing', () => {
    fc.assert(
      fc.property(street, fc.array(site(fc.constant(false)), { maxLength: 10 }), (list, others) => {
        const joined = others.map((one) => ({
          ...one,
          homeId: one.placement === 'indoor' ? `x-${one.homeId}` : ''
        }))
        expect(ask([...list, ...joined])).toEqual(ask(list))
      })
    )
  })

  it('the order of sites changes nothing', () => {
    fc.assert(
      fc.property(street, fc.infiniteStream(fc.nat()), (list, keys) => {
        const shuffled = list
          .map((one) => [keys.next().value as number, one] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, one]) => one)
        expect(ask(shuffled)).toEqual(ask(list))
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

  it('the order in which homes are taken is that of their persons, which no street knows', () => {
    const six = [0, 50, 50, 50, 50, 100].map((mean, n) => home(names[n]!, mean))
    const withLast = (last: number) =>
      ask(six.map((one, n) => ({ ...one, personId: n === last ? 'p-z' : one.personId })))
    // Whoever comes last is not among the five: without the lowest, and without the highest.
    expect([withLast(0)?.value, withLast(5)?.value]).toEqual([50, 50])
    expect(cohortOf(['p-c', 'p-a', 'p-f', 'p-b', 'p-e', 'p-d'])).toEqual(['p-a', 'p-b', 'p-c', 'p-d', 'p-e'])
  })

  it('all homes of one person are one home: nobody is four of five', () => {
    const own = homes(4).map((one) => ({ ...one, personId: 'p-insider' }))
    expect(ask([...own, home('neighbour', 80)])).toBeNull()
    const others = homes(9).slice(4)
    const withOwn = ask([...own, ...others.slice(0, 4)])
    expect(withOwn?.homes).toBe(5)
    expect(withOwn?.value).toBe(
      ask([home('a', 51.5, { personId: 'p-insider' }), ...others.slice(0, 4)])?.value
    )
  })
})
