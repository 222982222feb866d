/** A street over time: the middle of its outdoor sites in each hour or day, or what is published of its homes. */
import type { AcrossSitesColumns, TimeRange, Window } from '../../model/columns.ts'
import { coverageMin, streetSitesMin } from '../../model/limits.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import type { Clock, UnixMs } from '../../model/time.ts'
import type { StreetSeries } from '../../contract/series.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import { notesOf } from '../left-out.ts'
import { chartWindow, countsOnGrid, onGrid, positionsOnGrid, windowStarts } from '../grid.ts'
import { homesSeries } from '../homes/homes-figures.ts'
import { countedSitesOf, type Places } from '../places.ts'

export interface StreetSeriesDeps {
  readings: Pick<ReadingReader, 'acrossSites' | 'failures' | 'corrections' | 'recomputing'>
  places: Pick<Places, 'sites' | 'devices' | 'deployments' | 'publishedDays' | 'isDemo'>
  clock: Clock
  timezone: string
}

export interface StreetSeriesQuery {
  streetId: string
  quantity: Quantity
  range: TimeRange
  window: 'auto' | Window
  placement: 'outdoor' | 'indoor'
}

export async function streetSeries(deps: StreetSeriesDeps, query: StreetSeriesQuery): Promise<StreetSeries> {
  const window = query.window === 'auto' ? chartWindow(query.range) : query.window
  const grid = windowStarts(query.range, window, deps.timezone)
  return query.placement === 'indoor'
    ? homesSeries(deps, { ...query, window, grid })
    : await outdoorSeries(deps, { ...query, window, grid })
}

interface GridQuery extends StreetSeriesQuery {
  window: Window
  grid: UnixMs[]
}

async function outdoorSeries(
  { readings, places }: StreetSeriesDeps,
  query: GridQuery
): Promise<StreetSeries> {
  const { streetId, quantity, range, window, grid } = query
  const siteIds = countedSitesOf(places, streetId).map((site) => site.siteId)
  const columns =
    siteIds.length === 0
      ? noSites
      : await readings.acrossSites({
          siteIds,
          quantity,
          window,
          from: grid[0] ?? range.from,
          until: range.until,
          coverageMin
        })
  const enough = (column: readonly (number | null)[]): (number | null)[] =>
    column.map((value, i) => ((columns.sites[i] ?? 0) >= streetSitesMin ? value : null))
  const positions = positionsOnGrid(grid, columns.time)
  return {
    quantity,
    unit: definitionOf(quantity).unit,
    window,
    basis: 'sites',
    sitesNeeded: streetSitesMin,
    time: grid,
    median: onGrid(positions, enough(columns.median)),
    p25: onGrid(positions, enough(columns.p25)),
    p75: onGrid(positions, enough(columns.p75)),
    sites: countsOnGrid(positions, columns.sites),
    coverage: onGrid(positions, columns.coverage),
    ...(await notesOf(readings, siteIds, quantity, range))
  }
}

const noSites: AcrossSitesColumns = { time: [], median: [], p25: [], p75: [], sites: [], coverage: [] }
