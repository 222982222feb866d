/** What is a signed-in person's own: their sensors, homes and rooms. Another's id is answered like one that is not there. */
import { Type } from 'typebox'
import { OwnDamp, OwnDevice, OwnHome } from '../../contract/own.ts'
import { SiteSeries } from '../../contract/series.ts'
import { dampPeriodMs, ownDamp } from '../../figures/own/own-damp.ts'
import { ownDevices } from '../../figures/own/own-devices.ts'
import { ownHomes, ownPartOf, ownRooms, ownSite, type OwnPlaces } from '../../figures/own/own-places.ts'
import { siteSeries } from '../../figures/period/site-series.ts'
import { readChartRange, readQuantity } from '../../figures/parameters.ts'
import { ById, momentDescription, NoQuery, Query, refusal, type Api } from '../app.ts'
import { viewerOf } from '../audience.ts'
import type { ApiDeps } from '../deps.ts'
import type { Taking } from '../doors/doors.ts'
import { ApiProblem } from '../problem.ts'
import { SiteSeriesQuery } from './series.ts'

const config = { audience: 'person' } as const

export function addOwn(app: Api, deps: ApiDeps, takeQuestion: Taking): void {
  const { clock, people: own, readings, lastSeen } = deps
  const { timezone } = deps.hub

  app.get(
    '/me/homes',
    {
      config,
      schema: {
        operationId: 'myHomes',
        summary: 'My homes: their rooms, and what each agreed to',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(OwnHome), default: refusal }
      }
    },
    (request) => ownHomes(own, viewerOf(request).personId, clock.now())
  )

  app.get(
    '/me/devices',
    {
      config,
      schema: {
        operationId: 'myDevices',
        summary: 'My sensors: newest values, when last heard, coverage, battery, signal, problems',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(OwnDevice), default: refusal }
      }
    },
    (request) => ownDevices({ own, readings, clock, lastSeen }, viewerOf(request).personId)
  )

  app.get(
    '/me/damp',
    {
      preHandler: takeQuestion,
      config,
      schema: {
        operationId: 'myDamp',
        summary: 'Damp in my rooms, now and over a period; 30 days unless given',
        tags: ['account'],
        querystring: Query({
          home: Type.Optional(Type.String({ description: 'One of my homes; all unless given' })),
          from: Type.Optional(Type.String({ description: `${momentDescription}; included` })),
          until: Type.Optional(Type.String({ description: `${momentDescription}; not included` }))
        }),
        response: { 200: Type.Array(OwnDamp), default: refusal }
      }
    },
    async (request) => {
      return dampOf(deps, viewerOf(request).personId, request.query)
    }
  )

  app.get(
    '/me/sites/:id/series',
    {
      preHandler: takeQuestion,
      config,
      schema: {
        operationId: 'mySiteSeries',
        summary: 'What one of my places measured over time, indoors too',
        tags: ['account'],
        params: ById,
        querystring: SiteSeriesQuery,
        response: { 200: SiteSeries, default: refusal }
      }
    },
    async (request) => {
      const { params, query } = request
      const site = ownSite(own, viewerOf(request).personId, params.id)
      if (!site)
        throw new ApiProblem('placeUnknown', 'You have no such place. GET /api/v1/me/devices lists yours.')
      const range = readChartRange(query, clock.now(), timezone)
      return siteSeries(
        { readings, timezone },
        {
          siteId: site.siteId,
          quantity: readQuantity(query.quantity),
          range: ownPartOf(own, site, range),
          window: query.window ?? 'auto'
        }
      )
    }
  )
}

interface DampAsked {
  /** All of theirs unless given. */
  home?: string
  from?: string
  until?: string
}

/** Damp in the rooms of a person. */
export async function dampOf(
  { clock, people: own, readings, places, hub }: ApiDeps,
  personId: string,
  { home, ...period }: DampAsked = {}
): Promise<OwnDamp[]> {
  if (home !== undefined) requireOwnHome(own, personId, home)
  const rooms = ownRooms(own, personId).filter(({ homeId }) => home === undefined || homeId === home)
  const range = readChartRange(period, clock.now(), hub.timezone, dampPeriodMs)
  const asked = { own, readings, places, clock, timezone: hub.timezone }
  const answers: OwnDamp[] = []
  for (const site of rooms) answers.push(await ownDamp(asked, { site, range }))
  return answers
}

export function requireOwnHome(own: Pick<OwnPlaces, 'homes'>, personId: string, homeId: string): void {
  if (own.homes().some((home) => home.homeId === homeId && home.personId === personId)) return
  throw new ApiProblem('homeUnknown', 'You have no such home. GET /api/v1/me/homes lists yours.')
}
