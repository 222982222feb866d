/** Series for charts: what a street or a site measured over a period, at a resolution that a chart can draw. */
import { Type } from 'typebox'
import { coverageMin, chartPointsMax, seriesPointsMax, streetSitesMin } from '../../model/limits.ts'
import type { AcrossSitesColumns, RollupColumns, TimeRange, Window } from '../../model/columns.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import { ById, momentDescription, Query, refusal, type Api } from '../app.ts'
import { SiteSeries, StreetSeries, type SiteRollupSeries } from '../../contract/series.ts'
import type { ApiDeps } from '../deps.ts'
import { chartWindow, laid, laidCounts, places, windowStarts } from '../../figures/grid.ts'
import { homesSeries } from '../../figures/now/homes-figures.ts'
import { coveredMean } from '../../figures/now/outdoor-figures.ts'
import { ApiProblem } from '../problem.ts'
import { publicSite, publicSitesOf, publicStreet } from '../../figures/places.ts'
import { readChartRange, readQuantity } from '../../figures/parameters.ts'
import {
  correctedNote,
  correctionOfWindows,
  entryOf,
  isCorrected,
  type CorrectedNote
} from '../../figures/corrections.ts'
import type { CorrectedQuery } from '../../store/promise/read.ts'

const period = {
  from: Type.Optional(
    Type.String({ description: `${momentDescription}; included. 7 days before "until" unless given` })
  ),
  until: Type.Optional(Type.String({ description: `${momentDescription}; not included. Now unless given` }))
}

const quantity = Type.String({ description: 'One of /api/v1/quantities' })

const StreetSeriesQuery = Query({
  quantity,
  ...period,
  window: Type.Optional(
    Type.Union([Type.Literal('auto'), Type.Literal('hour'), Type.Literal('day')], {
      description: 'auto: hours while a chart can draw them, days beyond'
    })
  ),
  placement: Type.Optional(
    Type.Union([Type.Literal('outdoor'), Type.Literal('indoor')], {
      description: 'indoor: the middle of consenting homes, published late and only from several homes up'
    })
  )
})

const SiteSeriesQuery = Query({
  quantity,
  ...period,
  window: Type.Optional(
    Type.Union([Type.Literal('auto'), Type.Literal('raw'), Type.Literal('hour'), Type.Literal('day')], {
      description: 'auto: single readings while a chart can draw them, then hours, then days'
    })
  )
})

export function addSeries(app: Api, deps: ApiDeps): void {
  app.get(
    '/streets/:id/series',
    {
      schema: {
        operationId: 'streetSeries',
        summary: "The middle of a street's sites over time",
        tags: ['streets'],
        params: ById,
        querystring: StreetSeriesQuery,
        response: { 200: StreetSeries, default: refusal }
      }
    },
    async (request) => {
      const street = publicStreet(deps.places, request.params.id)
      const asked = request.query
      const query = { streetId: street.streetId, quantity: readQuantity(asked.quantity) }
      const range = readChartRange(asked, deps.clock.now())
      const window = !asked.window || asked.window === 'auto' ? chartWindow(range) : asked.window
      const grid = windowStarts(range, window, deps.hub.timezone)
      return asked.placement === 'indoor'
        ? homesSeries({ ...deps, timezone: deps.hub.timezone }, { ...query, range, window, grid })
        : {
            ...(await streetSeries(deps, { ...query, range, window, grid })),
            ...(await noteOfStreet(deps, query, range))
          }
    }
  )

  app.get(
    '/sites/:id/series',
    {
      schema: {
        operationId: 'siteSeries',
        summary: 'What one outdoor site measured over time',
        tags: ['sites'],
        params: ById,
        querystring: SiteSeriesQuery,
        response: { 200: SiteSeries, default: refusal }
      }
    },
    async (request): Promise<SiteSeries> => {
      const { siteId } = publicSite(deps.places, request.params.id)
      const query = { siteId, quantity: readQuantity(request.query.quantity) }
      const range = readChartRange(request.query, deps.clock.now())
      const window = await siteWindow(deps, { ...query, ...range }, request.query.window ?? 'auto')
      return window === 'raw'
        ? rawSeries(deps, { ...query, ...range })
        : rollupSeries(deps, { ...query, range, window })
    }
  )
}

interface StreetQuery {
  streetId: string
  quantity: Quantity
  range: TimeRange
  window: Window
  grid: UnixMs[]
}

