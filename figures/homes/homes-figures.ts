/**
 * A street's indoor figures: made from the ledger of published days alone, which hold what model/visibility.ts let out. No
 * reading and no home is looked at here, so nothing that happens to one can show.
 */
import { figureDecimals, finiteToDecimals } from '../../model/decimals.ts'
import type { TimeRange, Window } from '../../model/columns.ts'
import { coverageMin, homesPerDayMin, homesPerHourMin } from '../../model/limits.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { clockHours, dayMs, dayStarts, nextDayStart, toIso, type UnixMs } from '../../model/time.ts'
import { levelFor } from '../../science/level.ts'
import type { StreetLatest } from '../../contract/street.ts'
import type { StreetSeries } from '../../contract/series.ts'
import type { PublishedDay } from '../../registry/promise/published-days.ts'
import type { Places } from '../places.ts'
import type { Figures } from '../now/outdoor-figures.ts'
import { civilDate } from './civil-date.ts'
import { comesOutAt } from './due.ts'

export interface HomesDeps {
  places: Pick<Places, 'publishedDays' | 'isDemo'>
  timezone: string
}

/** What people ask about their homes. The rest can be asked of the series. */
const figureQuantities = ['temperature', 'humidity'] as const satisfies readonly Quantity[]

const recentDays = 14
const weekDays = 7
/** 75 % of a week: five days would be 71 %. */
const weekDaysMin = Math.ceil(weekDays * coverageMin)

/** The last week indoors, as far as it is out, of any street: the calendar is the same for all of them. */
export function homesFigures(deps: HomesDeps, now: UnixMs): (streetId: string) => Figures {
  const { places, timezone } = deps
  const due = dayStarts((now - (recentDays + 3) * dayMs) as UnixMs, now, timezone)
    .filter((day) => comesOutAt(nextDayStart(day, timezone), places.isDemo) <= now)
    .slice(-recentDays)
  return (streetId) => {
    const figures: Figures = {}
    for (const quantity of figureQuantities) {
      const figure = weekFigure(quantity, daysOn(deps, { streetId, quantity, days: due }))
      if (figure) figures[quantity] = figure
    }
    return figures
  }
}

export function homesSeries(
  deps: HomesDeps,
  query: { streetId: string; quantity: Quantity; range: TimeRange; window: Window; grid: UnixMs[] }
): StreetSeries {
  const { quantity, window, grid } = query
  const nothing = grid.map(() => null)
  return {
    quantity,
    unit: definitionOf(quantity).unit,
    window,
    basis: 'homes',
    sitesNeeded: window === 'day' ? homesPerDayMin : homesPerHourMin,
    time: grid,
    median: window === 'day' ? dayValues(deps, query) : hourValues(deps, query),
    // Who counted, and how much they measured, would say when somebody unplugged a box.
    p25: nothing,
    p75: nothing,
    sites: nothing,
    coverage: nothing
  }
}

interface SeriesAsked {
  streetId: string
  quantity: Quantity
  grid: readonly UnixMs[]
}

function dayValues(deps: HomesDeps, { grid, ...asked }: SeriesAsked): (number | null)[] {
  return daysOn(deps, { ...asked, days: grid }).map((day) => day?.value ?? null)
}

/** Each published hour stands where the hub's clock has it now: it keeps its moment when the zone changes. */
function hourValues({ places, timezone }: HomesDeps, query: SeriesAsked): (number | null)[] {
  const { streetId, quantity, grid } = query
  const [first] = grid
  const last = grid.at(-1)
  if (first === undefined || last === undefined) return []
  const clock = clockHours(timezone)
  const range = { from: (first - 2 * dayMs) as UnixMs, until: (last + dayMs) as UnixMs }
  const byHour = new Map<UnixMs, number>()
  for (const { hours } of places.publishedDays({ streetId, quantity, ...range }))
    hours?.time.forEach((time, i) => byHour.set(clock.hourStart(time), hours.value[i]!))
  return grid.map((hour) => byHour.get(clock.hourStart(hour)) ?? null)
}

/** Of each civil day what is published under its date, which stays with it when the zone changes. */
function daysOn(
  { places, timezone }: HomesDeps,
  { streetId, quantity, days }: { streetId: string; quantity: Quantity; days: readonly UnixMs[] }
): (PublishedDay | undefined)[] {
  const [first] = days
  const last = days.at(-1)
  if (first === undefined || last === undefined) return []
  const range = { from: (first - 2 * dayMs) as UnixMs, until: (last + 2 * dayMs) as UnixMs }
  const published = places.publishedDays({ streetId, quantity, ...range })
  if (published.length === 0) return days.map(() => undefined)
  const byDate = new Map(published.map((day) => [day.date, day]))
  return days.map((day) => byDate.get(civilDate(day, timezone)))
}

/** The mean of the last seven days that are due; a week with fewer than six of them has none. */
function weekFigure(
  quantity: Quantity,
  days: readonly (PublishedDay | undefined)[]
): StreetLatest | undefined {
  const week = days.slice(-weekDays).filter((day) => day !== undefined)
  const newest = week.at(-1)
  if (week.length < weekDaysMin || newest === undefined) return undefined
  const value = finiteToDecimals(week.reduce((sum, day) => sum + day.value, 0) / week.length, figureDecimals)
  return {
    value,
    unit: definitionOf(quantity).unit,
    at: toIso(newest.until),
    basis: 'homes',
    period: 'last 7 days',
    sites: null,
    sitesTotal: null,
    coverage: null,
    level: levelFor(quantity, value),
    recent: days.map((day) => day?.value ?? null)
  }
}
