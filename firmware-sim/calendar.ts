/** The wall clock of the neighbourhood: what people do follows local time, school terms and weekends. */
import { hoursMax } from './limits.ts'
import { dayMs, hourMs, zoneAheadMs, type UnixMs } from '../model/time.ts'

export class Calendar {
  readonly zone: string
  readonly #aheadMsOf = new Map<number, number>()
  #hour = NaN
  #aheadMs = 0

  constructor(zone: string) {
    this.zone = zone
  }

  /** How far local time is ahead of UTC; clocks change on a whole UTC hour, so one answer serves an hour. */
  aheadMs(at: number): number {
    const hour = Math.floor(at / hourMs)
    if (hour !== this.#hour) {
      this.#aheadMs = this.#look(hour)
      this.#hour = hour
    }
    return this.#aheadMs
  }

  /** Asking Intl takes 10 µs, and every box of a history asks for the same hours. */
  #look(hour: number): number {
    const known = this.#aheadMsOf.get(hour)
    if (known !== undefined) return known
    const aheadMs = zoneAheadMs((hour * hourMs) as UnixMs, this.zone)
    if (this.#aheadMsOf.size >= hoursMax) this.#aheadMsOf.clear()
    this.#aheadMsOf.set(hour, aheadMs)
    return aheadMs
  }
}

/** Days since 1 January 1970 on the local calendar. */
export function localDay(localMs: number): number {
  return Math.floor(localMs / dayMs)
}

/** 0 is Sunday: 1 January 1970 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

export function isWeekend(weekday: number): boolean {
  return weekday === 0 || weekday === 6
}

/** First and last day of each holiday as month × 100 + day: the usual pattern of English schools, the same every year. */
const schoolHolidays: readonly (readonly [first: number, last: number])[] = [
  [101, 103],
  [214, 221],
  [401, 414],
  [526, 601],
  [722, 902],
  [1024, 1101],
  [1219, 1231]
]

export function isSchoolDay(day: number): boolean {
  if (isWeekend(weekdayOf(day))) return false
  const date = new Date(day * dayMs)
  const monthDay = (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
  return !schoolHolidays.some(([first, last]) => first <= monthDay && monthDay <= last)
}
