/** What every path of a signed-in person's own things has in common. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { viewerOf } from '../../audience.ts'
import type { ApiDeps } from '../../deps.ts'
import { ApiProblem } from '../../problem.ts'

export const config = { audience: 'person' } as const
export const done = { done: true } as const
export const ByDevice = Type.Object({ id: Type.String({ maxLength: 100 }) })

/** Who asks, where the sensor is theirs. Another's sensor is answered like one that is not there. */
export function ownDevice(
  hosting: ApiDeps['hosting']
): (request: FastifyRequest, deviceId: string) => string {
  return (request, deviceId) => {
    const { personId } = viewerOf(request)
    if (hosting.isTheirs(personId, deviceId)) return personId
    throw new ApiProblem('deviceUnknown', 'You have no such sensor. GET /api/v1/me/devices lists yours.')
  }
}
