/** Hours and days of clocks that are off the whole hour, that jump by half an hour, and over midnight. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockHours, dayMs, hourMs, minuteMs, parseIsoZoned, toIso, type UnixMs } from '../../model/time.ts'

const at = (text: string): UnixMs => parseIsoZoned(text)!

/** Each row: a moment and the hour that it lies in. */
const hours: [zone: string, moment: string, start: string, minutes: number][] = [
  ['UTC', '2026-11-22T10:59:59.999Z', '2026-11-22T10:00Z', 60],
  ['Europe/London', '2026-11-22T10:30Z', '2026-11-22T10:00Z', 60],
  ['Asia/Kathmandu', '2026-11-22T10:14:59.999Z', '2026-11-22T09:15Z', 60],
  ['Asia/Kathmandu', '2026-11-22T10:15Z', '2026-11-22T10:15Z', 60],
  ['Asia/Kolkata', '2026-11-22T10:15Z', '2026-11-22T09:30Z', 60],
  // Clocks go from 02:00 to 03:00 and back from 03:00 to 02:00: the doubled hour is two.
  ['Australia/Adelaide', '2026-10-03T16:29Z', '2026-10-03T15:30Z', 60],
  ['Australia/Adelaide', '2026-10-03T16:30Z', '2026-10-03T16:30Z', 60],
  ['Australia/Adelaide', '2026-04-04T16:29Z', '2026-04-04T15:30Z', 60],
  ['Australia/Adelaide', '2026-04-04T16:30Z', '2026-04-04T16:30Z', 60],
  ['Europe/Berlin', '2026-10-25T00:59Z', '2026-10-25T00:00Z', 60],
  ['Europe/Berlin', '2026-10-25T01:00Z', '2026-10-25T01:00Z', 60],
  // Changes at 02:45 and 03:45 of its own clock.
  ['Pacific/Chatham', '2026-09-26T13:59Z', '2026-09-26T13:15Z', 45],
  ['Pacific/Chatham', '2026-09-26T14:00Z', '2026-09-26T14:00Z', 15],
  ['Pacific/Chatham', '2026-09-26T14:15Z', '2026-09-26T14:15Z', 60],
  ['Pacific/Chatham', '2026-04-04T13:59Z', '2026-04-04T13:15Z', 45],
  ['Pacific/Chatham', '2026-04-04T14:00Z', '2026-04-04T14:00Z', 15],
  // Half an hour on: from 02:00 to 02:30.
  ['Australia/Lord_Howe', '2026-10-03T15:29Z', '2026-10-03T14:30Z', 60],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z', '2026-10-03T15:30Z', 30],
  ['Australia/Lord_Howe', '2026-10-03T16:00Z', '2026-10-03T16:00Z', 60],
  // …and back, from 02:00 to 01:30: the clock stays in the same hour.
  ['Australia/Lord_Howe', '2026-04-04T14:10Z', '2026-04-04T14:00Z', 90],
  ['Australia/Lord_Howe', '2026-04-04T15:29Z', '2026-04-04T14:00Z', 90],
  ['Australia/Lord_Howe', '2026-04-04T15:30Z', '2026-04-04T15:30Z', 60],
  // Midnight is missing once a year in Cairo, and comes twice in Havana.
  ['Africa/Cairo', '2026-04-23T22:00Z', '2026-04-23T22:00Z', 60],
  ['America/Havana', '2026-11-01T04:59Z', '2026-11-01T04:00Z', 60],
  ['America/Havana', '2026-11-01T05:00Z', '2026-11-01T05:00Z', 60],
  // Until 2011 St John's changed at one minute past midnight.
  ['America/St_Johns', '2010-11-07T02:30:59Z', '2010-11-07T02:30Z', 1],
  ['America/St_Johns', '2010-11-07T02:31Z', '2010-11-07T02:31Z', 59],
  ['Europe/London', '1969-12-31T23:30Z', '1969-12-31T23:00Z', 60]
]

