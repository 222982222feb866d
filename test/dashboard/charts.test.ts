/** What a chart is made of: ranges from the address, columns with their gaps, nights, and which guideline belongs where. */
import { describe, expect, it } from 'vitest'
import { appended, breakAtGaps, lonePoints, siteLine, valueRange } from '../../dashboard/src/chart/columns.ts'
import { chartCsv } from '../../dashboard/src/chart/chart-csv.ts'
import { fileStem } from '../../dashboard/src/chart/file-stem.ts'
import { nights } from '../../science/nights.ts'
import { domainOf, sparkline } from '../../dashboard/src/chart/sparkline.ts'
import { isoDate, rangeOf, windowOf, windowsFor } from '../../dashboard/src/range.ts'
import { dayMs, hourMs } from '../../model/time.ts'
import { chartSentence, middleReadOut } from '../../words/chart.ts'
import { ageText, momentText, withUnit } from '../../words/format.ts'
import { guidelineFor } from '../../words/guideline.ts'
import { align, hasValue, summary, valueAt } from '../../words/series.ts'
import { tableRows } from '../../words/table.ts'
import { english, textContext, textNow as now } from '../support/english.ts'

const zone = 'Europe/London'
const context = textContext()
const params = (text: string): URLSearchParams => new URLSearchParams(text)
const iso = (at: number): string => new Date(at).toISOString()

describe('the range of an address', () => {
  it('begins a short range at a full hour and a long one at midnight', () => {
    expect(iso(rangeOf(params('range=24h'), now, zone).from)).toBe('2026-11-22T14:00:00.000Z')
    expect(iso(rangeOf(params('range=30d'), now, zone).from)).toBe('2026-10-23T23:00:00.000Z')
  })

  it('includes the last day of a custom range, which has 25 hours when clocks go back', () => {
    const range = rangeOf(params('range=custom&from=2026-10-25&until=2026-10-25'), now, zone)
    expect(range.until - range.from).toBe(25 * hourMs)
    expect(isoDate(range.from, zone)).toBe('2026-10-25')
    expect(isoDate(range.until - 1, zone)).toBe('2026-10-25')
  })

  it.each([
    '',
    'range=never',
    'range=custom',
    'range=custom&from=2026-02-30&until=2026-03-02',
    'range=custom&from=2026-03-02&until=2026-03-01'
  ])('shows a week for "%s"', (text) => expect(rangeOf(params(text), now, zone).name).toBe('7d'))

  it('offers hours up to a quarter and nights for noise only', () => {
    expect(windowsFor(rangeOf(params('range=24h'), now, zone), true)).toEqual(['hour'])
    expect(windowsFor(rangeOf(params('range=30d'), now, zone), true)).toEqual(['hour', 'day', 'night'])
    expect(windowsFor(rangeOf(params('range=year'), now, zone), true)).toEqual(['day'])
    expect(windowOf(params('window=night'), rangeOf(params('range=30d'), now, zone), false)).toBe('day')
    expect(windowOf(params(''), rangeOf(params('range=7d'), now, zone), false)).toBe('hour')
  })
})

describe('guidelines', () => {
  it.each([
    ['pm2_5', 'day', 15],
    ['pm2_5', 'hour', undefined],
    ['pm2_5', 'raw', undefined],
    ['laeq', 'night', 45],
    ['laeq', 'day', undefined],
    ['la90', 'night', undefined],
    ['o3', 'day', undefined],
    ['humidity', 'day', undefined]
  ] as const)('%s by %s: %s', (quantity, window, value) => {
    expect(guidelineFor(context, quantity, window)?.value).toBe(value)
  })
})

