/** How much is driven at an hour of a weekday, against the mean of all hours. */
import { isWeekend } from './calendar.ts'

/** Two peaks on working days, one broad hill at weekends: the shape that road counters in English towns show. */
const workday = [
  0.2, 0.12, 0.09, 0.09, 0.14, 0.36, 0.88, 1.58, 1.72, 1.32, 1.22, 1.27, 1.33, 1.33, 1.4, 1.6, 1.82, 1.86,
  1.48, 1.06, 0.78, 0.6, 0.46, 0.31
]
const weekend = [
  0.32, 0.22, 0.17, 0.13, 0.13, 0.2, 0.36, 0.58, 0.86, 1.18, 1.42, 1.52, 1.56, 1.5, 1.44, 1.4, 1.36, 1.3,
  1.14, 0.92, 0.72, 0.58, 0.48, 0.4
]

/** `localHour` from 0 to 24, fractions between the middles of the hours. */
export function trafficFlow(localHour: number, weekday: number): number {
  const profile = isWeekend(weekday) ? weekend : workday
  const middle = localHour - 0.5
  const hour = Math.floor(middle)
  const before = profile[(hour + 24) % 24]!
  const after = profile[(hour + 25) % 24]!
  return before + (after - before) * (middle - hour)
}

/** 0 to 1 on a school day: cars and children from 8:20 to 9:00 and from 14:55 to 15:40. */
export function dailySchoolRun(localHour: number): number {
  return bump(localHour, 8.33, 9) + bump(localHour, 14.92, 15.67)
}

function bump(hour: number, from: number, until: number): number {
  if (hour <= from || hour >= until) return 0
  return Math.sin((Math.PI * (hour - from)) / (until - from)) ** 0.7
}
