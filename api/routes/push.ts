/**
 * Boxes that push over HTTP: `/push/<family>` with a password, `/push/<family>/<token>`, and the paths that some firmware fixes. The
 * answer that a firmware takes for success leaves only once the message is on disk.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { payloadBytesMax } from '../../model/limits.ts'
import { minuteMs, secondMs } from '../../model/time.ts'
import type { Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import type { Doors } from '../doors/doors.ts'
import { pushesAtOncePerDeviceMax, pushesAtOnceMax, pushWaitMsMax } from '../limits.ts'
import { ApiProblem } from '../problem.ts'
import type { PushDoor, PushFamily, PushRequest, PushSender } from '../push.ts'

/** Paths after the first two parts belong to the family: its own endpoints, as The Things Stack's `/up`. */
interface PushParams {
  family?: string
  token?: string
  '*'?: string
}

type Pushed = FastifyRequest & { sender?: PushSender; contentType?: string | undefined }

export async function addPush(
  app: Api,
  { push }: Pick<ApiDeps, 'push'>,
  { mayRefuse }: Pick<Doors, 'mayRefuse'>
): Promise<void> {
  app.server.on('clientError', (error: Error & { rawPacket?: unknown }) => {
    if (error.rawPacket instanceof Uint8Array) push.stray(error.rawPacket)
  })
  await app.register(async (api: Api) => {
    // Every body is kept as it comes, whatever its sender calls it.
    api.removeAllContentTypeParsers()
    api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    const lanes = new Lanes()
    const families = new Map(push.pushFamilies.map((family) => [family.name, family]))
    const knownFamily = (name: string | undefined): PushFamily => {
      const family = families.get(name ?? '')
      if (family) return family
      throw new ApiProblem(
        'pathUnknown',
        `Nothing is pushed to this path. Families that push: ${[...families.keys()].join(', ')}.`
      )
    }
    // A router's word for a body is often none that HTTP knows; it says nothing here.
    api.addHook('onRequest', (request: Pushed, _reply, done) => {
      const { headers } = request.raw
      request.contentType = headers['content-type']
      headers['content-type'] = 'application/octet-stream'
      done()
    })
    // Before the body is read: what nobody signed costs no memory. No promise either: thousands of boxes come through here.
    const lettingIn =
      (senderOf: (request: Pushed) => PushSender) =>
      (request: Pushed, _reply: FastifyReply, done: (refusal?: Error) => void): void => {
        try {
          request.sender = senderOf(request)
          refuseEncoding(push, request)
        } catch (refusal) {
          // Whoever showed a secret is not counted.
          return done(request.sender || mayRefuse(request) ? asError(refusal) : tired())
        }
        done()
      }
    const bySecret = lettingIn((request) => {
      const { family, token } = request.params as PushParams
      const { tokenOf } = knownFamily(family)
      return senderBySecret(push, request, tokenOf ? tokenOf(asked(request)) : token)
    })
    const answer = (request: Pushed, reply: FastifyReply): Promise<FastifyReply> =>
      take(push, lanes, knownFamily((request.params as PushParams).family), request, reply)
    const hidden = {
      schema: { hide: true },
      onRequest: bySecret,
      errorHandler: tellTooLarge(push),
      // Two bytes are never packed, and what boxes push is bounded by their secret.
      compress: false as const,
      // Headers that tell a browser what a page may do; no browser sees these answers.
      helmet: false as const,
      config: { rateLimit: false as const }
    }
    api.post('/push/:family', hidden, answer)
    api.post('/push/:family/:token', hidden, answer)
    api.post('/push/:family/:token/*', hidden, answer)
    for (const family of push.pushFamilies) {
      if (!family.fixed) continue
      const { path, addressOf } = family.fixed
      const byAddress = lettingIn((request) => {
        const token = family.tokenOf?.(asked(request))
        return token !== undefined || request.headers.authorization
          ? senderBySecret(push, request, token)
          : senderByAddress(push, family, addressOf(asked(request)))
      })
      const fixed = { ...hidden, onRequest: byAddress }
      api.post(path, fixed, (request: Pushed, reply) => take(push, lanes, family, request, reply))
    }
  })
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause))
}

function senderBySecret(push: PushDoor, request: FastifyRequest, token: string | undefined): PushSender {
  if (token === undefined && typeof (request.query as Record<string, unknown>)['token'] === 'string') {
    throw new ApiProblem(
      'secretMisplaced',
      'A token belongs into the path, /push/<family>/<token>: query strings are written into logs on the way. Give the box a new one.'
    )
  }
  const sender = token === undefined ? byBasic(push, request.headers.authorization) : push.byToken(token)
  if (sender) return sender
  throw new ApiProblem(
    'secretWrong',
    token === undefined
      ? 'User name and password are not those of a device. Send them by HTTP Basic, or push to /push/<family>/<token>.'
      : 'There is no such token. Compare it with what "device add" printed, or make a new one: npx lamppost device rotate.'
  )
}

