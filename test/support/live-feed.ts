/** A live feed that a test fills. */
import type { TouchedWindow } from '../../store/promise/keep.ts'
import type { LatestReading } from '../../store/promise/read.ts'

export function liveFeed() {
  const readingListeners = new Set<(latest: readonly LatestReading[]) => void>()
  const rollupListeners = new Set<(touched: readonly TouchedWindow[]) => void>()
  const join = <T>(listeners: Set<T>, listener: T): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return {
    live: {
      subscribe: (listener: (latest: readonly LatestReading[]) => void) => join(readingListeners, listener),
      subscribeRollups: (listener: (touched: readonly TouchedWindow[]) => void) =>
        join(rollupListeners, listener)
    },
    stored: (latest: readonly LatestReading[]) => readingListeners.forEach((listener) => listener(latest)),
    rollups: (touched: readonly TouchedWindow[]) => rollupListeners.forEach((listener) => listener(touched))
  }
}
