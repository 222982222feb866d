/** Streets and the public sites on them, with their newest figures. */
import { Type } from 'typebox'
import type { Street } from '../../model/place.ts'
import { toIso } from '../../model/time.ts'
import type { Annotation } from '../../registry/promise/desk.ts'
import { ById, NoQuery, refusal, type Api } from '../app.ts'
import { SiteDetail, StreetDetail, StreetSummary } from '../../contract/street.ts'
import type { ApiDeps } from '../deps.ts'
import type { StreetGlance } from '../../figures/now/street-figures.ts'
import { publicSite, publicStreet } from '../../figures/places.ts'
import { hardwareOf, siteViews } from '../../figures/now/public-site.ts'

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
    () => streetSummaries(deps)
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
    (request) => streetDetail(deps, request.params.id)
  )

  app.get(
    '/sites/:id',
    {
      schema: {
        operationId: 'site',
        summary: 'One outdoor site: its newest readings, and what is known of its box',
        tags: ['sites'],
        params: ById,
        querystring: NoQuery,
        response: { 200: SiteDetail, default: refusal }
      }
    },
    async (request) => {
      const site = publicSite(deps.places, request.params.id)
      return {
        ...siteViews(deps)(site, await deps.readings.latest([site.siteId])),
        streetName: deps.places.street(site.streetId)?.name ?? '',
        hardware: hardwareOf(deps, site.siteId)
      }
    }
  )
}

export async function streetSummaries(deps: Pick<ApiDeps, 'places' | 'figures'>): Promise<StreetSummary[]> {
  const streets = deps.places.streets()
  const glances = await deps.figures.glance(streets.map(({ streetId }) => streetId))
  return streets.map((street, i) => summary(street, glances[i]!))
}

export async function streetDetail(deps: ApiDeps, streetId: string): Promise<StreetDetail> {
  const street = publicStreet(deps.places, streetId)
  const now = await deps.figures.now(street.streetId)
  const viewOf = siteViews(deps)
  return {
    ...summary(street, now),
    sites: now.sites.map((site) => viewOf(site, now.newest)),
    annotations: deps.places.annotations(street.streetId).map(shownAnnotation)
  }
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

function shownAnnotation({ from, until, text }: Annotation): StreetDetail['annotations'][number] {
  return { from: toIso(from), until: until === null ? null : toIso(until), text }
}
