/** A request that reads readings takes its turn with moves of sensors; one that a move overtakes is cut, and its reader sees that. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { MoveTurns } from '../deps.ts'
import { moveWaitMsMax } from '../limits.ts'
import { ApiProblem } from '../problem.ts'

export type Turn = ReturnType<typeof takeTurn>

/** From here to the end of the answer. */
export function takeTurn(moves: MoveTurns) {
  return async ({ raw: request }: FastifyRequest, { raw }: FastifyReply): Promise<void> => {
    const patience = new AbortController()
    const entering = moves.enter(() => request.socket.destroy())
    const leave = await Promise.race([
      entering,
      sleep(moveWaitMsMax, undefined, { signal: patience.signal, ref: false }).catch(() => undefined)
    ])
    patience.abort()
    if (!leave) {
      void entering.then((late) => late())
      throw new ApiProblem(
        'storeUnavailable',
        'A sensor is being moved, and its readings have not all followed it yet. Try again in a minute.',
        60
      )
    }
    if (raw.destroyed || raw.writableEnded) leave()
    else raw.once('close', leave)
  }
}
