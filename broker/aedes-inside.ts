/**
 * The two places where Aedes 1.2 has no hook and we reach inside it: the parser of a client (a whole SUBSCRIBE or
 * UNSUBSCRIBE is seen nowhere else) and the persistence. Both are checked here, so that another version fails at once.
 */
import { EventEmitter } from 'node:events'
import type { Aedes, Client, ConnectPacket, PublishPacket, SubscribePacket, UnsubscribePacket } from 'aedes'

export type Packet =
  | ConnectPacket
  | PublishPacket
  | SubscribePacket
  | UnsubscribePacket
  | { cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp' | 'pingreq' | 'disconnect' }

/** Looks at each packet of a client first; `fault` in words closes the connection and Aedes never sees the packet. */
export function inspectPackets(
  client: Client,
  fault: (packet: Packet) => string | undefined,
  refuse: (why: string) => void
): void {
  const parser = '_parser' in client ? client._parser : undefined
  if (!(parser instanceof EventEmitter))
    throw new Error('This is not the Aedes that the broker was made for.')
  const handlers = parser.listeners('packet')
  parser.removeAllListeners('packet')
  parser.on('packet', (packet: Packet) => {
    if (client.closed) return
    const why = fault(packet)
    if (why !== undefined) return refuse(why)
    for (const handle of handlers) handle.call(parser, packet)
  })
}

/** A packet as the persistence keeps it. */
export interface StoredPacket {
  messageId?: number
  brokerId?: string
  brokerCounter?: number
  payload: string | Uint8Array
}

/** What we use and change of the persistence that Aedes keeps in memory. */
export interface Persistence {
  addSubscriptions(client: { id: string }, subscriptions: object[]): Promise<void>
  cleanSubscriptions(client: { id: string }): Promise<void>
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
