/** Series for charts: what a street or a site measured over a period, at a resolution that a chart can draw. */
import { Type } from 'typebox'
import { ById, momentDescription, Query, refusal, type Api } from '../app.ts'
import { SiteSeries, StreetSeries } from '../../contract/series.ts'
import type { ApiDeps } from '../deps.ts'
import { publicSite, publicStreet } from '../../figures/places.ts'
import { isDerived } from '../../model/derived.ts'
import { derivedSeries } from '../../figures/period/derived-series.ts'
import { siteSeries } from '../../figures/period/site-series.ts'
import { streetSeries } from '../../figures/period/street-series.ts'
import { readChartRange, readQuantity } from '../../figures/parameters.ts'

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
      description:
        'indoor: what is typical of consenting homes: days that were published once, late, and only from several homes up'
    })
  )
})

export const SiteSeriesQuery = Query({
  quantity,
  ...period,
  window: Type.Optional(
    Type.Union([Type.Literal('auto'), Type.Literal('raw'), Type.Literal('hour'), Type.Literal('day')], {
      description: 'auto: single readings while a chart can draw them, then hours, then days'
    })
  )
})

export function addSeries(app: Api, deps: ApiDeps): void {
  const series = { ...deps, timezone: deps.hub.timezone }

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
    ({ params, query }) =>
      streetSeries(series, {
        streetId: publicStreet(deps.places, params.id).streetId,
        quantity: readQuantity(query.quantity),
        range: readChartRange(query, deps.clock.now(), deps.hub.timezone),
        window: query.window ?? 'auto',
        placement: query.placement ?? 'outdoor'
      })
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
    ({ params, query }) => {
      const asked = {
        siteId: publicSite(deps.places, params.id).siteId,
        range: readChartRange(query, deps.clock.now(), deps.hub.timezone),
        window: query.window ?? 'auto'
      } as const
      return isDerived(query.quantity)
        ? derivedSeries(series, { ...asked, quantity: query.quantity })
        : siteSeries(series, { ...asked, quantity: readQuantity(query.quantity) })
    }
  )
}
