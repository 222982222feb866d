/** The calendar of a year: what is drawn of a street whose measuring began in it. */
import { describe, expect, it } from 'vitest'
import { dayMs, dayStarts, type UnixMs } from '../../model/time.ts'
import { calendarOf } from '../../words/patterns.ts'
import { english } from '../support/english.ts'

const until = Date.parse('2026-11-30T00:00:00Z') as UnixMs

function calendar(daysMeasured: number) {
  const time = dayStarts((until - 365 * dayMs) as UnixMs, until, 'Europe/London')
  const value = time.map((_at, i) => (i >= time.length - daysMeasured ? 20 : null))
  return calendarOf({ words: english, zone: 'Europe/London', now: until }, { time, value }, 'pm2_5')
}

describe('the calendar', () => {
  it('begins with the first day that had enough data, and counts the year all the same', () => {
    const { days, before, sentence } = calendar(200)
    expect(days).toHaveLength(200)
    expect(before).toBe('There is nothing from before 14 May 2026.')
    expect(sentence).toMatch(/^200 of 200 days with enough data \(of 365\)/)
  })

  it('is a season long at the least, and the year where nothing was measured', () => {
    expect(calendar(3).days).toHaveLength(91)
    expect(calendar(0)).toMatchObject({ before: '', sentence: 'None of 365 days had enough data.' })
    expect(calendar(365)).toMatchObject({ before: '' })
  })
})
