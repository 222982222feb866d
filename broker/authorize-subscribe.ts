/** Which filters are granted, and which deliveries a subscriber gets. */
import type { AedesOptions } from 'aedes'
import type { Clients } from './clients.ts'
import { filtersPerClientMax, unreadBytesMax } from './limits.ts'
import type { Refusals } from './refusals.ts'
import { mayReceive, maySubscribe } from './topic-rules.ts'

type Handlers = Required<Pick<AedesOptions, 'authorizeSubscribe' | 'authorizeForward'>>

export function subscribing(
  publicRead: boolean,
  clients: Clients,
  refusals: Refusals,
  /** Told of each subscription that was not granted: Aedes would store it in a lasting session all the same. */
  onRefused: (subscription: object) => void
): Handlers {
  return {
    authorizeSubscribe(client, subscription, callback) {
      const { identity, filters } = clients.state(client)
      const { topic } = subscription
      const allowed = identity !== undefined && maySubscribe(identity, topic, publicRead)
      const room = filters.has(topic) || filters.size < filtersPerClientMax
      if (allowed && room) {
        filters.add(topic)
        return callback(null, subscription)
      }
      const more = { filter: topic.slice(0, 100) }
      refusals.count(allowed ? 'filters' : 'filter', clients.who(client), more)
      onRefused(subscription)
      // SUBACK 0x80 for this filter; the others of the packet stand.
      callback(null, null)
    },

    authorizeForward(client, packet) {
      const identity = clients.identity(client)
      if (!identity || !mayReceive(identity, packet.topic, publicRead)) return null
      // One subscriber that stops reading would stop all deliveries. What is retained comes one by one after each
      // drain, outside the shared deliveries, so it is not passed over.
      if (client.conn.writableLength > unreadBytesMax && !packet.retain) {
        refusals.count('slowSubscriber', clients.who(client))
        return null
      }
      return packet
    }
  }
}
