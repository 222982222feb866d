/**
 * One viewer's server-sent events (WHATWG HTML, 9.2): a queue in front of the socket in which a newer value replaces
 * an older one, so that a viewer on a slow line gets fewer values instead of late ones, and the hub keeps no backlog.
 */
import { unreadBeatsMax } from './limits.ts'
import { Readable } from 'node:stream'
import { liveQueueMax } from '../model/limits.ts'

/** How long a browser waits before it connects again. */
const retryMs = 3_000

interface Waiting {
  frame: string
  order: number
}

export class EventStream extends Readable {
  readonly #waiting = new Map<string, Waiting>()
  #hasRoom = false
  #missed = 0
  #unreadBeats = 0

  constructor() {
    // 16 kB is about 80 events: more would only be older values waiting in a place where they cannot be replaced.
    super({ highWaterMark: 16 * 1024, encoding: 'utf8' })
    this.#waiting.set('hello', { frame: `retry: ${retryMs}\n\n`, order: 0 })
  }

  /** Of one `key` only the event with the highest `order` waits. Too many keys: the oldest event goes, and is counted. */
  put(key: string, frame: string, order: number): void {
    const before = this.#waiting.get(key)
    if (before && before.order > order) return
    this.#waiting.set(key, { frame, order })
    if (this.#waiting.size > liveQueueMax) {
      const [oldest] = this.#waiting.keys()
      if (oldest !== undefined) this.#waiting.delete(oldest)
      this.#missed++
    }
    this.#flush()
  }

  /** Says that the hub lives; a viewer that reads nothing for two minutes is disconnected. */
  beat(frame: string): void {
    if (!this.#hasRoom && ++this.#unreadBeats >= unreadBeatsMax) {
      this.destroy()
      return
    }
    this.#waiting.set('beat', { frame, order: 0 })
    this.#flush()
  }

  /** No more events: the response ends properly. */
  end(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null)
  }

  override _read(): void {
    this.#hasRoom = true
    this.#unreadBeats = 0
    this.#flush()
  }

  #flush(): void {
    if (this.#missed > 0 && this.#hasRoom) {
      const told = `: ${this.#missed} events were left out\n\n`
      this.#missed = 0
      this.#hasRoom = this.push(told)
    }
    for (const [key, { frame }] of this.#waiting) {
      if (!this.#hasRoom) return
      this.#waiting.delete(key)
      this.#hasRoom = this.push(frame)
    }
  }
}

export function eventFrame(name: string, value: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`
}
