/** How many of a credential's own connections hear a topic: each is a delivery more, and counts against its pace. */
import type { Client } from 'aedes'
import { audienceTopicsMax } from './limits.ts'

export interface AudienceEvents {
  /** Nobody of the circle had this filter before. */
  came(circle: string, filter: string): void
  /** Nobody of the circle has it any more. */
  went(circle: string, filter: string): void
}

interface Circle {
  clients: Map<Client, Set<string>>
  /** How many clients have each filter: kept as they come and go, since a circle may have thousands. */
  filters: Map<string, number>
}

export class Audience {
  readonly #circles = new Map<string, Circle>()
  /** By circle and topic; forgotten when a subscription of the circle changes. */
  readonly #counts = new Map<string, Map<string, number>>()
  readonly #events: AudienceEvents | undefined

  constructor(events?: AudienceEvents) {
    this.#events = events
  }

  /** The client has these filters now: call it again after each change. */
  set(name: string, client: Client, filters: ReadonlySet<string>): void {
    this.#counts.delete(name)
    let circle = this.#circles.get(name)
    if (!circle) this.#circles.set(name, (circle = { clients: new Map(), filters: new Map() }))
    const before = circle.clients.get(client) ?? new Set()
    circle.clients.set(client, new Set(filters))
    for (const filter of filters) if (!before.has(filter)) this.#add(name, circle, filter)
    for (const filter of before) if (!filters.has(filter)) this.#remove(name, circle, filter)
  }

  gone(name: string, client: Client): void {
    this.#counts.delete(name)
    const circle = this.#circles.get(name)
    const before = circle?.clients.get(client)
    if (!circle || !before) return
    circle.clients.delete(client)
    if (circle.clients.size === 0) this.#circles.delete(name)
    for (const filter of before) this.#remove(name, circle, filter)
  }

  #add(name: string, { filters }: Circle, filter: string): void {
    const count = filters.get(filter) ?? 0
    filters.set(filter, count + 1)
    if (count === 0) this.#events?.came(name, filter)
  }

  #remove(name: string, { filters }: Circle, filter: string): void {
    const left = (filters.get(filter) ?? 1) - 1
    if (left > 0) return void filters.set(filter, left)
    filters.delete(filter)
    this.#events?.went(name, filter)
  }

  /** A device publishes to the same topic again and again; counting is done once for all of them. */
  of(name: string, topic: string): number {
    const circle = this.#circles.get(name)
    if (!circle) return 0
    let counts = this.#counts.get(name)
    if (!counts) this.#counts.set(name, (counts = new Map()))
    let count = counts.get(topic)
    if (count === undefined) {
      count = 0
      for (const [filter, clients] of circle.filters) if (matches(filter, topic)) count += clients
      // Topics are the publisher's to choose: a few are remembered, more would only be memory.
      if (counts.size >= audienceTopicsMax) counts.clear()
      counts.set(topic, count)
    }
    return count
  }
}

/** MQTT 3.1.1, section 4.7. */
export function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/')
  const wanted = filter.split('/')
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true
    if (level !== '+' && level !== levels[i]) return false
    if (i >= levels.length) return false
  }
  return wanted.length === levels.length
}
