/**
 * The places where Aedes 1.2 has no hook and we reach inside it: the parser of a client (a whole SUBSCRIBE or
 * UNSUBSCRIBE is seen nowhere else), the delivery, and the persistence. They are checked here, so that another version fails at once.
 */
import { EventEmitter } from 'node:events'
import type { Aedes, Client, ConnectPacket, PublishPacket, SubscribePacket, UnsubscribePacket } from 'aedes'

export type Packet =
  | ConnectPacket
  | PublishPacket
  | SubscribePacket
  | UnsubscribePacket
  | { cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp' | 'pingreq' | 'disconnect' }

/** Hands each packet of a client to `take` first; Aedes sees it when `take` calls `pass`. */
export function inspectPackets(
  client: Client,
  taking: (pass: (packet: Packet) => void) => (packet: Packet) => void
): void {
  const parser = '_parser' in client ? client._parser : undefined
  if (!(parser instanceof EventEmitter))
    throw new Error('This is not the Aedes that the broker was made for.')
  const handlers = parser.listeners('packet')
  parser.removeAllListeners('packet')
  const take = taking((packet) => {
    if (!client.closed) for (const handle of handlers) handle.call(parser, packet)
  })
  parser.on('packet', (packet: Packet) => {
    if (!client.closed) take(packet)
  })
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
  if (typeof deliver !== 'function') throw new Error('This is not the Aedes that the broker was made for.')
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
  if (!isPersistence(persistence)) throw new Error('This is not the Aedes that the broker was made for.')
  return persistence
}

function isPersistence(value: unknown): value is Persistence {
  if (typeof value !== 'object' || value === null) return false
  const methods: object = value
  return persistenceMethods.every((name) => typeof Reflect.get(methods, name) === 'function')
}

/** Deliveries that wait for their turn in Aedes' emitter. */
export function deliveriesWaiting(aedes: Aedes): number {
  const emitter: unknown = 'mq' in aedes ? aedes.mq : undefined
  if (typeof emitter !== 'object' || emitter === null || !('length' in emitter)) return 0
  return typeof emitter.length === 'number' ? emitter.length : 0
}
