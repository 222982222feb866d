/** What happens now, as those who show it hear of it. */
import type { LatestReading } from '../store/promise/read.ts'
import type { TouchedWindow } from '../store/promise/keep.ts'

/** Listeners are called synchronously, and each `subscribe…` returns how to stop. */
export interface LiveFeed {
  /** The newest reading of each site and quantity of a batch, once the batch is durable. */
  subscribe(listener: (latest: readonly LatestReading[]) => void): () => void
  /** Windows whose rollups were recomputed. */
  subscribeRollups(listener: (touched: readonly TouchedWindow[]) => void): () => void
}
