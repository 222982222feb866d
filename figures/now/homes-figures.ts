/**
 * A street's indoor figures: the middle of consenting homes, exactly as the one rule lets them out (model/visibility.ts).
 * Nothing here touches a single home's value other than to hand it to that rule.
 */
import { figureDecimals, finiteToDecimals } from '../../model/decimals.ts'
import type { AcrossSitesColumns, TimeRange, Window } from '../../model/columns.ts'
import { coverageMin, homesPerDayMin, homesPerHourMin } from '../../model/limits.ts'
import type { Site } from '../../model/place.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { dayMs, dayStarts, nextDayStart, toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { homesColumns, type MeanColumns } from '../../model/visibility.ts'
import { levelFor } from '../../science/level.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import type { StreetLatest } from '../../contract/street.ts'
import type { StreetSeries } from '../../contract/series.ts'
import type { Places } from '../places.ts'
import { countsOnGrid, onGrid, positionsOnGrid } from '../grid.ts'
import type { Figures } from './outdoor-figures.ts'

export interface HomesDeps {
  readings: Pick<ReadingReader, 'means'>
  places: Pick<Places, 'sites' | 'consents'>
  clock: Clock
  timezone: string
}

/** What people ask about their homes. The rest can be asked of the series. */
const figureQuantities = ['temperature', 'humidity'] as const satisfies readonly Quantity[]

const recentDays = 14
const weekDays = 7
/** 75 % of a week: five days would be 71 %. */
const weekDaysMin = Math.ceil(weekDays * coverageMin)

/** Changes whenever who takes part does, so that nothing computed before is shown after. */
export function homesKey(places: HomesDeps['places'], streetId: string): string {
  return consentingSites(places, streetId)
    .map((site) => `${site.siteId} ${site.homeId}`)
    .concat(places.consents().map(({ consentId, until }) => `${consentId} ${until}`))
    .join()
}

/** The last week indoors; empty below five homes. */
export async function homesFigures(deps: HomesDeps, streetId: string, now: UnixMs): Promise<Figures> {
  // A day is published a day after it ended, so three more days are asked for than are shown.
  const days = dayStarts((now - (recentDays + 3) * dayMs) as UnixMs, now, deps.timezone)
  const figures: Figures = {}
  for (const quantity of figureQuantities) {
    const columns = await homesOf(deps, { streetId, quantity, window: 'day', days })
    const figure = weekFigure(quantity, columns, days, deps.timezone, now)
    if (figure) figures[quantity] = figure
  }
  return figures
}

export async function homesSeries(
  deps: HomesDeps,
  query: { streetId: string; quantity: Quantity; range: TimeRange; window: Window; grid: UnixMs[] }
): Promise<StreetSeries> {
  const { quantity, range, window, grid } = query
  const days = window === 'day' ? grid : dayStarts(range.from, range.until, deps.timezone)
  const columns = await homesOf(deps, { ...query, days })
  const positions = positionsOnGrid(grid, columns.time)
  return {
    quantity,
    unit: definitionOf(quantity).unit,
    window,
    basis: 'homes',
    sitesNeeded: window === 'day' ? homesPerDayMin : homesPerHourMin,
    time: grid,
    median: onGrid(positions, columns.median),
    p25: onGrid(positions, columns.p25),
    p75: onGrid(positions, columns.p75),
    sites: countsOnGrid(positions, columns.sites),
    coverage: onGrid(positions, columns.coverage)
  }
}

async function homesOf(
  deps: HomesDeps,
  query: { streetId: string; quantity: Quantity; window: Window; days: readonly UnixMs[] }
): Promise<AcrossSitesColumns> {
  const { quantity, window, days: asked } = query
  const [first] = asked
  const last = asked.at(-1)
  const sites = consentingSites(deps.places, query.streetId)
  // Below five homes the rule lets nothing out, so nothing is read either.
  if (first === undefined || last === undefined || sites.length < homesPerDayMin) return nothing
  const period = { from: first, until: nextDayStart(last, deps.timezone) }
  const bySite = async (of: Window): Promise<Map<string, MeanColumns>> => {
    const siteIds = sites.map((site) => site.siteId)
    const means = await deps.readings.means({ siteIds, quantities: [quantity], window: of, ...period })
    return new Map(means.map((columns) => [columns.siteId, columns]))
  }
  const daysOf = await bySite('day')
  const hoursOf = window === 'hour' ? await bySite('hour') : undefined
  const homes = sites.map((site) => ({
    ...site,
    days: daysOf.get(site.siteId) ?? noMeans,
    ...(hoursOf ? { hours: hoursOf.get(site.siteId) ?? noMeans } : {})
  }))
  const { clock, timezone } = deps
  const consents = deps.places.consents()
  return homesColumns({ quantity, window, homes, consents, dayStarts: asked, timezone, now: clock.now() })
}

const noMeans: MeanColumns = { time: [], mean: [], coverage: [] }

const nothing: AcrossSitesColumns = { time: [], median: [], p25: [], p75: [], sites: [], coverage: [] }

/** The mean of the last seven days that may be published; a week with fewer than six of them has none. */
function weekFigure(
  quantity: Quantity,
  columns: AcrossSitesColumns,
  days: readonly UnixMs[],
  timezone: string,
  now: UnixMs
): StreetLatest | undefined {
  const over = days.filter((day) => nextDayStart(nextDayStart(day, timezone), timezone) <= now)
  const positions = positionsOnGrid(over.slice(-recentDays), columns.time)
  const week = positions.slice(-weekDays).filter((i) => i !== undefined)
  const values = week.map((i) => columns.median[i] ?? null).filter((value) => value !== null)
  const newest = week.at(-1)
  if (values.length < weekDaysMin || newest === undefined) return undefined
  const value = finiteToDecimals(average(values), figureDecimals)
  const homes = Math.min(...week.map((i) => columns.sites[i] ?? 0))
  return {
    value,
    unit: definitionOf(quantity).unit,
    at: toIso(nextDayStart(columns.time[newest] ?? now, timezone)),
    basis: 'homes',
    period: 'last 7 days',
    sites: homes,
    sitesTotal: homes,
    coverage: finiteToDecimals(average(week.map((i) => columns.coverage[i] ?? 0)), figureDecimals),
    level: levelFor(quantity, value),
    recent: onGrid(positions, columns.median)
  }
}

function consentingSites(places: HomesDeps['places'], streetId: string): Site[] {
  const agreed = new Set(
    places
      .consents()
      .filter(({ purpose, until }) => purpose === 'street' && until === null)
      .map(({ homeId }) => homeId)
  )
  return places
    .sites()
    .filter((site) => site.streetId === streetId && site.placement === 'indoor' && agreed.has(site.homeId))
    .toSorted((a, b) => (a.siteId < b.siteId ? -1 : 1))
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
