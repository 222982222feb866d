/** What was refused and why: counted always, said once a minute for each device and reason, never with a secret. */
import { payloadBytesMax } from '../model/limits.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import type { Fault } from '../model/fault.ts'
import type { BrokerDeps, BrokerLog } from './broker.ts'
import { refusalLogEveryMs, refusalsRememberedMax } from './limits.ts'
import { shownAddress } from '../model/address.ts'

/** Reasons as they appear in the counters, and what somebody can do about each. */
export const refusalReasons = {
  wrongPassword:
    'A device could not connect: wrong user name or password. Check them, or rotate the password.',
  anonymous:
    'A client without a user name was refused: it may only read streets/# and v1.1/#, if public access is on.',
  clientId: 'A client asked for a persistent session without a client id. Give it a client id.',
  protocolVersion:
    'A client asked for another version of MQTT. The hub speaks 3.1.1 (and 3.1): choose that in the client.',
  will: 'A client was refused for the topic of its last will. A device may only use its own status topic.',
  topic: 'A client published to a topic that is not its own. A device may only use sensors/<its id>/….',
  filter: 'A subscription was refused. A device may only read sensors/<its id>/….',
  filters: 'A client subscribed to too many filters. Use one filter with a wildcard.',
  tooFast: 'A device sends faster than its share; its acknowledgements are delayed, and nothing is lost.',
  packetTooLarge: 'A message was larger than the hub accepts. Send fewer readings in one message.',
  packetMalformed: 'A client violated MQTT 3.1.1 and was disconnected.',
  connectTimeout: 'A connection was closed because it sent no CONNECT in time.',
  connections: 'There are too many connections; the newest was closed.',
  connectionsOfDevice: 'A device has too many connections; its oldest was closed.',
  journalUnavailable:
    'A message could not be written to disk, so it was not acknowledged; the device must send it again.',
  slowSubscriber: 'A subscriber reads too slowly; some messages were not delivered to it.',
  sessionFull: 'More messages wait for an absent client than the hub keeps.',
  proxyHeader: 'A trusted proxy opened a connection without a PROXY header and was refused.',
  origin: 'A page of another website tried to open a WebSocket and was refused.',
  stopping: 'A message arrived while the hub was stopping and was not acknowledged.'
} as const

export type RefusalReason = keyof typeof refusalReasons

/** A refusal as an error, so that Aedes closes the connection; it was counted where it was made. */
export class Refusal extends Error {
  readonly code: RefusalReason
  constructor(code: RefusalReason, options?: ErrorOptions) {
    super(refusalReasons[code], options)
    this.code = code
  }
}

/** Refusals that the host of a device is told of, in words about what it sent. */
const toldToHost: Partial<Record<RefusalReason, (more: Refused, hint: string) => Fault | undefined>> = {
  packetTooLarge: ({ messageBytes }) =>
    messageBytes === undefined
      ? undefined
      : {
          code: 'payloadTooLarge',
          message: `a message of ${messageBytes} bytes was refused: the most is ${payloadBytesMax}; send fewer readings in one`
        },
  topic: ({ topic }, hint) => ({
    code: 'topicUnknown',
    message: `a message to ${JSON.stringify(topic)} was refused: it is not the device's own topic${hint}`
  }),
  will: ({ topic }, hint) => ({
    code: 'topicRefused',
    message: `the box could not connect, because its last will is for ${JSON.stringify(topic)}, which is not its own topic${hint}`,
    field: 'last will'
  }),
  filter: ({ filter }) => ({
    code: 'topicRefused',
    message: `the box may not subscribe to ${JSON.stringify(filter)}; it may read sensors/<its id>/#, and needs nothing else`,
    field: 'subscription'
  })
}

/** What is particular about a refusal. */
export interface Refused {
  /** Of a PUBLISH that is too large: its payload, or all of it where that is not known. */
  messageBytes?: number
  topic?: string
  filter?: string
  username?: string | undefined
  why?: string
  cause?: string
}

export type RefusalsDeps = Pick<BrokerDeps, 'clock' | 'log' | 'onFault' | 'topicHint'>

export class Refusals {
  readonly counts: Record<string, number> = {}
  readonly #clock: Clock
  readonly #log: BrokerLog
  readonly #onFault: BrokerDeps['onFault']
  readonly #topicHint: NonNullable<BrokerDeps['topicHint']>
  readonly #saidAt = new Map<string, UnixMs>()

  constructor({ clock, log, onFault, topicHint = () => '' }: RefusalsDeps) {
    this.#clock = clock
    this.#log = log
    this.#onFault = onFault
    this.#topicHint = topicHint
  }

  /** `who` names the device where it is known, the address otherwise; `more` adds what is particular. */
  count(reason: RefusalReason, who: { deviceId?: string; address?: string }, more: Refused = {}): Refusal {
    this.counts[reason] = (this.counts[reason] ?? 0) + 1
    const key = `${reason} ${who.deviceId ?? who.address ?? ''}`
    const now = this.#clock.now()
    if (who.deviceId !== undefined) this.#tellHost(reason, who.deviceId, more, now)
    if (now - (this.#saidAt.get(key) ?? -Infinity) >= refusalLogEveryMs) {
      if (this.#saidAt.size >= refusalsRememberedMax) this.#saidAt.clear()
      this.#saidAt.set(key, now)
      const address = who.address === undefined ? {} : { address: shownAddress(who.address) }
      this.#log.warn({ reason, ...who, ...address, ...more }, refusalReasons[reason])
    }
    return new Refusal(reason)
  }

  #tellHost(reason: RefusalReason, deviceId: string, more: Refused, now: UnixMs): void {
    const hint = more.topic === undefined ? '' : this.#topicHint(deviceId, more.topic)
    const fault = toldToHost[reason]?.(more, hint)
    if (fault) this.#onFault(deviceId, fault, now)
  }
}
