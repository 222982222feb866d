/**
 * The places where Aedes 1.2 has no hook and we reach inside it: the parser of a client (a whole SUBSCRIBE or
 * UNSUBSCRIBE is seen nowhere else), the delivery, and the persistence. They are checked here, so that another version fails at once.
 */
import { EventEmitter } from 'node:events'
import type { Aedes, Client, ConnectPacket, PublishPacket, SubscribePacket, UnsubscribePacket } from 'aedes'
import { PublishReader } from './publish-reader.ts'

export type Packet =
  | ConnectPacket
  | PublishPacket
  | SubscribePacket
  | UnsubscribePacket
  | { cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'; messageId?: number }
  | { cmd: 'pingreq' | 'disconnect' }

/**
 * Hands each packet of a client to `take` first; Aedes sees it when `take` calls `pass`. PUBLISH packets are read by our
 * own reader where that can be.
 */
export function inspectPackets(
  client: Client,
  taking: (pass: (packet: Packet) => void) => (packet: Packet) => void
): void {
  const parser = '_parser' in client ? client._parser : undefined
  if (!isParser(parser)) throw new Error('This version of Aedes does not fit the broker.')
  const handlers = parser.listeners('packet')
  parser.removeAllListeners('packet')
  const take = taking((packet) => {
    if (!client.closed) for (const handle of handlers) handle.call(parser, packet)
  })
  const parsed = (packet: Packet): void => {
    if (!client.closed) take(packet)
  }
  parser.on('packet', parsed)
  const parse = parser.parse.bind(parser)
  const reader = new PublishReader({
    // Packets that came before CONNACK wait in the parser's queue, and those behind them must not overtake.
    ready: () => client.connected && !parser._queue,
    publish: parsed,
    others(bytes) {
      if (!client.closed) parse(bytes)
    }
  })
  parser.parse = (bytes) => reader.read(bytes)
}

interface Parser extends EventEmitter {
  parse(bytes: Buffer): unknown
  /** Packets that wait for CONNACK; null afterwards. */
  _queue: unknown[] | null
}

function isParser(value: unknown): value is Parser {
  return value instanceof EventEmitter && 'parse' in value && '_queue' in value
}

/** How Aedes keeps count of a client's packets: it reads on once all that it was given are done. */
export interface Handling {
  /** A packet is being handled, and the client is alive. */
  begin(): void
  /** It is done; a failure ends the connection. */
  end(failure?: Error): void
}

export function handlingOf(client: Client): Handling {
  if (!isInside(client)) throw new Error('This version of Aedes does not fit the broker.')
  return {
    begin() {
      client._parsingBatch++
      if (client._keepaliveInterval > 0) client._keepaliveTimer?.refresh()
    },
    end(failure) {
      if (client.closed) return
      client._nextBatch(failure)
    }
  }
}

interface InsideClient {
  _parsingBatch: number
  _keepaliveInterval: number
  _keepaliveTimer: NodeJS.Timeout | null
  _nextBatch(failure?: Error): void
}

function isInside(client: Client): client is Client & InsideClient {
  return (
    '_nextBatch' in client &&
    typeof client._nextBatch === 'function' &&
    '_parsingBatch' in client &&
    typeof client._parsingBatch === 'number' &&
    '_keepaliveTimer' in client &&
    '_keepaliveInterval' in client
  )
}

type Publish = (packet: PublishPacket, client: Client | null, done: (error?: Error) => void) => void

/**
 * Leaves out the delivery of what nobody can hear: matching, queueing and emitting cost more than all the rest, and most
 * devices have no subscriber. `onDone` hears of every publish of a client that is through.
 */
export function deliverOnlyHeard(
  aedes: Aedes,
  isHeard: (client: Client) => boolean,
  onDone: (client: Client) => void
): void {
  const deliver: unknown = aedes.publish
  if (typeof deliver !== 'function') throw new Error('This version of Aedes does not fit the broker.')
  const publish: Publish = (packet, client, done) => {
    // The hub's own messages come without a client, and the callback in its place.
    if (!client || typeof client === 'function') return void deliver.call(aedes, packet, client, done)
    if (!packet.retain && !isHeard(client)) {
      done()
      return onDone(client)
    }
    deliver.call(aedes, packet, client, (error?: Error) => {
      done(error)
      onDone(client)
    })
  }
  Object.assign(aedes, { publish })
}

/** What a client published, to those who hear it; the types of Aedes know only what the hub itself publishes. */
export function deliverFrom(
  aedes: Aedes,
  packet: PublishPacket,
  client: Client,
  done: (failure?: Error) => void
): void {
  const deliver: unknown = aedes.publish
  if (typeof deliver === 'function') deliver.call(aedes, packet, client, done)
}

/** A packet as the persistence keeps it. */
export interface StoredPacket {
  cmd?: string
  messageId?: number
  dup?: boolean
  brokerId?: string
  brokerCounter?: number
  payload: string | Uint8Array
}

/** What we use and change of the persistence that Aedes keeps in memory. */
export interface Persistence {
  addSubscriptions(client: { id: string }, subscriptions: object[]): Promise<void>
  cleanSubscriptions(client: { id: string }): Promise<void>
  subscriptionsByClient(client: { id: string }): Promise<object[]>
  cleanIncoming(client: { id: string }): Promise<void>
  outgoingEnqueueCombi(subscriptions: { clientId: string }[], packet: StoredPacket): Promise<void>
  outgoingUpdate(client: { id: string }, packet: StoredPacket): Promise<void>
  outgoingClearMessageId(client: { id: string }, packet: StoredPacket): Promise<StoredPacket | undefined>
  outgoingStream(client: { id: string }): AsyncIterable<StoredPacket>
  incomingStorePacket(client: { id: string }, packet: StoredPacket): Promise<void>
}

const persistenceMethods: (keyof Persistence)[] = [
  'addSubscriptions',
  'cleanSubscriptions',
  'subscriptionsByClient',
  'cleanIncoming',
  'outgoingEnqueueCombi',
  'outgoingUpdate',
  'outgoingClearMessageId',
  'outgoingStream',
  'incomingStorePacket'
]

export function persistenceOf(aedes: Aedes): Persistence {
  const persistence: unknown = 'persistence' in aedes ? aedes.persistence : undefined
  if (!isPersistence(persistence)) throw new Error('This version of Aedes does not fit the broker.')
  return persistence
}

function isPersistence(value: unknown): value is Persistence {
  if (typeof value !== 'object' || value === null) return false
  const methods: object = value
  return persistenceMethods.every((name) => typeof Reflect.get(methods, name) === 'function')
}

/**
 * Counts as a sign of life. Aedes reads nothing on while several publishes of a client are unanswered, so a PINGREQ
 * behind them goes unseen: who waits for our disk must not be let go for our silence (measured: 3.2 s at keepalive 2).
 */
export function seenAlive(client: Client): void {
  const timer: unknown = '_keepaliveTimer' in client ? client._keepaliveTimer : undefined
  if (
    typeof timer === 'object' &&
    timer !== null &&
    'refresh' in timer &&
    typeof timer.refresh === 'function'
  )
    timer.refresh()
}

/** Deliveries waiting to be sent in Aedes' emitter. */
export function deliveriesWaiting(aedes: Aedes): number {
  const emitter: unknown = 'mq' in aedes ? aedes.mq : undefined
  if (typeof emitter !== 'object' || emitter === null || !('length' in emitter)) return 0
  return typeof emitter.length === 'number' ? emitter.length : 0
}