/** A lone "Basic" is what airRohr sends where no name was typed in. */
function byBasic(push: PushDoor, header: string | undefined): PushSender | undefined {
  const encoded = /^Basic\s+(\S+)\s*$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [, username, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  return username === undefined || password === undefined ? undefined : push.byPassword(username, password)
}

function senderByAddress(
  push: PushDoor,
  { name, label }: PushFamily,
  address: string | undefined
): PushSender {
  const sender = push.byAddress(name, address)
  if (typeof sender === 'object') return sender
  if (sender === 'unauthenticatedOff') {
    throw new ApiProblem(
      'unauthenticatedOff',
      `This hub takes no box without a secret. Set ${label} to push to /push/${name}/<token>, or ask the steward to allow it.`
    )
  }
  throw new ApiProblem(
    'boxUnknown',
    `No box with this address was added. Add it: npx lamppost device add --dialect ${name} --address …`
  )
}

/** No firmware that pushes to us packs its bodies, and what is packed would reach the journal unread. */
function refuseEncoding(push: PushDoor, request: Pushed): void {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity' || request.sender === undefined) return
  push.tell(request.sender.deviceId, {
    code: 'payloadEncoding',
    message: `a body came packed (${encoding.slice(0, 20)}) and was refused; send it unpacked`
  })
  throw new ApiProblem('encodingUnknown', 'The body is packed. Send it without Content-Encoding.')
}

async function take(
  push: PushDoor,
  lanes: Lanes,
  family: PushFamily,
  request: Pushed,
  reply: FastifyReply
): Promise<FastifyReply> {
  const sender = request.sender!
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array()
  const leave = await lanes.enter(sender.deviceId)
  try {
    await kept(push, sender, family.topicOf(asked(request)), body)
  } finally {
    leave()
  }
  return reply.code(family.okStatus).header('cache-control', 'no-store').type('application/json').send('{}')
}

/** Resolves when the message is on disk. */
function kept(push: PushDoor, sender: PushSender, topic: string, body: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(busy()), pushWaitMsMax)
    push.accept(sender, topic, body, (failure) => {
      clearTimeout(timer)
      if (failure) reject(busy())
      else resolve()
    })
  })
}

function busy(): ApiProblem {
  return new ApiProblem(
    'pushBusy',
    'The message could not be kept now, so it was not taken. Send it again later; the health page says why.',
    retryAfterS
  )
}
const retryAfterS = 30

/** Never 429, which some firmware takes for success. */
function tired(): ApiProblem {
  return new ApiProblem(
    'pushBusy',
    'Too many boxes were refused from your address in the last minute. Correct their secrets.',
    minuteMs / secondMs
  )
}

/** Requests at once are bounded for each device and for all: one more waits, and is sent away after a while. */
class Lanes {
  readonly #lanes = new Map<string, { inside: number; waiting: (() => void)[] }>()
  #count = 0

  async enter(deviceId: string): Promise<() => void> {
    if (this.#count >= pushesAtOnceMax) throw busy()
    let lane = this.#lanes.get(deviceId)
    if (!lane) this.#lanes.set(deviceId, (lane = { inside: 0, waiting: [] }))
    const { waiting } = lane
    this.#count++
    if (lane.inside >= pushesAtOncePerDeviceMax) await this.#turn(waiting)
    else lane.inside++
    return () => this.#leave(deviceId)
  }

  async #turn(waiting: (() => void)[]): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(go), 1)
        this.#count--
        reject(busy())
      }, pushWaitMsMax)
      const go = (): void => {
        clearTimeout(timer)
        resolve()
      }
      waiting.push(go)
    })
  }

  /** Whoever waits takes the place of the one who leaves. */
  #leave(deviceId: string): void {
    const lane = this.#lanes.get(deviceId)!
    this.#count--
    const next = lane.waiting.shift()
    if (next) return next()
    lane.inside--
    if (lane.inside === 0) this.#lanes.delete(deviceId)
  }
}

function asked(request: Pushed): PushRequest {
  const params = request.params as Record<string, string>
  const query = request.query as Record<string, unknown>
  return {
    header(name) {
      const value = name === 'content-type' ? request.contentType : request.headers[name]
      return typeof value === 'string' ? value : undefined
    },
    query(name) {
      const value = query[name]
      return typeof value === 'string' ? value : undefined
    },
    params,
    rest: params['*'] ?? ''
  }
}

/** Its host hears of a body that was too large, as of a message over MQTT. */
function tellTooLarge(push: PushDoor) {
  return (error: Error & { statusCode?: number }, request: Pushed): never => {
    if (error.statusCode === 413 && request.sender) {
      push.tell(request.sender.deviceId, {
        code: 'payloadTooLarge',
        message: `a body of more than ${payloadBytesMax} bytes was refused; send fewer readings in one`
      })
    }
    throw error
  }
}
