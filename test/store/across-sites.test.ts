/** The middle of several sites is what science/street.ts says it is, whatever order the store has their windows in. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dayMs, hourMs, type UnixMs } from '../../model/time.ts'
import { acrossSites } from '../../science/street.ts'
import { emptyWindows, middleOf } from '../../store/across-sites.ts'

/** Midnights of London around both changes of its clocks in 2026, and hours. */
const starts = {
  hour: Array.from({ length: 40 }, (_, i) => Date.UTC(2026, 2, 28) + i * hourMs),
  day: [
    ...[27, 28, 29].map((day) => Date.UTC(2026, 2, day)),
    ...[30, 31].map((day) => Date.UTC(2026, 2, day) - hourMs),
    ...[24, 25].map((day) => Date.UTC(2026, 9, day) - hourMs),
    ...[26, 27].map((day) => Date.UTC(2026, 9, day)),
    Date.UTC(1969, 6, 1) - hourMs,
    Date.UTC(1969, 6, 1) - hourMs + dayMs
  ]
}

const arbitraryRow = fc.record({
  site: fc.integer({ min: 0, max: 6 }),
  place: fc.nat(39),
  mean: fc.option(fc.double({ min: -50, max: 500, noNaN: true }), { nil: NaN }),
  coverage: fc.option(fc.constantFrom(0, 0.5, 0.75, 5 / 6, 1), { nil: NaN })
})

it.each(['hour', 'day'] as const)('gives for each %s what the formula gives', (window) => {
  fc.assert(
    fc.property(
      fc.array(arbitraryRow, { maxLength: 200 }),
      fc.constantFrom(0.5, 0.75),
      (drawn, coverageMin) => {
        const rows = oneEach(
          drawn.map((row) => ({ ...row, time: starts[window][row.place % starts[window].length]! }))
        )
        const given = emptyWindows(rows.length)
        rows.forEach((row, i) => {
          given.time[i] = row.time
          given.mean[i] = row.mean
          given.coverage[i] = row.coverage
        })
        const found = middleOf(given, window, coverageMin)
        const expected = withSites(acrossSites(bySite(rows), coverageMin, 1))
        expect(found.time).toEqual(expected.time)
        expect(found.sites).toEqual(expected.sites)
        for (const name of ['median', 'p25', 'p75', 'coverage'] as const) {
          found[name].forEach((value, i) => expect(value).toBeCloseTo(expected[name][i]!, 9))
        }
      }
    )
  )
})

it('counts sites of unknown coverage where none is asked for, and leaves their coverage out', () => {
  const time = Float64Array.of(starts.hour[0]!, starts.hour[0]!, starts.hour[0]!)
  const mean = Float64Array.of(3, 1, 2)
  expect(middleOf({ time, mean, coverage: Float64Array.of(NaN, 0.5, NaN) }, 'hour', 0)).toEqual({
    time: [starts.hour[0]],
    median: [2],
    p25: [1.5],
    p75: [2.5],
    sites: [3],
    coverage: [0.5]
  })
})

interface Row {
  site: number
  time: number
  mean: number
  coverage: number
}

/** A site has one window at a time. */
function oneEach(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [`${row.site} ${row.time}`, row])).values()]
}

function bySite(rows: readonly Row[]): Parameters<typeof acrossSites>[0] {
  return [...Map.groupBy(rows, ({ site }) => site).values()].map((own) => ({
    time: own.map(({ time }) => time as UnixMs),
    mean: own.map(({ mean }) => (Number.isNaN(mean) ? null : mean)),
    coverage: own.map(({ coverage }) => (Number.isNaN(coverage) ? null : coverage))
  }))
}

/** The formula tells windows in which no site counts as well; a store leaves them out. */
function withSites(columns: ReturnType<typeof acrossSites>): ReturnType<typeof acrossSites> {
  const kept = columns.time.map((_, i) => i).filter((i) => columns.sites[i]! > 0)
  const of = <T>(column: T[]): T[] => kept.map((i) => column[i]!)
  return {
    time: of(columns.time),
    median: of(columns.median),
    p25: of(columns.p25),
    p75: of(columns.p75),
    sites: of(columns.sites),
    coverage: of(columns.coverage)
  }
}
