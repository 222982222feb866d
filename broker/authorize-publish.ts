/** Everything that is published passes here, last wills too. PUBACK is sent after the callback, so the callback waits for the journal. */
import type { AedesOptions, Client, PublishPacket } from 'aedes'
import { payloadBytesMax } from '../model/limits.ts'
import { unauthenticatedTopic, type Accept } from '../model/message.ts'
import type { Clients, ClientState } from './clients.ts'
import { Histogram } from './histogram.ts'
import { deliveriesLookMs, deliveriesWaitingMax, retainedBytesMax } from './limits.ts'
import { Pacing } from './pacing.ts'
import type { PaceLimits } from './pace.ts'
import { isWireText } from './packet-check.ts'
import { Refusal, type Refusals } from './refusals.ts'
import { isOpen, type Identity, type Rules } from './topic-rules.ts'

type AuthorizePublish = NonNullable<AedesOptions['authorizePublish']>

export interface PublishDoorOptions {
  accept: Accept
  rules: Rules
  clients: Clients
  refusals: Refusals
  pace: PaceLimits
  /** Deliveries waiting to be sent. */
  waiting(): number
  /** How many hear what this one publishes to the topic. */
  audience(identity: Identity, topic: string): number
}

/** One message on its way: what is known of it until it is answered. */
interface Publishing {
  client: Client
  state: ClientState
  qos: number
  deviceId: string
  payloadBytes: number
  deliveries: number
  /** Milliseconds of `performance.now`. */
  arrivedAt: number
  answer: (refusal: Refusal | null) => void
}

export class PublishDoor {
  readonly #options: PublishDoorOptions
  readonly #pacing: Pacing
  readonly #delayed: Publishing[] = []
  #pending = 0
  #stopping = false
  #whenIdle: (() => void) | undefined
  received = 0
  receivedBytes = 0
  acknowledged = 0
  /** From a message's arrival to its acknowledgement. */
  readonly took = new Histogram()

  constructor(options: PublishDoorOptions) {
    this.#options = options
    this.#pacing = new Pacing(
      options.pace,
      (deviceId) => void options.refusals.count('tooFast', { deviceId })
    )
  }

  /** What Aedes asks: of first messages, QoS 2 and wills. */
  readonly authorize: AuthorizePublish = (client, packet, callback) => {
    // Aedes' own sweep of old wills comes without a client.
    if (!client) return callback(new Refusal('will'))
    const state = this.#options.clients.state(client)
    this.take(client, state, packet, (refusal) => {
      callback(refusal)
      if (refusal) state.order?.published()
    })
  }

  /** Decides, has the message kept, and answers: null once it is on disk and its acknowledgement may leave. */
  take(
    client: Client,
    state: ClientState,
    packet: PublishPacket,
    answer: (refusal: Refusal | null) => void
  ): void {
    const { clients, refusals, accept } = this.#options
    const { identity } = state
    const allowed = state.isExpelled ? undefined : this.#allowed(state, packet.topic)
    if (identity?.kind !== 'device' || !allowed) {
      return answer(refusals.count('topic', clients.who(client), { topic: packet.topic.slice(0, 100) }))
    }
    if (this.#stopping) {
      // A hub that stops is no device that vanished: their wills stay unsaid (MQTT 3.1.1, 3.1.2.5 allows it).
      return answer(client.closed ? new Refusal('stopping') : refusals.count('stopping', {}))
    }
    if (allowed.use === 'ignored') {
      packet.retain = false
      return answer(null)
    }
    const payload = bytesOf(packet)
    const payloadBytes = payload.byteLength
    if (payloadBytes > payloadBytesMax) {
      const more = { messageBytes: payloadBytes }
      return answer(refusals.count('packetTooLarge', clients.who(client), more))
    }
    const wasRetained = packet.retain
    const retained = allowed.retained === 'asAsked' ? packet.retain : allowed.retained === 'always'
    packet.retain = retained && payloadBytes <= retainedBytesMax
    this.received++
    this.receivedBytes += payloadBytes
    this.#pending++
    const { deviceId } = identity
    const { qos } = packet
    state.unansweredBytes += payloadBytes
    const deliveries = this.#options.audience(identity, packet.topic)
    const arrivedAt = performance.now()
    const publishing = { client, state, qos, deviceId, payloadBytes, deliveries, arrivedAt, answer }
    const topic = isOpen(identity) ? unauthenticatedTopic(packet.topic) : packet.topic
    accept(deviceId, topic, payload, (failure) => this.#kept(publishing, failure), wasRetained)
  }

  #kept(publishing: Publishing, failure: Error | undefined): void {
    if (failure) return this.#notKept(publishing, failure)
    const { deviceId, payloadBytes, deliveries } = publishing
    if (this.#pacing.mayGo(deviceId, payloadBytes, deliveries)) return this.#whenDeliveriesFlow(publishing)
    this.#pacing.hold(deviceId, () => this.#whenDeliveriesFlow(publishing))
  }

  /** A client publishes to the same topic again and again; the last answer is kept. */
  #allowed(state: ClientState, topic: string): ReturnType<Rules['mayPublish']> {
    if (state.lastTopic === topic) return state.lastAllowed
    const { identity } = state
    state.lastAllowed =
      identity && isWireText(topic) ? this.#options.rules.mayPublish(identity, topic) : undefined
    state.lastTopic = topic
    return state.lastAllowed
  }

  #acknowledge({ state, qos, payloadBytes, arrivedAt, answer }: Publishing): void {
    state.unansweredBytes -= payloadBytes
    if (qos > 0) this.acknowledged++
    this.took.add(performance.now() - arrivedAt)
    answer(null)
    this.#answered()
  }

  #notKept({ client, state, payloadBytes, answer }: Publishing, failure: Error): void {
    state.unansweredBytes -= payloadBytes
    const { clients, refusals } = this.#options
    refusals.count('journalUnavailable', clients.who(client), { cause: failure.message })
    answer(new Refusal('journalUnavailable', { cause: failure }))
    this.#answered()
  }

  #answered(): void {
    this.#pending--
    if (this.#pending === 0) this.#whenIdle?.()
  }

  /**
   * PUBACK precedes delivery, so publishers that wait for each PUBACK outrun a stalled delivery without limit
   * (measured: 400,000 waiting, 955 MB after 12 s). While too many wait, acknowledging waits too, in order.
   */
  #whenDeliveriesFlow(publishing: Publishing): void {
    if (this.#delayed.length === 0 && this.#options.waiting() <= deliveriesWaitingMax)
      return this.#acknowledge(publishing)
    this.#delayed.push(publishing)
    if (this.#delayed.length === 1) setTimeout(() => this.#look(), deliveriesLookMs)
  }

  #look(): void {
    const room = Math.max(0, deliveriesWaitingMax - this.#options.waiting())
    for (const publishing of this.#delayed.splice(0, room)) this.#acknowledge(publishing)
    if (this.#delayed.length > 0) setTimeout(() => this.#look(), deliveriesLookMs)
  }

  /** Takes nothing more; resolves when everything taken was answered. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#pacing.stop()
    if (this.#pending === 0) return
    await new Promise<void>((resolve) => (this.#whenIdle = resolve))
  }
}

function bytesOf({ payload }: PublishPacket): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload
}
