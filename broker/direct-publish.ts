/**
 * The short way of a publish, past Aedes: QoS 0 and 1 on the topic that the client published to before, which is nearly
 * every one. It is judged, kept and delivered as any other; only the general machinery between these steps is left out.
 */
import type { Client, PublishPacket } from 'aedes'
import type { Acknowledgements, Owed } from './acknowledgements.ts'
import { handlingOf, type Packet } from './aedes-inside.ts'
import type { PublishDoor } from './authorize-publish.ts'
import type { ClientState } from './clients.ts'
import type { Identity } from './topic-rules.ts'

export interface DirectPublishDeps {
  door: Pick<PublishDoor, 'take'>
  acknowledgements: Acknowledgements
  /** Did anybody ever subscribe where this one can be heard? */
  isHeard(identity: Identity): boolean
  deliver(packet: PublishPacket, client: Client, done: (failure?: Error) => void): void
}

/** Takes a client's packet if it is one for the short way; false when it must go the long one. */
export function directPublish(
  { door, acknowledgements, isHeard, deliver }: DirectPublishDeps,
  client: Client,
  state: ClientState
): (packet: Packet) => boolean {
  const handling = handlingOf(client)
  const owed: Owed = { conn: client.conn, messageIds: [] }
  const done = whenRead(client, () => handling.end())

  return (packet) => {
    if (packet.cmd !== 'publish' || !isShort(packet, client, state)) return false
    handling.begin()
    const { qos, messageId = 0 } = packet
    // Whoever subscribes while it is being kept did so after it came.
    const forOthers = state.identity && isHeard(state.identity) ? packet : undefined
    door.take(client, state, packet, (refusal) => {
      if (refusal || (client.closed && qos > 0)) {
        handling.end(refusal ?? undefined)
        return state.order?.published()
      }
      if (qos > 0) acknowledgements.add(owed, messageId)
      if (forOthers)
        return deliver(forOthers, client, (failure) => (failure ? handling.end(failure) : done()))
      state.order?.published()
      done()
    })
    return true
  }
}

/** The topic was judged, by Aedes and by the rules, when it came first; what is to be retained goes the long way. */
function isShort(packet: PublishPacket, client: Client, state: ClientState): boolean {
  if (packet.qos > 1 || packet.topic !== state.lastTopic || !client.connected) return false
  const retained = state.lastAllowed?.retained
  return retained === 'never' || (retained === 'asAsked' && !packet.retain)
}

/** A client that does not read what it is owed is not read from either, so what is owed stays small. */
function whenRead({ conn }: Client, readOn: () => void): () => void {
  let held = 0
  const drained = (): void => {
    for (; held > 0; held--) readOn()
  }
  return () => {
    if (!conn.writableNeedDrain) return readOn()
    held++
    if (held === 1) conn.once('drain', drained)
  }
}
