/**
 * What stands in front of every route: the names that the hub answers to, a rate for each address, connections for each
 * address, places for what is scarce, and an end for readers that stopped reading. One address can hold up only itself.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import { plainAddress, shareOf, shownAddress } from '../../model/address.ts'
import { minuteMs, secondMs } from '../../model/time.ts'
import type { Api } from '../app.ts'
import type { ApiLog, DoorDeps } from '../deps.ts'
import {
  connectionsMax,
  connectionsPerAddressMax,
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
import { answersTo, isForBoxes, nameIn } from './names.ts'
import { refuseName } from './name-refusal.ts'
import { RefusedBoxes } from './refused-boxes.ts'
import { Slots } from './slots.ts'
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
  app.addHook('onRequest', async (request, reply) => {
    if (isForBoxes(request.url) || answersTo(request.headers.host, names)) return
    return refuseName(request, reply, nameIn(request.headers.host ?? '') ?? '')
  })
  await app.register(rateLimit, ratePerAddress(isProxy))
  noteStrangeProxies(app, isProxy, log)
  boundConnections(app, isProxy)
  const stalled = cutStalled(app, log)

  const refused = new RefusedBoxes(() => performance.now())
  let anonymous = 0
  const taking =
    (slots: Slots, busy: () => ApiProblem, restTimes = 0): Taking =>
    async (request, reply) => {
      const { raw } = reply
      const gone = new AbortController()
      raw.once('close', () => gone.abort())
      const give = await slots.take(shareIn(request, isProxy) ?? `proxy ${++anonymous}`, gone.signal)
      if (!give) throw busy()
      const { socket } = request.raw
      stalled?.holds(socket, () => slots.isWanted)
      const takenAt = performance.now()
      const end = (): void => {
        stalled?.release(socket)
        if (restTimes === 0) give()
        else setTimeout(give, Math.min(restMsMax, restTimes * (performance.now() - takenAt))).unref()
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
  app.addHook('onRequest', async (request) => {
    const address = plainAddress(request.socket.remoteAddress ?? '')
    if (told || request.headers['x-forwarded-for'] === undefined || isProxy(address)) return
    told = true
    log.warn(
      { address: shownAddress(address) },
      'A proxy that LAMPPOST_PROXIES does not name sends requests: all its visitors share the limits of one address. If it is yours, name its address there.'
    )
  })
}

function boundConnections(app: Api, isProxy: IsProxy): void {
  const open = new Map<string, number>()
  app.server.maxConnections = connectionsMax
  app.server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '')
    if (isProxy(address)) return
    const share = shareOf(address)
    const count = (open.get(share) ?? 0) + 1
    if (count > connectionsPerAddressMax) return void socket.destroy()
    open.set(share, count)
    socket.once('close', () => {
      const left = open.get(share)! - 1
      if (left === 0) open.delete(share)
      else open.set(share, left)
    })
  })
}

function cutStalled(app: Api, log: ApiLog): StallWatch {
  const watch = new StallWatch(app.server, {
    now: () => performance.now(),
    onCut(socket, why) {
      const what =
        why === 'stalled' ? 'took nothing for half a minute' : 'read too slowly while others waited'
      log.warn(
        { address: shownAddress(socket.remoteAddress ?? '') },
        `An answer was cut: its reader ${what}.`
      )
    }
  })
  app.addHook('onClose', async () => watch.close())
  return watch
}
