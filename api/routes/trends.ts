/** What a place is like over time: an ordinary day or week, the years, and what a change to a street changed. */
import { Type } from 'typebox'
import { profileBy } from '../../science/profile.ts'
import { ById, momentDescription, Query, refusal, type Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import { readBeforeAfterQuery, readProfileQuery, readTrendQuery } from '../../figures/period/read-query.ts'
import { streetBeforeAfter } from '../../figures/period/before-after.ts'
import { placeProfile } from '../../figures/period/profile.ts'
import { placeTrend } from '../../figures/period/trend.ts'
import { BeforeAfter, Profile, Trend } from '../../contract/trend.ts'
import { figureParameters, publicFigures, text } from './figures.ts'

const places = [
  { kind: 'street', path: 'streets', of: "a street's outdoor sites" },
  { kind: 'site', path: 'sites', of: 'one outdoor site' }
] as const

export function addTrends(app: Api, deps: ApiDeps): void {
  const figures = publicFigures(deps)

  for (const { kind, path, of } of places) {
    app.get(
      `/${path}/:id/profile`,
      {
        schema: {
          operationId: `${kind}Profile`,
          summary: `An ordinary day, week or year of ${of}, with 95 % intervals`,
          tags: ['numbers'],
          params: ById,
          querystring: Query({
            ...figureParameters,
            from: text(`${momentDescription}; included. A year before "until" unless given`),
            by: text(`${profileBy.join(', ')}; hour unless given`)
          }),
          response: { 200: Profile, default: refusal }
        }
      },
      ({ params, query }) => placeProfile(figures, { kind, id: params.id }, readProfileQuery(figures, query))
    )

    app.get(
      `/${path}/:id/trend`,
      {
        schema: {
          operationId: `${kind}Trend`,
          summary: `Whether ${of} change over the years, or that no trend can be told yet`,
          tags: ['numbers'],
          params: ById,
          querystring: Query(figureParameters),
          response: { 200: Trend, default: refusal }
        }
      },
      ({ params, query }) => placeTrend(figures, { kind, id: params.id }, readTrendQuery(figures, query))
    )
  }

  app.get(
    '/streets/:id/before-after',
    {
      schema: {
        operationId: 'streetBeforeAfter',
        summary: 'What changed at a moment, beside a control street that was not changed',
        tags: ['numbers'],
        params: ById,
        querystring: Query({
          ...figureParameters,
          from: text(`${momentDescription}; included. 26 weeks before "at" unless given`),
          until: text(`${momentDescription}; not included. 26 weeks after "at" unless given`),
          at: Type.String({ description: `${momentDescription}: when the street was changed` }),
          control: text('Id of a street nearby that was not changed; without it there is no answer')
        }),
        response: { 200: BeforeAfter, default: refusal }
      }
    },
    ({ params, query }) => streetBeforeAfter(figures, readBeforeAfterQuery(figures, params.id, query))
  )
}
