/** Turns events that come when they like into an iteration; only the newest waits, since progress replaces progress. */

export interface EventQueue<T> extends AsyncIterable<T> {
  push(event: T): void
  end(this: void): void
}

export function eventQueue<T>(): EventQueue<T> {
  let newest: { event: T } | undefined
  let ended = false
  let wake = (): void => undefined
  return {
    push(event) {
      newest = { event }
      wake()
    },
    end() {
      ended = true
      wake()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const waiting = newest
        newest = undefined
        if (waiting) yield waiting.event
        else if (ended) return
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    }
  }
}
