/** Weeks and calendars in words and as cells: how dark a cell is, what it says, and which hours stand out. */
import type { Profile } from '../contract/trend.ts'
import type { StreetNumbers } from '../contract/summary.ts'
import { quantities, type Quantity } from '../model/quantity.ts'
import { civilTime, type UnixMs } from '../model/time.ts'
import { isAbove } from '../science/limit.ts'
import { dateText, longDayText, middleText, withUnit } from './format.ts'
import { dayGuideline } from './guideline.ts'
import { calendarDaysMin } from './limits.ts'
import type { Series } from './series.ts'
import type { TextContext } from './words.ts'

type PatternContext = TextContext<'common' | 'street'>

export interface Cell {
  /** 0 palest to 4 darkest; undefined: no value. */
  shade: number | undefined
  text: string
}

/** Five shades between the lowest and the highest; one value alone is in the middle. */
export function shadesOf(values: readonly (number | null)[]): (number | undefined)[] {
  const known = values.filter((value) => value !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return values.map((value) => {
    if (value === null) return undefined
    return high === low ? 2 : Math.min(4, Math.floor(((value - low) / (high - low)) * 5))
  })
}

export interface Week {
  /** Seven rows of 24 cells, Monday first. */
  rows: { day: string; cells: Cell[] }[]
  /** '' without a value. */
  sentence: string
}

/** 5 January 2026 is a Monday; names of days come from the language. */
const monday = Date.UTC(2026, 0, 5, 12)
const dayLength = 24 * 3_600_000

export function weekOf(context: PatternContext, profile: Profile, quantity: Quantity): Week {
  const { words } = context
  const text = (value: number | null): string =>
    value === null
      ? words.common.nothing
      : withUnit(words, middleText(words, quantity, value), quantities[quantity].unit)
  const dayName = (weekday: number, form: 'short' | 'long'): string =>
    dateText({ words, zone: 'UTC' }, monday + (weekday - 1) * dayLength, { weekday: form })
  const valueAt = new Map(profile.points.map(({ weekday, hour, mean }) => [`${weekday} ${hour}`, mean]))
  const weekdays = [1, 2, 3, 4, 5, 6, 7]
  const hours = Array.from({ length: 24 }, (_none, hour) => hour)
  const grid = weekdays.flatMap((weekday) => hours.map((hour) => valueAt.get(`${weekday} ${hour}`) ?? null))
  const shades = shadesOf(grid)
  const rows = weekdays.map((weekday, i) => ({
    day: dayName(weekday, 'short'),
    cells: hours.map((hour) => ({ shade: shades[i * 24 + hour], text: text(grid[i * 24 + hour] ?? null) }))
  }))
  const highest = grid.reduce<number>(
    (best, value, i) => ((value ?? -Infinity) > (grid[best] ?? -Infinity) ? i : best),
    0
  )
  const lowest = grid.reduce<number>(
    (best, value, i) => ((value ?? Infinity) < (grid[best] ?? Infinity) ? i : best),
    0
  )
  const at = (i: number): string =>
    words.street.patterns.hourOf(
      dayName(Math.floor(i / 24) + 1, 'long'),
      `${String(i % 24).padStart(2, '0')}:00`
    )
  const isEmpty = grid.every((value) => value === null)
  return {
    rows,
    sentence: isEmpty
      ? ''
      : words.street.patterns.weekSentence(at(highest), text(grid[highest]!), at(lowest), text(grid[lowest]!))
  }
}

export interface CalendarDay extends Cell {
  at: number
  /** 1 Monday to 7 Sunday. */
  weekday: number
  isAbove: boolean
}

function weekdayOf({ zone }: Pick<PatternContext, 'zone'>, at: number): number {
  const { year, month, day } = civilTime(at as UnixMs, zone)
  return ((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7) + 1
}

export interface Calendar {
  days: CalendarDay[]
  sentence: string
  /** What is said of days that are not drawn, since there was nothing before the first that is; '' where there are none. */
  before: string
}

/** The days of a year, those above WHO's guideline for a day marked, with how many days had enough data. */
export function calendarOf(context: PatternContext, series: Series, quantity: Quantity): Calendar {
  const { words, zone } = context
  const say = words.street.patterns
  const shades = shadesOf(series.value)
  const days = series.time.map((at, i) => {
    const value = series.value[i] ?? null
    const limit = dayGuideline(quantity, at, zone)
    const date = dateText(context, at, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
    const shown =
      value === null
        ? say.tooLittle
        : withUnit(words, middleText(words, quantity, value), quantities[quantity].unit)
    return {
      at,
      weekday: weekdayOf(context, at),
      shade: shades[i],
      isAbove: value !== null && limit !== undefined && isAbove(limit, value),
      text: `${date}: ${shown}`
    }
  })
  const known = series.value.filter((value) => value !== null).length
  const limit = dayGuideline(quantity, series.time.at(-1) ?? context.now, zone)
  const above = days.filter((day) => day.isAbove).length
  const first = series.value.findIndex((value) => value !== null)
  const from = Math.max(0, Math.min(first, days.length - calendarDaysMin))
  return {
    days: days.slice(from),
    before: from === 0 ? '' : say.calendarBefore(longDayText(context, series.time[from]!)),
    sentence: limit
      ? say.daysAbove(
          above,
          known,
          days.length,
          withUnit(words, `${limit.stored}`, quantities[quantity].unit)
        )
      : say.daysKnown(known, days.length)
  }
}

/** Sound by the parts of the day, and between its background and its events. */
export function noiseParts(context: PatternContext, numbers: StreetNumbers): [name: string, value: string][] {
  const { words } = context
  const say = words.street.patterns.noise
  const [period] = numbers.periods
  const noise = period?.noise
  if (!period || !noise) return []
  const text = (value: number): string => withUnit(words, middleText(words, 'laeq', value), numbers.unit)
  const parts: [string, number | null][] = [
    [say.day, noise.lday],
    [say.evening, noise.levening],
    [say.night, noise.lnight],
    [say.lden(noise.label), noise.lden],
    [say.background, noise.l90],
    [say.all, period.mean],
    [say.events, noise.l90 === null || period.mean === null ? null : period.mean - noise.l90]
  ]
  return parts.flatMap(([name, value]) => (value === null ? [] : [[name, text(value)] as [string, string]]))
}
