/** What there is to add: kinds of boxes, and boxes that were heard behind gateways and that nobody claimed. */
import { Type } from 'typebox'
import { ClaimBody, HeardBox, SensorClaimed, SensorKind } from '../../../contract/own.ts'
import { ById, NoQuery, refusal, type Api } from '../../app.ts'
import { viewerOf } from '../../audience.ts'
import type { ApiDeps } from '../../deps.ts'
import { ApiProblem } from '../../problem.ts'
import { config } from './shared.ts'

export function addClaiming(app: Api, { hosting }: ApiDeps): void {
  app.get(
    '/me/kinds',
    {
      config,
      schema: {
        operationId: 'sensorKinds',
        summary: 'Kinds of boxes that I can add',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(SensorKind), default: refusal }
      }
    },
    () => hosting.kinds()
  )

  app.get(
    '/me/things',
    {
      config,
      schema: {
        operationId: 'heardThings',
        summary: 'Boxes that were heard behind gateways and that nobody claimed; never what they measured',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(HeardBox), default: refusal }
      }
    },
    () => hosting.heard()
  )

  app.post(
    '/me/things/:id/claim',
    {
      config,
      schema: {
        operationId: 'claimThing',
        summary: 'A box behind a gateway is mine: what it says from now on is stored',
        tags: ['account'],
        params: ById,
        querystring: NoQuery,
        body: ClaimBody,
        response: { 200: SensorClaimed, default: refusal }
      }
    },
    async (request) => {
      const { personId } = viewerOf(request)
      const claimed = await hosting.claim(personId, request.params.id, request.body)
      if (claimed) return claimed
      throw new ApiProblem(
        'thingUnknown',
        'No such box is to choose from: somebody may have claimed it, or it was silent for a day. Look at the list again.'
      )
    }
  )
}
