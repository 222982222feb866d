/** Times of files: the tokens of a format, fixed offsets, zones, and the nights when clocks change. */
import { describe, expect, it } from 'vitest'
import { fixedClock, zoneClock, type Moment } from '../../ingest/import/local-clock.ts'
import { timeFormat, type TimeWords } from '../../ingest/import/time-format.ts'
import { offsetMs } from '../../ingest/import/wall-time.ts'
import { toIso, type UnixMs } from '../../model/time.ts'

function read(pattern: string, text: string, words: TimeWords = {}): string | undefined {
  const found = timeFormat(pattern, words)
  if (!found.ok) throw new Error(found.refusal)
  const shown = found.format.read(text)
  return shown && toIso((shown.wallMs - (shown.aheadMs ?? 0)) as UnixMs)
}

describe('a format', () => {
  it.each([
    ['YYYY-MM-DD HH:mm:ss', '2026-02-03 04:05:06', '2026-02-03T04:05:06.000Z'],
    ['YYYY-MM-DDTHH:mm:ss.SSS', '2026-02-03T04:05:06.7', '2026-02-03T04:05:06.700Z'],
    ['YYYY-MM-DDTHH:mm:ssZ', '2026-02-03T04:05:06+01:00', '2026-02-03T03:05:06.000Z'],
    ['YYYY-MM-DDTHH:mm:ssZ', '2026-02-03T04:05:06Z', '2026-02-03T04:05:06.000Z'],
    ['M/D/YYYY H:mm', '8/1/2019 7:11', '2019-08-01T07:11:00.000Z'],
    ['M/D/YYYY H:mm', '08/01/2019  07:11', '2019-08-01T07:11:00.000Z'],
    ['DD.MM.YY', '03.02.26', '2026-02-03T00:00:00.000Z'],
    ['DD.MM.YY', '03.02.98', '1998-02-03T00:00:00.000Z'],
    ['D MMM YYYY h:mm A', '3 Feb 2026 12:05 am', '2026-02-03T00:05:00.000Z'],
    ['D MMM YYYY h:mm A', '3 FEB 2026 12:05 p.m.', '2026-02-03T12:05:00.000Z'],
    ['YYYYMMDDHHmm', '202602030405', '2026-02-03T04:05:00.000Z'],
    ['[at] YYYY-MM-DD', 'at 2026-02-03', '2026-02-03T00:00:00.000Z'],
    ['YYYY-MM-DD HH:mm', '2026-12-31 24:00', '2027-01-01T00:00:00.000Z'],
    ['D MMMM YYYY', '3 February 2026', '2026-02-03T00:00:00.000Z'],
    ['D MMM YYYY', '3 may 2026', '2026-05-03T00:00:00.000Z'],
    ['MM/DD/YY hh:mm:ss A', '02/03/26 12:05:06 em', '2026-02-03T12:05:06.000Z'],
    ['MM/DD/YY hh:mm:ss A', '02/03/26 12:05:06 fm', '2026-02-03T00:05:06.000Z'],
    ['MM/DD/YY hh:mm:ss A', '02/03/26 01:05:06 p.\u00a0m.', '2026-02-03T13:05:06.000Z'],
    ['MM/DD/YY hh:mm:ss A', '02/03/26\u202f11:05:06\u202fπ.μ.', '2026-02-03T11:05:06.000Z'],
    ['MM/DD/YY hh:mm:ss A', '02/03/26 11:05:06 μμ', '2026-02-03T23:05:06.000Z'],
    ['YYYY/M/D Ahh:mm', '2026/2/3 下午04:05', '2026-02-03T16:05:00.000Z'],
    ['serial', '46056.170208333', '2026-02-03T04:05:06.000Z'],
    ['serial', '46056,5', '2026-02-03T12:00:00.000Z'],
    ['X', '1770091506.5', '2026-02-03T04:05:06.500Z'],
    ['x', '1770091506000', '2026-02-03T04:05:06.000Z']
  ])('%s reads %s', (pattern, text, moment) => {
    expect(read(pattern, text)).toBe(moment)
  })

  it.each([
    ['YYYY-MM-DD', '2026-02-30'],
    ['YYYY-MM-DD', '2026-2-3'],
    ['YYYY-MM-DD', '2026-02-03 '],
    ['YYYY-MM-DD', ''],
    ['YYYY-MM-DD HH:mm', '2026-02-03 24:01'],
    ['YYYY-MM-DD HH:mm', '2026-02-03 12:60'],
    ['YYYY-MM-DD h:mm A', '2026-02-03 13:00 pm'],
    ['YYYY-MM-DDTHH:mmZ', '2026-02-03T04:05'],
    ['YYYY-MM-DDTHH:mmZ', '2026-02-03T04:05+15:00'],
    ['MM/DD/YYYY', '13/01/2026'],
    ['YYYY-MM-DD h:mm A', '2026-02-03 11:00 xm'],
    ['serial', '46056-2']
  ])('%s does not read "%s"', (pattern, text) => {
    expect(read(pattern, text)).toBeUndefined()
  })

  it.each([
    ['dd/mm/yyyy', 'has the letter d'],
    ['YYYY-MM', 'has no day'],
    ['DD/MM HH:mm', 'has no year'],
    ['YYYY-DD', 'has no month'],
    ['YYYY-MM-DD h:mm', 'am or pm'],
    ['YYYY-MM-DD mm', 'minutes and no hour'],
    ['YYYY-MM-MM-DD', 'already given'],
    ['X YYYY', 'Unix time and something beside it']
  ])('%s is none', (pattern, why) => {
    const found = timeFormat(pattern)
    expect(found.ok ? '' : found.refusal).toContain(why)
  })

  it('takes the words of a language that is given', () => {
    const months = 'jan feb mrt apr mei jun jul aug sep okt nov dec'.split(' ')
    expect(read('D MMM YYYY', '3 mrt 2026', { months })).toBe('2026-03-03T00:00:00.000Z')
    expect(read('D MMM YYYY', '3 mar 2026', { months })).toBeUndefined()
    const dayHalves: [string, string] = ['utaman', 'wengi']
    expect(read('DD.MM.YYYY h:mm A', '03.02.2026 4:05 Wengi', { dayHalves })).toBe('2026-02-03T16:05:00.000Z')
    expect(read('DD.MM.YYYY h:mm A', '03.02.2026 4:05 pm', { dayHalves })).toBeUndefined()
  })

  it.each([
    ['M/D/YYYY H:mm', 'D/M/YYYY H:mm'],
    ['YYYYMMDD', 'YYYYDDMM'],
    ['D MMM YYYY', null],
    ['X', null]
  ])('%s with day and month exchanged is %s', (pattern, swapped) => {
    const found = timeFormat(pattern)
    expect(found.ok && found.format.swapped).toBe(swapped)
  })

  it('knows offsets that clocks have', () => {
    expect(['Z', 'UTC', '+01:00', '-0530', '+09', '+15:00', '1:00', ''].map(offsetMs)).toEqual([
      0,
      0,
      3_600_000,
      -19_800_000,
      32_400_000,
      undefined,
      undefined,
      undefined
    ])
  })
})

describe('a clock', () => {
  const wall = (text: string): number => Date.parse(`${text}Z`)
  const shown = (moment: Moment): string => (typeof moment === 'string' ? moment : toIso(moment).slice(0, 16))
  const alone = (zone: string, time: string): string => shown(zoneClock(zone, new Map())(wall(time), ''))

  it('with a fixed offset never jumps', () => {
    const clock = fixedClock(-5 * 3_600_000)
    expect(shown(clock(wall('2019-03-10T02:30'), ''))).toBe('2019-03-10T07:30')
  })

  it('in a zone is an hour ahead in summer, and never shows the hour that spring leaves out', () => {
    expect(alone('Europe/London', '2026-01-10T12:00')).toBe('2026-01-10T12:00')
    expect(alone('Europe/London', '2026-07-10T12:00')).toBe('2026-07-10T11:00')
    expect(alone('Europe/London', '2026-03-29T01:30')).toBe('neverShown')
    expect(alone('Europe/London', '2026-03-29T02:00')).toBe('2026-03-29T01:00')
    expect(alone('Europe/London', '2026-10-25T01:30')).toBe('shownTwice')
  })
})