/** Each row: a moment, and the day that it lies in. */
const days: [zone: string, moment: string, start: string, hours: number][] = [
  ['Asia/Kathmandu', '2026-11-22T18:14:59Z', '2026-11-21T18:15Z', 24],
  ['Asia/Kathmandu', '2026-11-22T18:15Z', '2026-11-22T18:15Z', 24],
  ['Australia/Adelaide', '2026-10-04T00:00Z', '2026-10-03T14:30Z', 23],
  ['Australia/Adelaide', '2026-04-05T00:00Z', '2026-04-04T13:30Z', 25],
  ['Australia/Lord_Howe', '2026-10-04T00:00Z', '2026-10-03T13:30Z', 23.5],
  ['Australia/Lord_Howe', '2026-04-05T00:00Z', '2026-04-04T13:00Z', 24.5],
  ['Pacific/Chatham', '2026-09-27T00:00Z', '2026-09-26T11:15Z', 23],
  ['Pacific/Chatham', '2026-04-05T00:00Z', '2026-04-04T10:15Z', 25],
  ['Africa/Cairo', '2026-04-24T10:00Z', '2026-04-23T22:00Z', 23],
  ['America/Havana', '2026-11-01T05:30Z', '2026-11-01T04:00Z', 25],
  ['America/Havana', '2026-11-01T04:30Z', '2026-11-01T04:00Z', 25],
  ['Pacific/Apia', '2011-12-30T09:59Z', '2011-12-29T10:00Z', 24],
  ['Pacific/Apia', '2011-12-30T10:00Z', '2011-12-30T10:00Z', 24],
  // The minute after the first midnight belongs to the day that comes back.
  ['America/St_Johns', '2010-11-07T02:30:30Z', '2010-11-06T02:30Z', 25],
  ['America/St_Johns', '2010-11-07T03:00Z', '2010-11-06T02:30Z', 25],
  ['America/St_Johns', '2010-11-07T03:30Z', '2010-11-07T03:30Z', 24]
]

describe('hours of a local clock', () => {
  it.each(hours)('%s: %s lies in the hour from %s of %d minutes', (zone, moment, start, minutes) => {
    const hour = clockHours(zone).hour(at(moment))
    expect([toIso(hour.start), (hour.until - hour.start) / minuteMs]).toEqual([toIso(at(start)), minutes])
  })

  it.each(days)('%s: %s lies in the day from %s of %d hours', (zone, moment, start, length) => {
    const day = clockHours(zone).day(at(moment))
    expect([toIso(day.start), (day.until - day.start) / hourMs]).toEqual([toIso(at(start)), length])
  })

  const zones = Intl.supportedValuesOf('timeZone')
  const anyMoment = fc.integer({ min: Date.UTC(1930, 0), max: Date.UTC(2037, 0) })

  it('follow each other without a gap, and days are whole hours of theirs, in every zone there is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyMoment, (zone, moment) => {
        const clock = clockHours(zone)
        const hour = clock.hour(moment)
        expect(hour.start).toBeLessThanOrEqual(moment)
        expect(hour.until).toBeGreaterThan(moment)
        expect(hour.until - hour.start).toBeLessThan(2 * hourMs)
        expect(clock.hourStart(hour.until)).toBe(hour.until)
        expect(clock.hourEnd(hour.start - 1)).toBe(hour.start)
        const day = clock.day(moment)
        expect(day.start).toBeLessThanOrEqual(moment)
        expect(day.until).toBeGreaterThan(moment)
        expect(clock.hourStart(day.start)).toBe(day.start)
        expect(clock.dayStart(day.until - 1)).toBe(day.start)
        const starts = clock.hourStarts(day.start, day.until)
        expect(starts[0]).toBe(day.start)
        expect(clock.hourEnd(starts.at(-1)!)).toBe(day.until)
      }),
      { numRuns: 400, seed: 11 }
    )
  })

  it('are as far ahead of UTC as the calendar of the system says', () => {
    const wallClock = new Map<string, Intl.DateTimeFormat>()
    const shown = (zone: string, moment: number): string => {
      const format =
        wallClock.get(zone) ??
        new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
      wallClock.set(zone, format)
      return format.format(moment)
    }
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyMoment, (zone, moment) => {
        const wall = new Date(moment + clockHours(zone).aheadMs(moment)).toISOString()
        expect(wall.slice(0, 19).replace('T', ' ')).toBe(shown(zone, moment))
      }),
      { numRuns: 400, seed: 12 }
    )
  })

  it('are the hours that touch a period, with their ends', () => {
    const from = at('2026-04-04T13:45Z')
    const found = clockHours('Australia/Lord_Howe').hours(from, (from + dayMs / 12) as UnixMs)
    expect(
      found.map(({ start, until }) => `${toIso(start).slice(11, 16)}–${toIso(until).slice(11, 16)}`)
    ).toEqual(['13:00–14:00', '14:00–15:30', '15:30–16:30'])
  })
})
