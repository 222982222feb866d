/** What we know of each connected client beyond what Aedes does, and which devices are present. */
import type { Client } from 'aedes'
import type { Clock } from '../model/time.ts'
import type { BrokerDeps } from './broker.ts'
import { connectionsPerDeviceMax } from './limits.ts'
import type { PacketOrder } from './packet-order.ts'
import type { Identity, Rules } from './topic-rules.ts'

export interface ClientState {
  address: string
  /** As CONNECT said; the id inside the hub is another. */
  clientId: string
  /** It asks for what needs a client id: a lasting session, or MQTT 3.1. */
  needsClientId: boolean
  willTopic: string | undefined
  /** undefined until the secret was found right. */
  identity: Identity | undefined
  filters: Set<string>
  /** The topic it published to last, and what the rules said to that. */
  lastTopic: string | undefined
  lastAllowed: ReturnType<Rules['mayPublish']>
  /** Keeps its packets in order; undefined until its parser is watched. */
  order: PacketOrder | undefined
  /** Payload that it published and that is not answered yet. */
  unansweredBytes: number
  /** It sent DISCONNECT: it left, it was not lost. */
  saidGoodbye: boolean
  /** Its device was removed, or its password ended: nothing of it is taken any more, its will neither. */
  isExpelled: boolean
}

export class Clients {
  readonly #states = new WeakMap<Client, ClientState>()
  readonly #here = new Map<Client, ClientState>()
  readonly #present = new Map<string, Set<Client>>()
  readonly #onPresence: BrokerDeps['onPresence']
  readonly #clock: Clock
  readonly #onTooMany: (client: Client) => void

  /** `onTooMany` hears of a connection that is closed because its device opened too many others. */
  constructor(onPresence: BrokerDeps['onPresence'], clock: Clock, onTooMany: (client: Client) => void) {
    this.#onTooMany = onTooMany
    this.#onPresence = onPresence
    this.#clock = clock
  }

  came(client: Client, address: string): void {
    const state: ClientState = {
      address,
      clientId: '',
      needsClientId: false,
      willTopic: undefined,
      identity: undefined,
      filters: new Set(),
      lastTopic: undefined,
      lastAllowed: undefined,
      order: undefined,
      unansweredBytes: 0,
      saidGoodbye: false,
      isExpelled: false
    }
    this.#states.set(client, state)
    this.#here.set(client, state)
  }

  /** A client that never came through our door is our bug. */
  state(client: Client): ClientState {
    const state = this.#states.get(client)
    if (!state) throw new Error('Bug: a client is connected without having been admitted.')
    return state
  }

  identity(client: Client): Identity | undefined {
    return this.#states.get(client)?.identity
  }

  /** Whom a log line is about. */
  who(client: Client): { deviceId?: string; address: string } {
    const { identity, address } = this.state(client)
    return identity?.kind === 'device' ? { deviceId: identity.deviceId, address } : { address }
  }

  /**
   * A device is online while at least one connection of it is open. Of too many the oldest goes: what a device publishes is
   * delivered to each that subscribed, and a device that lost its connection must get in again.
   */
  ready(client: Client): void {
    const identity = this.identity(client)
    if (identity?.kind !== 'device' || client.conn.destroyed) return
    const known = this.#present.get(identity.deviceId)
    if (known) {
      known.add(client)
      const [oldest] = known
      if (known.size > connectionsPerDeviceMax && oldest) {
        this.#onTooMany(oldest)
        oldest.close()
      }
    } else {
      this.#present.set(identity.deviceId, new Set([client]))
      this.#onPresence(identity.deviceId, 'online', this.#clock.now())
    }
  }

  /** The connection is closed, whatever the reason. */
  gone(client: Client): void {
    const state = this.state(client)
    this.#here.delete(client)
    const { identity, saidGoodbye } = state
    if (identity?.kind !== 'device') return
    const known = this.#present.get(identity.deviceId)
    if (!known?.delete(client) || known.size > 0) return
    this.#present.delete(identity.deviceId)
    this.#onPresence(identity.deviceId, saidGoodbye ? 'left' : 'lost', this.#clock.now())
  }

  /** Filters that connected clients were granted. */
  subscriptions(): number {
    let count = 0
    for (const { filters } of this.#here.values()) count += filters.size
    return count
  }

  /** Those that wait for an acknowledgement. */
  *unanswered(): Generator<Client> {
    for (const [client, { order }] of this.#here) if (order?.isPublishing) yield client
  }

  of(deviceId: string): Client[] {
    return [...(this.#present.get(deviceId) ?? [])]
  }
}
