/** How many of a credential's own connections hear a topic: each is a delivery more, and counts against its pace. */
import type { Client } from 'aedes'
import { audienceTopicsMax } from './limits.ts'

export class Audience {
  readonly #circles = new Map<string, Map<Client, ReadonlySet<string>>>()
  /** By circle and topic; forgotten when a subscription of the circle changes. */
  readonly #counts = new Map<string, Map<string, number>>()

  /** The client has these filters, now and as they change: call it again after each change. */
  set(circle: string, client: Client, filters: ReadonlySet<string>): void {
    this.#counts.delete(circle)
    let known = this.#circles.get(circle)
    if (!known) this.#circles.set(circle, (known = new Map()))
    known.set(client, filters)
  }

  gone(circle: string, client: Client): void {
    this.#counts.delete(circle)
    const known = this.#circles.get(circle)
    if (known?.delete(client) && known.size === 0) this.#circles.delete(circle)
  }

  /** A device publishes to the same topic again and again; counting is done once for all of them. */
  of(circle: string, topic: string): number {
    const clients = this.#circles.get(circle)
    if (!clients) return 0
    let counts = this.#counts.get(circle)
    if (!counts) this.#counts.set(circle, (counts = new Map()))
    let count = counts.get(topic)
    if (count === undefined) {
      count = 0
      for (const filters of clients.values())
        for (const filter of filters) if (matches(filter, topic)) count++
      // Topics are the publisher's to choose: a few are remembered, more would only be memory.
      if (counts.size >= audienceTopicsMax) counts.clear()
      counts.set(topic, count)
    }
    return count
  }
}

/** MQTT 3.1.1, section 4.7. */
function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/')
  const wanted = filter.split('/')
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true
    if (level !== '+' && level !== levels[i]) return false
    if (i >= levels.length) return false
  }
  return wanted.length === levels.length
}