async function streetSeries(deps: ApiDeps, query: StreetQuery): Promise<StreetSeries> {
  const { streetId, quantity, range, window, grid } = query
  const siteIds = publicSitesOf(deps.places, streetId).map((site) => site.siteId)
  const columns =
    siteIds.length === 0
      ? noSites
      : await deps.readings.acrossSites({
          siteIds,
          quantity,
          window,
          from: grid[0] ?? range.from,
          until: range.until,
          coverageMin
        })
  const enough = (column: readonly (number | null)[]): (number | null)[] =>
    column.map((value, i) => ((columns.sites[i] ?? 0) >= streetSitesMin ? value : null))
  const placed = places(grid, columns.time)
  return {
    quantity,
    unit: definitionOf(quantity).unit,
    window,
    basis: 'sites',
    sitesNeeded: streetSitesMin,
    time: grid,
    median: laid(placed, enough(columns.median)),
    p25: laid(placed, enough(columns.p25)),
    p75: laid(placed, enough(columns.p75)),
    sites: laidCounts(placed, columns.sites),
    coverage: laid(placed, columns.coverage)
  }
}

function noteOfStreet(
  deps: ApiDeps,
  { streetId, quantity }: Pick<StreetQuery, 'streetId' | 'quantity'>,
  range: TimeRange
): Promise<CorrectedNote> {
  const siteIds = publicSitesOf(deps.places, streetId).map((site) => site.siteId)
  return correctedNote(deps.readings, siteIds, quantity, range)
}

const noSites: AcrossSitesColumns = { time: [], median: [], p25: [], p75: [], sites: [], coverage: [] }

interface SiteQuery extends TimeRange {
  siteId: string
  quantity: Quantity
}

async function siteWindow(
  deps: ApiDeps,
  query: SiteQuery,
  asked: 'auto' | 'raw' | Window
): Promise<'raw' | Window> {
  if (asked === 'hour' || asked === 'day') return asked
  const countMax = asked === 'raw' ? seriesPointsMax : chartPointsMax
  // One more than may be, so that the limit itself still passes.
  const count = await deps.readings.count(query, countMax + 1)
  if (count <= countMax) return 'raw'
  if (asked === 'auto') return chartWindow(query)
  throw new ApiProblem(
    'tooManyPoints',
    `That would be more than ${seriesPointsMax} readings. Ask for window=hour, a shorter period, or use /api/v1/readings.`
  )
}

async function rawSeries(deps: ApiDeps, query: SiteQuery): Promise<SiteSeries> {
  const { siteId, quantity } = query
  if (isCorrected(quantity)) return correctedSeries(deps, { ...query, siteId, quantity })
  const { time, value, flag } = await deps.readings.raw(query)
  return {
    quantity: query.quantity,
    unit: definitionOf(query.quantity).unit,
    window: 'raw',
    time,
    value,
    flag
  }
}

async function correctedSeries(deps: ApiDeps, query: CorrectedQuery): Promise<SiteSeries> {
  const { time, value, flag, corrections, correction } = await deps.readings.corrected(query)
  const { hoursLeft } = await deps.readings.recomputing()
  return {
    quantity: query.quantity,
    unit: definitionOf(query.quantity).unit,
    window: 'raw',
    time,
    value,
    flag,
    correction,
    corrections: corrections.map((row) => entryOf(query.siteId, row)),
    recomputing: hoursLeft > 0
  }
}

async function rollupSeries(
  deps: ApiDeps,
  query: { siteId: string; quantity: Quantity; range: TimeRange; window: Window }
): Promise<SiteRollupSeries> {
  const { siteId, quantity, range, window } = query
  const grid = windowStarts(range, window, deps.hub.timezone)
  const until = range.until
  const columns = await deps.readings.rollup({ siteId, quantity, window, from: grid[0] ?? range.from, until })
  const placed = places(grid, columns.time)
  return {
    quantity,
    unit: definitionOf(quantity).unit,
    window,
    time: grid,
    mean: laid(placed, coveredMeans(columns)),
    min: laid(placed, columns.min),
    max: laid(placed, columns.max),
    p10: laid(placed, columns.p10),
    p50: laid(placed, columns.p50),
    p90: laid(placed, columns.p90),
    count: laidCounts(placed, columns.count),
    coverage: laid(placed, columns.coverage),
    ...(await noteOfWindows(deps, query, grid, placed))
  }
}

async function noteOfWindows(
  deps: ApiDeps,
  { siteId, quantity, range }: { siteId: string; quantity: Quantity; range: TimeRange },
  grid: readonly UnixMs[],
  placed: readonly (number | undefined)[]
): Promise<CorrectedNote & { correction?: (number | null)[] }> {
  if (!isCorrected(quantity)) return {}
  const from = grid[0] ?? range.from
  const rows = await deps.readings.corrections({ siteIds: [siteId], quantity, from, until: range.until })
  const made = correctionOfWindows(
    rows.map(({ row }) => row),
    grid,
    (i) => grid[i + 1] ?? range.until
  )
  return {
    ...(await correctedNote(deps.readings, [siteId], quantity, { from, until: range.until })),
    correction: made.map((index, i) => (placed[i] === undefined ? null : index))
  }
}

function coveredMeans(columns: RollupColumns): (number | null)[] {
  return columns.time.map((_time, i) => coveredMean(columns, i))
}
