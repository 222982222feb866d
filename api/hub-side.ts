/** The sides of the hub that the API sees, as small interfaces: its places, what happens now, its log. */
import type { Registry } from '../registry/registry.ts'
import type { TouchedWindow } from '../store/promise/keep.ts'
import type { LatestReading } from '../store/promise/read.ts'

export type Places = Pick<
  Registry,
  'streets' | 'street' | 'sites' | 'site' | 'devices' | 'deployments' | 'corrections' | 'consents'
>

/** What happens now. Listeners are called synchronously, and each `subscribe…` returns how to stop. */
export interface LiveFeed {
  /** The newest reading of each site and quantity of a batch, once the batch is durable. */
  subscribe(listener: (latest: readonly LatestReading[]) => void): () => void
  /** Windows whose rollups were recomputed. */
  subscribeRollups(listener: (touched: readonly TouchedWindow[]) => void): () => void
}

export interface ApiLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
