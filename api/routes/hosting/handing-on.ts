/** A box takes the place of another, or goes to its next host. */
import { SensorAdded, SensorOffered, SensorTaken, SwapBody, TakeBody } from '../../../contract/own.ts'
import { NoQuery, refusal, type Api } from '../../app.ts'
import { viewerOf } from '../../audience.ts'
import type { ApiDeps } from '../../deps.ts'
import type { Taking } from '../../doors/doors.ts'
import { ApiProblem } from '../../problem.ts'
import { visitOf } from '../sign-in.ts'
import { ByDevice, config, ownDevice } from './shared.ts'

export function addHandingOn(app: Api, { hosting }: ApiDeps, takeSignIn: Taking): void {
  const own = ownDevice(hosting)

  app.post(
    '/me/devices/:id/swap',
    {
      config,
      schema: {
        operationId: 'swapMySensor',
        summary: 'Another box in its place, from now on; the place keeps its history',
        tags: ['account'],
        params: ByDevice,
        querystring: NoQuery,
        body: SwapBody,
        response: { 200: SensorAdded, default: refusal }
      }
    },
    (request) => {
      const { id } = request.params
      return hosting.swap(own(request, id), id, request.body)
    }
  )

  app.post(
    '/me/devices/:id/offer',
    {
      config,
      schema: {
        operationId: 'offerMySensor',
        summary:
          'A code by which somebody else becomes its host, once, within a week; what it measured stays mine',
        tags: ['account'],
        params: ByDevice,
        querystring: NoQuery,
        response: { 200: SensorOffered, default: refusal }
      }
    },
    async (request) => {
      const { id } = request.params
      return hosting.offer(own(request, id), id)
    }
  )

  app.post(
    '/me/sensors/take',
    {
      preHandler: takeSignIn,
      config,
      schema: {
        operationId: 'takeSensor',
        summary: 'Become the host of a sensor, by the code that its host gave',
        tags: ['account'],
        querystring: NoQuery,
        body: TakeBody,
        response: { 200: SensorTaken, default: refusal }
      }
    },
    async (request) => {
      const taken = await hosting.take(viewerOf(request).personId, request.body.code, visitOf(request))
      if (taken) return taken
      throw new ApiProblem(
        'offerUnknown',
        'This code cannot be used: it was used already, has run out, or was replaced. Ask whoever gave it to you for a new one.'
      )
    }
  )
}
