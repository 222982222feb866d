/** The hour that a clock shows twice: rows in either direction, repeated, several for a minute, or too few to tell. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundsOf } from '../../ingest/import/doubled-hours.ts'
import { DoubledHourSurvey } from '../../ingest/import/doubled-survey.ts'
import { zoneClock } from '../../ingest/import/local-clock.ts'
import { minuteMs, toIso, type UnixMs } from '../../model/time.ts'

const wall = (day: string, time: string): number => Date.parse(`${day}T${time}:00Z`)

/** Moments of rows that a clock showed, by the survey of a whole file and a second reading. */
function moments(zone: string, walls: readonly number[], series = (_index: number): string => ''): string[] {
  const survey = new DoubledHourSurvey(zone)
  walls.forEach((wallMs, index) => survey.clock(wallMs, series(index)))
  const clock = zoneClock(zone, survey.rounds())
  return walls.map((wallMs, index) => {
    const moment = clock(wallMs, series(index))
    return typeof moment === 'string' ? moment : toIso(moment).slice(11, 16)
  })
}

const london = (times: string): string[] =>
  moments(
    'Europe/London',
    times.split(' ').map((time) => wall('2026-10-25', time))
  )

describe('rows of a night when clocks go back', () => {
  it.each([
    ['by hours', '00:00 01:00 01:00 02:00', '23:00 00:00 01:00 02:00'],
    ['by half hours', '00:30 01:00 01:30 01:00 01:30', '23:30 00:00 00:30 01:00 01:30'],
    ['the newest first', '02:00 01:30 01:00 01:30 01:00 00:30', '02:00 01:30 01:00 00:30 00:00 23:30'],
    ['by hours, the newest first', '02:00 01:00 01:00 00:00', '02:00 01:00 00:00 23:00'],
    [
      'one of them repeated in the first round',
      '00:30 01:00 01:00 01:30 01:00 01:30 02:00',
      '23:30 00:00 00:00 00:30 01:00 01:30 02:00'
    ],
    [
      'one of them repeated in the second round',
      '00:30 01:00 01:30 01:00 01:30 01:30 02:00',
      '23:30 00:00 00:30 01:00 01:30 01:30 02:00'
    ],
    [
      'two for each minute that is shown',
      '00:40 00:40 01:00 01:00 01:20 01:20 01:40 01:40 01:00 01:00 01:20 01:20 01:40 01:40 02:00 02:00',
      '23:40 23:40 00:00 00:00 00:20 00:20 00:40 00:40 01:00 01:00 01:20 01:20 01:40 01:40 02:00 02:00'
    ],
    ['beginning in the second round', '01:00 01:20 01:40 02:00 02:20', '01:00 01:20 01:40 02:00 02:20'],
    ['ending in the first round', '00:20 00:40 01:00 01:20 01:40', '23:20 23:40 00:00 00:20 00:40'],
    [
      'with a gap in the second round',
      '00:30 00:45 01:00 01:15 01:30 01:45 01:30 01:45 02:00',
      '23:30 23:45 00:00 00:15 00:30 00:45 01:30 01:45 02:00'
    ]
  ])('%s are of the rounds that they are of', (_what, times, expected) => {
    expect(london(times).join(' ')).toBe(expected)
  })

  it.each([
    ['has them once, and rows on both sides', '00:30 01:00 01:30 02:00 02:30'],
    ['holds nothing else', '01:00 01:20 01:40'],
    ['has one a day', '01:30']
  ])('are of neither round where a file %s', (_what, times) => {
    const found = london(times)
    expect(found.filter((moment) => moment === 'shownTwice')).toHaveLength(
      times.split(' ').filter((time) => time.startsWith('01')).length
    )
  })

  it.each([
    [
      'of the first round stands among those of the second',
      '00:45 01:15 01:30 01:45 01:00 01:00 01:15 01:30 01:45 02:00',
      '23:45 00:15 00:30 00:45 ? ? 01:15 01:30 01:45 02:00'
    ],
    [
      'of the first round is 75 minutes late',
      '00:45 01:15 01:30 01:45 01:00 01:15 01:00 01:30 01:45 02:00',
      '23:45 ? ? ? ? ? ? ? ? 02:00'
    ],
    [
      'of the second round is 75 minutes early',
      '00:45 01:00 01:15 01:45 01:30 01:45 01:00 01:15 01:30 02:00',
      '23:45 ? ? ? ? ? ? ? ? 02:00'
    ],
    [
      'is 75 minutes out of place, the newest first',
      '02:00 01:30 01:15 01:00 01:45 01:30 01:45 01:15 01:00 00:45',
      '02:00 ? ? ? ? ? ? ? ? 23:45'
    ],
    [
      'is one of three for its minute',
      '00:45 00:45 01:00 01:15 01:15 01:30 01:30 01:45 01:45 01:00 01:00 01:15 01:15 01:00 01:30 01:30 01:45 01:45 02:00 02:00',
      '23:45 23:45 ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? ? 02:00 02:00'
    ]
  ])('are not told where one of them %s', (_what, times, expected) => {
    expect(
      london(times)
        .map((moment) => (moment === 'shownTwice' ? '?' : moment))
        .join(' ')
    ).toBe(expected)
  })

  // What the clock showed, and in the same order when that was.
  it.each([
    [
      'one missed before the doubled hour, and the second round',
      '23:13 23:43 00:13 01:13 01:43 02:13 02:43 03:13',
      '22:13 22:43 23:13 00:13 00:43 02:13 02:43 03:13'
    ],
    [
      'some missed, and others half an hour late',
      '23:11 23:26 23:41 23:56 00:11 00:26 01:11 01:26 01:41 01:56 02:11 00:41 00:56 02:26 02:41 02:56',
      '22:11 22:26 22:41 22:56 23:11 23:26 00:11 00:26 00:41 00:56 02:11 23:41 23:56 02:26 02:41 02:56'
    ],
    [
      'one repeated, and an hour missed',
      '23:00 23:30 00:00 00:30 01:00 01:00 01:30 02:00 02:30 03:00',
      '22:00 22:30 23:00 23:30 00:00 00:00 01:30 02:00 02:30 03:00'
    ],
    [
      'two stretches missed',
      '23:16 23:46 00:16 00:46 01:16 02:16 03:16',
      '22:16 22:46 23:16 23:46 01:16 02:16 03:16'
    ],
    [
      'two that are far from their places',
      '23:15 00:15 23:45 00:45 01:15 01:45 02:15 01:15 01:45 02:45 03:15',
      '22:15 23:15 22:45 23:45 01:15 01:45 02:15 00:15 00:45 02:45 03:15'
    ]
  ])('a file with two faults at once is read right or refused: %s', (_what, times, truth) => {
    const walls = times.split(' ').map((time) => wall(time > '22' ? '2026-10-24' : '2026-10-25', time))
    const found = moments('Europe/London', walls)
    truth.split(' ').forEach((at, i) => expect([at, 'shownTwice']).toContain(found[i]))
    expect(found.filter((at) => at !== 'shownTwice').length).toBeGreaterThan(4)
  })

  it('are told for each sensor of a file by itself', () => {
    const times = '00:00 00:00 01:00 01:00 01:00 01:00 02:00 02:00'.split(' ')
    const walls = times.map((time) => wall('2026-10-25', time))
    const each = moments('Europe/London', walls, (index) => (index % 2 === 0 ? 'a' : 'b'))
    expect(each).toEqual(['23:00', '23:00', '00:00', '00:00', '01:00', '01:00', '02:00', '02:00'])
  })

  it('are told where half an hour is shown twice, and each year anew', () => {
    const lordHowe = ['01:00', '01:30', '01:45', '01:30', '01:45', '02:00']
    const years = ['2026-04-05', '2027-04-04']
    const walls = years.flatMap((day) => lordHowe.map((time) => wall(day, time)))
    const year = ['14:00', '14:30', '14:45', '15:00', '15:15', '15:30']
    expect(moments('Australia/Lord_Howe', walls)).toEqual([...year, ...year])
  })
})

