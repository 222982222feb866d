/** Streets and the public sites on them, with their newest figures. */
import { Type } from 'typebox'
import type { Street } from '../../model/place.ts'
import { ById, NoQuery, refusal, type Api } from '../app.ts'
import { PublicSite, StreetDetail, StreetSummary } from '../../contract/street.ts'
import type { ApiDeps } from '../deps.ts'
import type { StreetGlance } from '../../figures/now/street-figures.ts'
import { publicSite, publicStreet } from '../../figures/places.ts'
import { siteView } from '../../figures/now/public-site.ts'

export function addPlaces(app: Api, deps: ApiDeps): void {
  app.get(
    '/streets',
    {
      schema: {
        operationId: 'streets',
        summary: 'Every street with its newest figures',
        tags: ['streets'],
        querystring: NoQuery,
        response: { 200: Type.Array(StreetSummary), default: refusal }
      }
    },
    async () => {
      const streets = deps.places.streets()
      const glances = await deps.figures.glance(streets.map(({ streetId }) => streetId))
      return streets.map((street, i) => summary(street, glances[i]!))
    }
  )

  app.get(
    '/streets/:id',
    {
      schema: {
        operationId: 'street',
        summary: 'One street, its newest figures and its outdoor sites',
        tags: ['streets'],
        params: ById,
        querystring: NoQuery,
        response: { 200: StreetDetail, default: refusal }
      }
    },
    async (request) => {
      const street = publicStreet(deps.places, request.params.id)
      const now = await deps.figures.now(street.streetId)
      return { ...summary(street, now), sites: now.sites.map((site) => siteView(deps, site, now.newest)) }
    }
  )

  app.get(
    '/sites/:id',
    {
      schema: {
        operationId: 'site',
        summary: 'One outdoor site and its newest readings',
        tags: ['sites'],
        params: ById,
        querystring: NoQuery,
        response: { 200: PublicSite, default: refusal }
      }
    },
    async (request) => {
      const site = publicSite(deps.places, request.params.id)
      return siteView(deps, site, await deps.readings.latest([site.siteId]))
    }
  )
}

function summary(street: Street, { sites, figures }: StreetGlance): StreetSummary {
  return {
    id: street.streetId,
    name: street.name,
    latest: figures,
    outdoorSites: sites.length,
    lines: street.lines.map((line) => line.map((position) => [...position])),
    attribution: street.attribution
  }
}
