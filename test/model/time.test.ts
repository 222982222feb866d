/** Moments read and written, and civil days in zones where midnight is missing, comes twice, or the day itself is skipped. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  civilTime,
  dayMs,
  dayStart,
  dayStarts,
  fromCivil,
  fromUnixNumber,
  hourMs,
  hourStart,
  isTimeZone,
  nextDayStart,
  parseIsoZoned,
  spokenTime,
  readMoment,
  systemClock,
  toIso,
  zoneAheadMs,
  type UnixMs
} from '../../model/time.ts'

const at = (text: string): UnixMs => parseIsoZoned(text)!

const zones = [
  'UTC',
  'Europe/London',
  'Europe/Berlin',
  'America/New_York',
  'America/Havana', // Clocks change at midnight and at one.
  'America/Sao_Paulo', // Until 2019 midnight was missing once a year.
  'America/Asuncion',
  'Africa/Cairo',
  'Asia/Kathmandu', // 5:45 ahead.
  'Australia/Lord_Howe', // Summer time is half an hour.
  'Pacific/Apia', // 30 December 2011 never was.
  'Antarctica/Troll'
]

describe('ISO 8601 with a zone', () => {
  it('is the same moment whether UTC is written as Z, which has a shorter way, or as an offset', () => {
    const number = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'))
    const date = fc.tuple(fc.constantFrom('00', '01', '19', '20', '99'), number, number, number)
    const clock = fc.tuple(
      number,
      number,
      number,
      fc.constantFrom('', '.5', '.05', '.123456789', '.1234567890', '.')
    )
    fc.assert(
      fc.property(date, clock, ([century, year, month, day], [hour, minute, second, fraction]) => {
        const wall = `${century}${year}-${month}-${day} ${hour}:${minute}:${second}${fraction}`
        expect(parseIsoZoned(`${wall}Z`), wall).toBe(parseIsoZoned(`${wall}+00:00`))
      }),
      { numRuns: 20_000 }
    )
    const msMax = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1000, 0, 1), max: msMax }), (ms) => {
        expect(parseIsoZoned(toIso(ms as UnixMs))).toBe(ms)
      })
    )
  })

  const rows: [text: string, iso: string | undefined][] = [
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22t10:00:00z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22 10:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T11:00:00+01:00', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T11:00:00+0100', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T11:00:00+01', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T04:15:00-05:45', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00.5Z', '2026-11-22T10:00:00.500Z'],
    ['2026-11-22T10:00:00,123456789Z', '2026-11-22T10:00:00.123Z'],
    ['2026-12-31T23:59:59.999999999Z', '2026-12-31T23:59:59.999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-02-30T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-11-22T24:00:00Z', undefined],
    ['2026-11-22T10:60:00Z', undefined],
    ['2026-11-22T10:00:60Z', undefined],
    ['2026-11-22T10:00:00+24:00', undefined],
    ['2026-11-22T10:00:00+01:60', undefined],
    ['0050-01-01T00:00:00Z', undefined],
    ['2026-11-22T10:00:00', undefined],
    ['2026-11-22', undefined],
    ['yesterday', undefined],
    ['', undefined]
  ]
  it.each(rows)('%s', (text, iso) => {
    const read = parseIsoZoned(text)
    expect(read === undefined ? undefined : toIso(read)).toBe(iso)
  })

  it.each([
    ['2026-07-01', 'Europe/London', '2026-06-30T23:00:00.000Z'],
    ['2026-01-01', 'Europe/London', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
    ['1780000000000', 'Europe/London', '2026-05-28T20:26:40.000Z'],
    ['2026-07-01T00:00:00Z', 'Europe/London', '2026-07-01T00:00:00.000Z'],
    ['2026-02-30', 'UTC', undefined],
    ['2026-07-01T00:00:00', 'UTC', undefined],
    ['99999999999999999', 'UTC', undefined]
  ])('%s where the zone is %s', (text, zone, iso) => {
    const read = readMoment(text, zone)
    expect(read === undefined ? undefined : toIso(read)).toBe(iso)
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2199-12-31'), noInvalidDate: true }), (date) => {
        const moment = date.getTime() as UnixMs
        expect(parseIsoZoned(toIso(moment))).toBe(moment)
      })
    )
  })
})

describe('Unix time', () => {
  it.each([
    [1_763_805_600, 1_763_805_600_000],
    [1_763_805_600.25, 1_763_805_600_250],
    [1_763_805_600_123, 1_763_805_600_123],
    [0, 0]
  ])('%d is %d ms', (number, ms) => expect(fromUnixNumber(number)).toBe(ms))

  it('of the system is now', () => {
    expect(toIso(systemClock.now())).toMatch(/^2\d{3}-/)
  })
})

describe('zones', () => {
  it('are known or not', () => {
    expect(zones.filter((zone) => !isTimeZone(zone))).toEqual([])
    expect(['', 'Mars/Olympus', 'Europe/'].filter(isTimeZone)).toEqual([])
  })

  it('show the wall clock', () => {
    const summer = at('2026-07-01T22:30:05Z')
    expect(civilTime(summer, 'Europe/Berlin')).toEqual({
      year: 2026,
      month: 7,
      day: 2,
      hour: 0,
      minute: 30,
      second: 5
    })
    expect(zoneAheadMs(summer, 'Europe/Berlin')).toBe(2 * hourMs)
    expect(zoneAheadMs(summer, 'America/New_York')).toBe(-4 * hourMs)
    expect(zoneAheadMs((summer + 321) as UnixMs, 'Asia/Kathmandu')).toBe(5.75 * hourMs)
  })

  it('of two equal wall times give the first, of a missing one the moment after the gap', () => {
    const wall = (day: number, month: number, hour: number, minute: number): string =>
      toIso(fromCivil({ year: 2026, month, day, hour, minute, second: 0 }, 'Europe/London'))
    expect(wall(25, 10, 1, 30)).toBe('2026-10-25T00:30:00.000Z')
    expect(wall(25, 10, 2, 0)).toBe('2026-10-25T02:00:00.000Z')
    expect(wall(29, 3, 1, 30)).toBe('2026-03-29T01:30:00.000Z')
    expect(wall(29, 3, 2, 0)).toBe('2026-03-29T01:00:00.000Z')
  })
})

describe('times as people read them', () => {
  it.each([
    ['2026-11-30T21:14:59.999Z', 'Europe/London', '30 Nov 2026, 21:14'],
    ['2026-07-01T23:30:00Z', 'Europe/London', '2 Jul 2026, 00:30'],
    ['2027-01-01T04:05:00Z', 'America/New_York', '31 Dec 2026, 23:05']
  ])('%s in %s', (at, zone, says) => {
    expect(spokenTime(parseIsoZoned(at)!, zone)).toBe(says)
  })
})

describe('civil days', () => {
  it.each([
    ['an ordinary day', '2026-07-01T12:00:00Z', 'Europe/London', '2026-06-30T23:00:00.000Z', 24],
    ['clocks forward', '2026-03-29T12:00:00Z', 'Europe/London', '2026-03-29T00:00:00.000Z', 23],
    ['clocks back', '2026-10-25T12:00:00Z', 'Europe/London', '2026-10-24T23:00:00.000Z', 25],
    ['half an hour', '2026-04-05T02:00:00Z', 'Australia/Lord_Howe', '2026-04-04T13:00:00.000Z', 24.5],
    ['midnight missing', '2018-11-04T12:00:00Z', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 23],
    ['midnight twice', '2024-11-03T12:00:00Z', 'America/Havana', '2024-11-03T04:00:00.000Z', 25],
    [
      'the day before one that never was',
      '2011-12-29T20:00:00Z',
      'Pacific/Apia',
      '2011-12-29T10:00:00.000Z',
      24
    ]
  ])('%s', (_what, moment, zone, start, hours) => {
    const begin = dayStart(at(moment), zone)
    expect(toIso(begin)).toBe(start)
    expect((nextDayStart(begin, zone) - begin) / hourMs).toBe(hours)
  })

  it('hold every moment once, and follow each other', () => {
    const moment = fc
      .integer({ min: Date.UTC(2000, 0), max: Date.UTC(2037, 0) })
      .map((time) => time as UnixMs)
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (time, zone) => {
        const start = dayStart(time, zone)
        const next = nextDayStart(start, zone)
        expect(start).toBeLessThanOrEqual(time)
        expect(next).toBeGreaterThan(time)
        expect(dayStart(start, zone)).toBe(start)
        expect(dayStart((next - 1) as UnixMs, zone)).toBe(start)
        expect(dayStart(next, zone)).toBe(next)
      }),
      { numRuns: 500 }
    )
  })

  it('that touch a range are all listed', () => {
    const days = dayStarts(at('2026-10-24T12:00:00Z'), at('2026-10-26T00:00:00Z'), 'Europe/London')
    // Two days and no third: midnight of the 26th is exclusive.
    expect(days.map(toIso)).toEqual(['2026-10-23T23:00:00.000Z', '2026-10-24T23:00:00.000Z'])
    expect(dayStarts(at('2026-10-24T12:00:00Z'), at('2026-10-24T12:00:00Z'), 'UTC')).toHaveLength(1)
    const year = dayStarts(at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z'), 'Europe/Berlin')
    expect(year).toHaveLength(366)
    expect(dayMs * 365).toBe(at('2027-01-01T00:00:00Z') - at('2026-01-01T00:00:00Z'))
  })
})

describe('hours', () => {
  it('begin at whole hours of UTC, before 1970 too', () => {
    expect(toIso(hourStart(at('2026-11-22T10:59:59.999Z')))).toBe('2026-11-22T10:00:00.000Z')
    expect(hourStart(-1 as UnixMs)).toBe(-hourMs)
  })
})