describe('columns', () => {
  it('tells a gap from a time at which another line has its point', () => {
    const aligned = align([
      { time: [0, 10], value: [1, null] },
      { time: [5], value: [7] }
    ])
    expect(aligned).toEqual([
      [0, 5, 10],
      [1, undefined, null],
      [undefined, 7, undefined]
    ])
    expect(valueAt(aligned[1]!, 1)).toBe(1)
    expect(valueAt(aligned[1]!, 2)).toBeNull()
  })

  it('breaks a line of readings where some are missing, and nowhere else', () => {
    const minute = 60_000
    const broken = breakAtGaps({
      time: [0, 1, 2, 3, 60, 61].map((at) => at * minute),
      value: [1, 2, 3, 4, 5, 6]
    })
    expect(broken.value).toEqual([1, 2, 3, 4, null, 5, 6])
    expect(breakAtGaps({ time: [], value: [] })).toEqual({ time: [], value: [] })
    expect(breakAtGaps({ time: [5], value: [1] })).toEqual({ time: [5], value: [1] })
  })

  it('leaves failed readings out of a line', () => {
    const facts = { quantity: 'humidity', unit: '%', window: 'raw' } as const
    const line = siteLine('s', 'S', { ...facts, time: [1, 2, 3], value: [50, 140, 51], flag: [1, 4, 1] })
    expect(line.value).toEqual([50, null, 51])
  })

  it('puts a live reading at the end, once, and only on a line of single readings', () => {
    const line = { siteId: 's', name: 'S', window: 'raw' as const, time: [1], value: [5] }
    const longer = appended(line, 2, 6)
    expect(longer.time).toEqual([1, 2])
    expect(appended(longer, 2, 6)).toBe(longer)
    expect(appended({ ...line, window: 'hour' }, 2, 6).time).toEqual([1])
  })

  it('shows a value between two gaps as a dot', () => {
    expect(lonePoints([null, 3, null, 4, undefined, 5, null, 6])).toEqual([1, 7])
  })

  it('finds the usual and the highest value', () => {
    expect(summary({ time: [1, 2, 3], value: [4, null, 9] })).toEqual({ usual: 9, highest: 9, highestAt: 3 })
    expect(summary({ time: [1], value: [null] })).toBeUndefined()
    expect(hasValue({ time: [1], value: [0] })).toBe(true)
  })

  it('begins concentrations at zero, shows the guideline, and makes no mountain of a decibel', () => {
    const air = { fromZero: true, spanMin: 10 }
    expect(valueRange([[8, null]], 15, air)).toEqual([0, 16.5])
    expect(valueRange([[-3, 8]], undefined, air)[0]).toBeLessThan(-3)
    const [low, high] = valueRange([[45, 46]], undefined, { fromZero: false, spanMin: 20 })
    expect(high - low).toBeGreaterThanOrEqual(20)
    expect(valueRange([[null]], undefined, air)).toEqual([0, 10])
  })
})

describe('nights', () => {
  const from = Date.parse('2026-11-20T00:00:00Z')
  const hours = Array.from({ length: 72 }, (_none, i) => from + i * hourMs)
  const sensor = (level: (hour: number) => number | null) => ({
    time: hours,
    mean: hours.map((at) => level((at / hourMs) % 24)),
    coverage: hours.map((at) => (level((at / hourMs) % 24) === null ? null : 1))
  })

  it('averages 23 to 07 as energy, then takes the middle of three sensors', () => {
    const quiet = sensor((hour) => (hour === 2 ? 65 : hour >= 23 || hour < 7 ? 35 : 80))
    const made = nights([quiet, quiet, sensor(() => 60)], from, from + 3 * dayMs, zone)
    expect(made.time.map(iso)).toEqual(['2026-11-20T23:00:00.000Z', '2026-11-21T23:00:00.000Z'])
    // 7 h at 35 dB and 1 h at 65 dB: 10 lg((7·10^3.5 + 10^6.5) / 8).
    expect(made.median[0]).toBeCloseTo(55.999, 2)
  })

  it('has no value with two sensors, or with fewer than 75 % of the hours', () => {
    const gappy = sensor((hour) => (hour < 3 ? null : 40))
    expect(nights([gappy, gappy, gappy], from, from + 3 * dayMs, zone).median).toEqual([null, null])
    const two = nights([sensor(() => 40), sensor(() => 40)], from, from + 3 * dayMs, zone)
    expect(two.median).toEqual([null, null])
    expect(two.sites).toEqual([2, 2])
  })
})

