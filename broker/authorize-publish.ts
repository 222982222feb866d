/** Everything that is published passes here, last wills too. PUBACK is sent after the callback, so the callback waits for the journal. */
import type { AedesOptions, Client, PublishPacket } from 'aedes'
import { payloadBytesMax } from '../model/limits.ts'
import type { Accept } from '../model/message.ts'
import type { Clients } from './clients.ts'
import { deliveriesLookMs, deliveriesWaitingMax, statusRetainedBytesMax } from './limits.ts'
import { isWireText } from './packet-check.ts'
import { Refusal, type Refusals } from './refusals.ts'
import { mayPublish } from './topic-rules.ts'

type AuthorizePublish = NonNullable<AedesOptions['authorizePublish']>
type Callback = Parameters<AuthorizePublish>[2]

export interface PublishDoorOptions {
  accept: Accept
  clients: Clients
  refusals: Refusals
  /** Deliveries that wait for their turn. */
  waiting(): number
}

export class PublishDoor {
  readonly #options: PublishDoorOptions
  readonly #delayed: (() => void)[] = []
  #pending = 0
  #stopping = false
  #whenIdle: (() => void) | undefined
  received = 0
  acknowledged = 0

  constructor(options: PublishDoorOptions) {
    this.#options = options
  }

  readonly authorize: AuthorizePublish = (client, packet, callback) => {
    const { clients, refusals, accept } = this.#options
    // Aedes' own sweep of old wills comes without a client.
    if (!client) return callback(new Refusal('will'))
    const identity = clients.identity(client)
    const kind = identity && mayPublish(identity, packet.topic)
    if (identity?.kind !== 'device' || !kind || !isWireText(packet.topic)) {
      return callback(refusals.count('topic', clients.who(client), { topic: packet.topic.slice(0, 100) }))
    }
    if (this.#stopping) {
      // A hub that stops is no device that vanished: their wills stay unsaid (MQTT 3.1.1, 3.1.2.5 allows it).
      return callback(client.closed ? new Refusal('stopping') : refusals.count('stopping', {}))
    }
    const payload = bytesOf(packet)
    if (payload.byteLength > payloadBytesMax) {
      const sizes = { bytes: payload.byteLength, bytesMax: payloadBytesMax }
      return callback(refusals.count('packetTooLarge', clients.who(client), sizes))
    }
    packet.retain = kind === 'status' && payload.byteLength <= statusRetainedBytesMax
    this.received++
    this.#pending++
    accept(identity.deviceId, packet.topic, payload, (failure) => {
      this.#pending--
      if (failure) callback(this.#notKept(client, failure))
      else this.#whenDeliveriesFlow(() => this.#acknowledge(packet, callback))
      if (this.#pending === 0 && this.#delayed.length === 0) this.#whenIdle?.()
    })
  }

  #acknowledge(packet: PublishPacket, callback: Callback): void {
    if (packet.qos > 0) this.acknowledged++
    callback(null)
  }

  #notKept(client: Client, failure: Error): Refusal {
    const { clients, refusals } = this.#options
    refusals.count('journalUnavailable', clients.who(client), { cause: failure.message })
    return new Refusal('journalUnavailable', { cause: failure })
  }

  /**
   * PUBACK precedes delivery in Aedes, so publishers that wait for each PUBACK outrun a stalled delivery without limit
   * (measured: 400,000 waiting, 955 MB after 12 s). While too many wait, acknowledging waits too, in order.
   */
  #whenDeliveriesFlow(acknowledge: () => void): void {
    if (this.#delayed.length === 0 && this.#options.waiting() <= deliveriesWaitingMax) return acknowledge()
    this.#delayed.push(acknowledge)
    if (this.#delayed.length === 1) setTimeout(() => this.#look(), deliveriesLookMs)
  }

  #look(): void {
    const room = Math.max(0, deliveriesWaitingMax - this.#options.waiting())
    for (const acknowledge of this.#delayed.splice(0, room)) acknowledge()
    if (this.#delayed.length > 0) setTimeout(() => this.#look(), deliveriesLookMs)
    else if (this.#pending === 0) this.#whenIdle?.()
  }

  /** Takes nothing more; resolves when everything taken was answered. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#pending === 0 && this.#delayed.length === 0) return
    await new Promise<void>((resolve) => (this.#whenIdle = resolve))
  }
}

function bytesOf({ payload }: PublishPacket): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload
}
