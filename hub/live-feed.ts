/** What happens now, handed on to whoever listens: live viewers, street topics. */
import type { LiveFeed } from '../figures/live-feed.ts'
import type { LatestReading } from '../store/promise/read.ts'
import type { TouchedWindow } from '../store/promise/keep.ts'

export interface LiveSource extends LiveFeed {
  stored(latest: readonly LatestReading[]): void
  rollups(touched: readonly TouchedWindow[]): void
}

export function createLiveFeed(): LiveSource {
  const onStored = new Set<(latest: readonly LatestReading[]) => void>()
  const onRollups = new Set<(touched: readonly TouchedWindow[]) => void>()
  return {
    stored: (latest) => onStored.forEach((listener) => listener(latest)),
    rollups: (touched) => onRollups.forEach((listener) => listener(touched)),
    subscribe(listener) {
      onStored.add(listener)
      return () => onStored.delete(listener)
    },
    subscribeRollups(listener) {
      onRollups.add(listener)
      return () => onRollups.delete(listener)
    }
  }
}
