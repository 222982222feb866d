/** Laws of cutting time into periods: nothing lost, nothing twice, whatever the zone and whenever its clocks change. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodLengths, partStretches, periodsOf } from '../../../figures/period/periods.ts'
import type { TimeRange } from '../../../model/columns.ts'
import { civilTime, hourMs, minuteMs, type UnixMs } from '../../../model/time.ts'

const zones = ['UTC', 'Europe/London', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kolkata']
const zone = fc.constantFrom(...zones)
const range = fc
  .tuple(fc.integer({ min: 0, max: 600_000 }), fc.integer({ min: 1, max: 20_000 }))
  .map(([startHour, quarters]): TimeRange => {
    const from = startHour * hourMs
    return { from: from as UnixMs, until: (from + quarters * 15 * minuteMs) as UnixMs }
  })

function expectWhole(pieces: readonly TimeRange[], { from, until }: TimeRange): void {
  expect(pieces[0]?.from).toBe(from)
  expect(pieces.at(-1)?.until).toBe(until)
  for (const [i, piece] of pieces.entries()) {
    expect(piece.from).toBeLessThan(piece.until)
    if (i > 0) expect(piece.from).toBe(pieces[i - 1]!.until)
  }
}

describe('periods', () => {
  it('are the whole range, each moment once', () => {
    fc.assert(
      fc.property(range, zone, fc.constantFrom(...periodLengths), (whole, timezone, by) => {
        expectWhole(periodsOf(whole, by, timezone), whole)
      }),
      { numRuns: 60 }
    )
  })

  it('begin where the calendar of the zone says', () => {
    const whole = { from: Date.UTC(2025, 11, 20) as UnixMs, until: Date.UTC(2026, 2, 10) as UnixMs }
    const months = periodsOf(whole, 'month', 'America/St_Johns').slice(1)
    for (const { from } of months) {
      expect(civilTime(from, 'America/St_Johns')).toMatchObject({ day: 1, hour: 0, minute: 0 })
    }
    expect(periodsOf(whole, 'year', 'UTC').map(({ from }) => new Date(from).getUTCFullYear())).toEqual([
      2025, 2026
    ])
  })
})

describe('day, evening and night', () => {
  it('are the whole period, each moment once, by the clock on the wall', () => {
    fc.assert(
      fc.property(range, zone, (whole, timezone) => {
        const stretches = partStretches(whole, timezone)
        expectWhole(stretches, whole)
        for (const { from, part } of stretches) {
          const { hour } = civilTime(from, timezone)
          expect(part).toBe(hour < 7 || hour >= 23 ? 2 : hour < 19 ? 0 : 1)
        }
      }),
      { numRuns: 40 }
    )
  })

  it('have a night of nine hours where clocks go back, and of seven where they go forward', () => {
    const nightHours = (day: string): number => {
      const from = Date.parse(day) as UnixMs
      const [civilDay] = periodsOf({ from, until: (from + 30 * hourMs) as UnixMs }, 'day', 'Europe/London')
      return partStretches(civilDay!, 'Europe/London')
        .filter(({ part }) => part === 2)
        .reduce((sum, stretch) => sum + (stretch.until - stretch.from) / hourMs, 0)
    }
    expect(nightHours('2026-10-24T23:00:00Z')).toBe(9)
    expect(nightHours('2026-03-29T00:00:00Z')).toBe(7)
    expect(nightHours('2026-06-01T23:00:00Z')).toBe(8)
  })
})
