/**
 * What stands in front of every route: the names that the hub answers to, a rate for each address, connections for each
 * address, places for what is scarce, and an end for readers that stopped reading. One address can hold up only itself.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Socket } from 'node:net'
import { plainAddress, shareOf, shownAddress } from '../../model/address.ts'
import { minuteMs, secondMs } from '../../model/time.ts'
import type { Api } from '../app.ts'
import type { ApiLog, DoorDeps } from '../deps.ts'
import {
  decodeRestTimes,
  decodeSlots,
  exportSlots,
  liveSlots,
  questionSlots,
  requestsPerMinuteMax,
  restMsMax,
  signInSlots
} from '../limits.ts'
import { ApiProblem } from '../problem.ts'
import { clientOf, type IsProxy } from './client.ts'
import { boundConnections } from './connections.ts'
import { answersTo, isForBoxes, nameIn } from './names.ts'
import { refuseName } from './name-refusal.ts'
import { RefusedBoxes } from './refused-boxes.ts'
import { Slots } from './slots.ts'
import { SlowReaders } from './slow-readers.ts'
import { StallWatch } from './stalled.ts'

export interface Doors {
  /** Waits for a place to download; given back when the answer is over, whichever way. */
  takeExport: Taking
  takeLive: Taking
  /** A question that takes the store or this thread long. */
  takeQuestion: Taking
  /** Signing in, and whatever else has a password hashed. */
  takeSignIn: Taking
  takeDecode: Taking
  /** A box was refused; false where its address had so many that it should be told to wait. */
  mayRefuse(request: FastifyRequest): boolean
}

export type Taking = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

export async function openDoors(app: Api, { isProxy, names }: DoorDeps, log: ApiLog): Promise<Doors> {
  app.addHook('onRequest', (request, reply, done) => {
    if (isForBoxes(request.url) || answersTo(request.headers.host, names)) return done()
    return refuseName(request, reply, nameIn(request.headers.host ?? '') ?? '')
  })
  await app.register(rateLimit, ratePerAddress(isProxy))
  noteStrangeProxies(app, isProxy, log)
  boundConnections(app.server, isProxy)
  const slowReaders = cutStalled(app, log)

  const refused = new RefusedBoxes(() => performance.now())
  let anonymous = 0
  const taking =
    (slots: Slots, busy: () => ApiProblem, restTimes = 0): Taking =>
    async (request, reply) => {
      const { raw } = reply
      const gone = new AbortController()
      raw.once('close', () => gone.abort())
      const place = await slots.take(shareIn(request, isProxy) ?? `proxy ${++anonymous}`, gone.signal)
      if (!place) throw busy()
      const answer = { response: raw, socket: request.raw.socket, slots, place }
      // Where nobody waits there is nobody to make room for; `inject` has no connection.
      if (slots.isWaitedFor && answer.socket instanceof Socket) slowReaders.watch(answer)
      const takenAt = performance.now()
      const end = (): void => {
        slowReaders.release(answer)
        if (restTimes === 0) place.give()
        else setTimeout(place.give, Math.min(restMsMax, restTimes * (performance.now() - takenAt))).unref()
      }
      if (raw.destroyed || raw.writableEnded) end()
      else raw.once('close', end)
    }
  return {
    takeExport: taking(new Slots(exportSlots), () =>
      refusal(
        'exportsBusy',
        'Other downloads are running, one for each address at a time. Try again in a minute.',
        60
      )
    ),
    mayRefuse: (request) => !refused.add(shareIn(request, isProxy) ?? ''),
    takeLive: taking(new Slots(liveSlots), () =>
      refusal('liveBusy', 'Too many people are watching live. Reload the page in a minute.', 60)
    ),
    takeQuestion: taking(new Slots(questionSlots), () =>
      refusal('questionsBusy', 'Many questions wait for an answer. Try again in half a minute.', 30)
    ),
    takeSignIn: taking(new Slots(signInSlots), () =>
      refusal('signInBusy', 'Too many people are signing in right now. Try again in a few seconds.', 5)
    ),
    takeDecode: taking(
      new Slots(decodeSlots),
      () => refusal('decodeBusy', 'Other messages are being tried out. Try again in a few seconds.', 5),
      decodeRestTimes
    )
  }
}

function refusal(
  code: 'exportsBusy' | 'liveBusy' | 'questionsBusy' | 'signInBusy' | 'decodeBusy',
  detail: string,
  retryAfterS: number
): ApiProblem {
  return new ApiProblem(code, detail, retryAfterS)
}

/** Whose share of something scarce a request takes; undefined for a proxy that does not say for whom it asks. */
function shareIn(request: FastifyRequest, isProxy: IsProxy): string | undefined {
  const address = clientOf(request.raw, isProxy)
  return address === undefined ? undefined : shareOf(address)
}

/**
 * For every path there is and for those there are not; also for this machine, whose addresses count each as their own. What boxes
 * push is bounded by their secret, and what is refused of it by `mayRefuse`.
 */
function ratePerAddress(isProxy: IsProxy) {
  return {
    max: requestsPerMinuteMax,
    timeWindow: minuteMs,
    keyGenerator: (request: FastifyRequest) => shareIn(request, isProxy) ?? '',
    allowList: (request: FastifyRequest) =>
      shareIn(request, isProxy) === undefined || (request.method === 'POST' && isForBoxes(request.url)),
    errorResponseBuilder: (_request: unknown, { ttl }: { ttl: number }) =>
      new ApiProblem(
        'tooManyRequests',
        `More than ${requestsPerMinuteMax} requests in a minute came from your address. For bulk data use /api/v1/readings.`,
        Math.ceil(ttl / secondMs)
      )
  }
}

/** All visitors of a proxy that is not named share the limits of one: its steward should hear of it, once. */
function noteStrangeProxies(app: Api, isProxy: IsProxy, log: ApiLog): void {
  let told = false
  app.addHook('onRequest', (request, _reply, done) => {
    if (!told && request.headers['x-forwarded-for'] !== undefined) {
      const address = plainAddress(request.socket.remoteAddress ?? '')
      told = !isProxy(address)
      if (told)
        log.warn(
          { address: shownAddress(address) },
          'A proxy that LAMPPOST_PROXIES does not name sends requests: all its visitors share the limits of one address. If it is yours, name its address there.'
        )
    }
    done()
  })
}

function cutStalled(app: Api, log: ApiLog): SlowReaders {
  const now = (): number => performance.now()
  const cut =
    (what: string) =>
    (socket: Socket): void =>
      log.warn(
        { address: shownAddress(socket.remoteAddress ?? '') },
        `An answer was cut: its reader ${what}.`
      )
  const stalled = new StallWatch(app.server, { now, onCut: cut('took nothing for half a minute') })
  const slow = new SlowReaders({ now, onCut: cut('read too slowly while others waited') })
  app.addHook('onClose', async () => {
    stalled.close()
    slow.close()
  })
  return slow
}
