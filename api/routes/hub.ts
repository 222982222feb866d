/** The hub itself: is it well, what is it called, which quantities does it know. */
import { Type } from 'typebox'
import { definitionOf, quantityNames, sourceOf } from '../../model/quantity.ts'
import { visibleSites } from '../../model/visibility.ts'
import { NoQuery, refusal, type Api } from '../app.ts'
import { Health, HubInfo, QuantityEntry } from '../../contract/hub.ts'
import type { ApiDeps } from '../deps.ts'

export function addHub(app: Api, deps: ApiDeps): void {
  app.get(
    '/health',
    {
      schema: {
        operationId: 'health',
        summary: 'Is the hub well?',
        description: 'Answers 503 when unready, so that a supervisor or a proxy needs no JSON.',
        tags: ['hub'],
        querystring: NoQuery,
        response: { 200: Health, 503: Health }
      },
      // A supervisor that asks often must never be told "too many requests".
      config: { rateLimit: false }
    },
    async (_request, reply) => {
      const health = deps.health()
      return reply.code(health.status === 'unready' ? 503 : 200).send(health)
    }
  )

  app.get(
    '/hub',
    {
      schema: {
        operationId: 'hub',
        summary: 'Name, time zone and licence of this hub, and how much it holds',
        tags: ['hub'],
        querystring: NoQuery,
        response: { 200: HubInfo, default: refusal }
      }
    },
    () => hubInfo(deps)
  )

  app.get(
    '/quantities',
    {
      schema: {
        operationId: 'quantities',
        summary: 'What can be measured: units, limits, how it is averaged',
        tags: ['hub'],
        querystring: NoQuery,
        response: { 200: Type.Array(QuantityEntry), default: refusal }
      }
    },
    () => quantityTable
  )
}

export function hubInfo({ hub, places, clock }: Pick<ApiDeps, 'hub' | 'places' | 'clock'>): HubInfo {
  const { name, timezone, licence, version, demo, mqttPort, notice } = hub
  const streets = places.streets().length
  // Counting indoor sites would already say that somebody has one.
  const sites = visibleSites('public', places.sites()).length
  return { name, timezone, now: clock.now(), licence, version, demo, mqttPort, streets, sites, notice }
}

const quantityTable: QuantityEntry[] = quantityNames.map((quantity) => {
  const { label, unit, ucum, subject, decimals, average, ...limits } = definitionOf(quantity)
  return {
    quantity,
    label,
    unit,
    ucum,
    subject,
    limits,
    decimals,
    average,
    source: sourceOf(quantity) ?? null
  }
})
