/** Numbers about a place: summaries of periods, indices, dated limits, a sensor beside a reference. */
import { Type } from 'typebox'
import { ById, momentDescription, NoQuery, Query, refusal, type Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import {
  readColocationQuery,
  readExceedancesQuery,
  readIndexQuery,
  readSummaryQuery
} from '../../figures/period/read-query.ts'
import type { PeriodDeps } from '../../figures/period/deps.ts'
import { colocation } from '../../figures/period/colocation.ts'
import { Colocation } from '../../contract/colocation.ts'
import { SiteIndex } from '../../contract/air-index.ts'
import { SiteSummary, StreetNumbers } from '../../contract/summary.ts'
import { indexScaleNames, siteIndex } from '../../figures/period/air-index.ts'
import { LimitEntry, SiteExceedances } from '../../contract/exceedances.ts'
import { guidelines, siteExceedances } from '../../figures/period/exceedances.ts'
import { periodLengths } from '../../figures/period/periods.ts'
import { siteSummary } from '../../figures/period/summary.ts'
import { streetSummary } from '../../figures/period/street-summary.ts'

export const text = (description: string) => Type.Optional(Type.String({ description }))

export const figureParameters = {
  quantity: Type.String({ description: 'One of /api/v1/quantities' }),
  unit: text('Any unit of the quantity, such as ppb; its own unless given'),
  from: text(`${momentDescription}; included. The first day with a reading unless given`),
  until: text(`${momentDescription}; not included. The end of the last day with a reading unless given`),
  timezone: text("Of civil days and nights, such as Europe/London or UTC; the hub's unless given")
}

const SummaryQuery = Query({
  ...figureParameters,
  by: text(`${periodLengths.join(', ')}; all unless given`),
  percentiles: text('0 to 100, with commas; 10,50,90 unless given'),
  coverageMin: text('Share that a period needs before it has numbers; 0.75 unless given')
})

/** The public's eyes; the operator's commands ask the same functions with their own. */
export function publicFigures(deps: ApiDeps): PeriodDeps {
  return { ...deps, timezone: deps.hub.timezone, audience: 'public' }
}

export function addFigures(app: Api, deps: ApiDeps): void {
  const figures = publicFigures(deps)
  addSummaries(app, figures)
  addSiteFigures(app, figures)

  app.get(
    '/colocation',
    {
      schema: {
        operationId: 'colocation',
        summary: 'How well a sensor agrees with a reference instrument beside it',
        tags: ['numbers'],
        querystring: Query({
          site: Type.String({ description: 'Site of the sensor' }),
          reference: Type.String({ description: 'Site of the reference' }),
          ...figureParameters,
          window: text('hour or day; hour unless given')
        }),
        response: { 200: Colocation, default: refusal }
      }
    },
    (request) => colocation(figures, readColocationQuery(figures, request.query))
  )

  app.get(
    '/guidelines',
    {
      schema: {
        operationId: 'guidelines',
        summary: 'Limits and guidelines: when each holds, over what it is averaged, where it comes from',
        tags: ['numbers'],
        querystring: NoQuery,
        response: { 200: Type.Array(LimitEntry), default: refusal }
      }
    },
    () => guidelines()
  )
}

function addSummaries(app: Api, figures: PeriodDeps): void {
  app.get(
    '/sites/:id/summary',
    {
      schema: {
        operationId: 'siteSummary',
        summary: 'Count, coverage, mean, range and percentiles of periods; of sound Lden and its parts',
        tags: ['numbers'],
        params: ById,
        querystring: SummaryQuery,
        response: { 200: SiteSummary, default: refusal }
      }
    },
    (request) => siteSummary(figures, request.params.id, readSummaryQuery(figures, request.query))
  )

  app.get(
    '/streets/:id/summary',
    {
      schema: {
        operationId: 'streetSummary',
        summary: "The middle of what a street's outdoor sites say about each period",
        tags: ['numbers'],
        params: ById,
        querystring: SummaryQuery,
        response: { 200: StreetNumbers, default: refusal }
      }
    },
    (request) => streetSummary(figures, request.params.id, readSummaryQuery(figures, request.query))
  )
}

function addSiteFigures(app: Api, figures: PeriodDeps): void {
  app.get(
    '/sites/:id/index',
    {
      schema: {
        operationId: 'siteIndex',
        summary: 'An air quality index of a site, each pollutant over its own averaging period',
        tags: ['numbers'],
        params: ById,
        querystring: Query({
          scale: Type.String({ description: indexScaleNames.join(', ') }),
          values: Type.Optional(
            Type.String({
              description:
                'raw, or corrected: of the pollutants that have a correction the corrected values, named as such'
            })
          ),
          at: text(`${momentDescription}. What was over by then; now unless given`),
          timezone: figureParameters.timezone
        }),
        response: { 200: SiteIndex, default: refusal }
      }
    },
    (request) => siteIndex(figures, request.params.id, readIndexQuery(figures, request.query))
  )

  app.get(
    '/sites/:id/exceedances',
    {
      schema: {
        operationId: 'siteExceedances',
        summary: 'Compare each year of a site with the limits in force that year',
        tags: ['numbers'],
        params: ById,
        querystring: Query({
          quantity: figureParameters.quantity,
          from: figureParameters.from,
          until: figureParameters.until,
          timezone: figureParameters.timezone
        }),
        response: { 200: SiteExceedances, default: refusal }
      }
    },
    (request) => siteExceedances(figures, request.params.id, readExceedancesQuery(figures, request.query))
  )
}
