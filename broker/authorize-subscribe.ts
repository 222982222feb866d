/** Which filters are granted, how fast, and which deliveries a subscriber gets. */
import type { AedesOptions } from 'aedes'
import type { Audience } from './audience.ts'
import type { Clients } from './clients.ts'
import { filtersPerClientMax, unreadBytesMax } from './limits.ts'
import { isWireText } from './packet-check.ts'
import type { Refusals } from './refusals.ts'
import { shareOf } from '../model/address.ts'
import { SubscribePace } from './subscribe-pace.ts'
import type { Rules } from './topic-rules.ts'

type Handlers = Required<Pick<AedesOptions, 'authorizeSubscribe' | 'authorizeForward'>>

/** Matches nothing that is ever published. */
const idleFilter = '$idle'

export interface SubscribingOptions {
  rules: Rules
  clients: Clients
  refusals: Refusals
  /** Circles in which somebody subscribed to something; see `Rules.circle`. */
  heard: Set<string>
  audience: Audience
  /** Told of each subscription that was not granted: Aedes would store it in a lasting session all the same. */
  onRefused(subscription: object): void
  /** A subscription that stands for none: it says that a session is there, see sessions.ts. */
  isMark(subscription: object): boolean
}

export function subscribing(options: SubscribingOptions): Handlers {
  const { rules, clients, refusals, heard, audience } = options
  const pace = new SubscribePace(() => performance.now())
  const handlers: Handlers = {
    authorizeSubscribe(client, subscription, callback) {
      if (options.isMark(subscription)) return callback(null, null)
      const { identity, address } = clients.state(client)
      const share =
        identity?.kind === 'device' ? identity.deviceId : address === '' ? undefined : shareOf(address)
      const isInTime = pace.take(share, () => {
        if (!client.closed) grant(client, subscription, callback)
      })
      if (isInTime || client.closed) return
      refusals.count('filters', clients.who(client), { why: 'subscribes too fast' })
      client.close()
    },
    authorizeForward(client, packet) {
      const identity = clients.identity(client)
      if (!identity || !rules.mayReceive(identity, packet.topic)) return null
      // One subscriber that stops reading would stop all deliveries. What is retained comes one by one after each
      // drain, outside the shared deliveries, so it is not passed over.
      if (client.conn.writableLength > unreadBytesMax && !packet.retain) {
        refusals.count('slowSubscriber', clients.who(client))
        return null
      }
      return packet
    }
  }
  return handlers

  function grant(...[client, subscription, callback]: Parameters<Handlers['authorizeSubscribe']>): void {
    if (!client) return
    const { identity, filters } = clients.state(client)
    const { topic } = subscription
    const allowed = identity !== undefined && isWireText(topic) && rules.maySubscribe(identity, topic)
    const room = filters.has(topic) || filters.size < filtersPerClientMax
    if (allowed && room) {
      filters.add(topic)
      heard.add(rules.circle(identity))
      audience.set(rules.circle(identity), client, filters)
      return callback(null, subscription)
    }
    if (identity && rules.isIdle?.(identity, topic) && room) {
      filters.add(topic)
      // Else a lasting session would collect what other devices publish there.
      options.onRefused(subscription)
      return callback(null, { ...subscription, topic: idleFilter })
    }
    const more = { filter: topic.slice(0, 100) }
    refusals.count(allowed ? 'filters' : 'filter', clients.who(client), more)
    options.onRefused(subscription)
    // SUBACK 0x80 for this filter; the others of the packet stand.
    callback(null, null)
  }
}