describe('what is said of a chart', () => {
  const range = rangeOf(params('range=custom&from=2026-11-01&until=2026-11-07'), now, zone)
  const facts = { street: 'Ashley Road', quantity: 'pm2_5', window: 'day', range } as const
  const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

  it('names what, where, by what, when, and the usual and highest value', () => {
    const series = { time: [range.from, range.from + dayMs, range.from + 4 * dayMs], value: [8, 9, 31] }
    expect(plain(chartSentence(context, facts, series))).toBe(
      'PM2.5 on Ashley Road, day by day, 1 Nov 2026 to 7 Nov 2026. Usually 9 µg/m³, highest 31 µg/m³, 5 Nov 2026.'
    )
    expect(chartSentence(context, facts, { time: [], value: [] })).toContain('No values in this period.')
  })

  it('reads a value with its middle half, or says why there is none', () => {
    const middle = {
      basis: 'sites',
      sitesNeeded: 3,
      window: 'hour',
      time: [0, 1],
      median: [8, null],
      p25: [7, null],
      p75: [9, null],
      sites: [5, 2]
    } as const
    expect(plain(middleReadOut(english, middle, 0, 'pm2_5'))).toBe(
      '8.0 µg/m³ (middle half 7.0 to 9.0 µg/m³, 5 sensors)'
    )
    expect(middleReadOut(english, middle, 1, 'pm2_5')).toBe(
      'no value: 2 sensors with enough readings, 3 needed'
    )
    expect(middleReadOut(english, { ...middle, basis: 'homes' }, 1, 'humidity')).toBe(
      'no value: not enough homes'
    )
  })

  it('writes a row of the table as people read it', () => {
    const columns = { values: [[8.25], [null]], counts: [4] }
    const rows = tableRows(context, { ...facts, window: 'hour' }, [range.from], columns)
    expect(rows).toEqual([{ time: 'Sun, 1 Nov 2026, 00:00', cells: ['8.3', '–', '4'] }])
  })

  it('saves what it draws, column by column, and lets no name become a formula', () => {
    const range = { name: '7d', from: 0, until: dayMs } as const
    const shown = {
      quantity: 'pm2_5',
      window: 'day',
      placement: 'outdoor',
      zone,
      siteId: null,
      range
    } as const
    const at = Date.parse('2026-11-01T00:00:00Z')
    const middle = { sitesNeeded: 5, window: 'day' as const, time: [at], median: [61.5], p25: [null] }
    const rest = { p75: [70], sites: [10], coverage: [1] }
    const homes = { shown, middle: { ...middle, ...rest, basis: 'homes' as const }, lines: [], alone: false }
    expect(chartCsv(homes, 'Source, CC BY 4.0')).toBe(
      'time,typical,unit\r\n2026-11-01T00:00:00.000Z,61.5,µg/m³\r\n"# Source, CC BY 4.0"\r\n'
    )
    const name = '=1+1,"x"'
    const line = { siteId: 'a', name, window: 'day' as const, time: [at, at + dayMs], value: [1.25, null] }
    const street = { ...homes, middle: { ...homes.middle, basis: 'sites' as const }, lines: [line] }
    expect(chartCsv(street, 'S').split('\r\n').slice(0, 3)).toEqual([
      `time,median,p25,p75,sensors,"'=1+1,""x""",unit`,
      '2026-11-01T00:00:00.000Z,61.5,,70,10,1.25,µg/m³',
      '2026-11-02T00:00:00.000Z,,,,,,µg/m³'
    ])
    expect(fileStem('ashley-road', shown)).toBe('ashley-road-pm2_5-day-1970-01-01-to-1970-01-02')
  })
})

describe('small things', () => {
  it.each([
    [20_000, 'just now'],
    [3 * 60_000, '3 minutes ago'],
    [5 * hourMs, '5 hours ago'],
    [40 * dayMs, '40 days ago'],
    [900 * dayMs, '2 years ago']
  ])('an age of %d ms is "%s"', (age, text) => expect(ageText(context, now - age)).toBe(text))

  it('says a moment no longer than it must', () => {
    expect(momentText(context, now)).toBe('14:30')
    expect(momentText(context, now - dayMs)).toBe('Sun 22 Nov, 14:30')
    expect(momentText(context, Date.parse('2019-04-21T20:00:00Z'))).toBe('21 Apr 2019, 21:00')
  })

  it('leaves gaps in a small line, and draws a single value as a dot', () => {
    const drawn = sparkline([1, 2, null, 3, null], domainOf([[1, 2, null, 3, null]], true), 104, 36)
    expect(drawn.path.match(/M/g)).toHaveLength(1)
    expect(drawn.dots).toHaveLength(1)
    expect(sparkline([], { low: 0, high: 1 }, 104, 36)).toEqual({ path: '', dots: [] })
  })

  it('writes units as people do', () => {
    expect([
      withUnit(english, '8', '%'),
      withUnit(english, '51', 'dB(A)'),
      withUnit(english, '100', '1')
    ]).toEqual(['8%', '51\u00a0dB', '100'])
  })
})