describe('whatever the interval and the direction', () => {
  it('a file without gaps comes out as it was measured', () => {
    const interval = fc.constantFrom(1, 2, 5, 10, 15, 20, 30, 60)
    const start = fc.integer({ min: 0, max: 59 })
    fc.assert(
      fc.property(
        interval,
        start,
        fc.boolean(),
        fc.integer({ min: 1, max: 3 }),
        (minutes, late, isForward, each) => {
          // Two hours before the change and two after it: 23:00 to 03:00 UTC, shown in London's time.
          const first = Date.UTC(2026, 9, 24, 23, late)
          const count = Math.floor((4 * 60 - late) / minutes)
          const real = Array.from({ length: count }, (_, i) => first + i * minutes * minuteMs).flatMap((at) =>
            Array.from({ length: each }, () => at)
          )
          const change = Date.UTC(2026, 9, 25, 1)
          const inOrder = isForward ? real : real.toReversed()
          const walls = inOrder.map((at) => at + (at < change ? 60 * minuteMs : 0))
          const expected = inOrder.map((at) => toIso(at as UnixMs).slice(11, 16))
          // At one row an hour and several of each, a row of the next round cannot be told from one that is repeated.
          fc.pre(minutes < 60 || each === 1)
          expect(moments('Europe/London', walls)).toEqual(expected)
        }
      )
    )
  })

  it('a row far from its place is read right or refused', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 5, 10, 15, 20, 30),
        fc.integer({ min: 0, max: 59 }),
        fc.boolean(),
        fc.nat(),
        fc.integer({ min: -150, max: 150 }),
        (minutes, late, isForward, place, movedMinutes) => {
          const first = Date.UTC(2026, 9, 24, 22, late)
          const count = Math.floor((6 * 60 - late) / minutes)
          const real = Array.from({ length: count }, (_, i) => first + i * minutes * minuteMs)
          const moved = real[place % count]!
          const key = (at: number): number => at + (at === moved ? movedMinutes * minuteMs + 1 : 0)
          const inOrder = real.toSorted((a, b) => (isForward ? 1 : -1) * (key(a) - key(b)))
          const change = Date.UTC(2026, 9, 25, 1)
          const walls = inOrder.map((at) => at + (at < change ? 60 * minuteMs : 0))
          const found = moments('Europe/London', walls)
          for (const [i, at] of inOrder.entries())
            expect([toIso(at as UnixMs).slice(11, 16), 'shownTwice']).toContain(found[i])
        }
      ),
      { numRuns: 300 }
    )
  })

  it('has an answer for each row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3_599_999 }), { minLength: 1, maxLength: 50 }),
        (wallMs) => {
          const run = { wallMs, laterMs: 3_600_000, beforeMs: null, afterMs: null, intervalMs: 60_000 }
          expect(roundsOf(run)).toHaveLength(wallMs.length)
        }
      )
    )
  })
})
