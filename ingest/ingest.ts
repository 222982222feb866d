/** The seams of ingest: what it reads, writes and tells. The loop itself is in follow.ts. */
import type { Fault, Problem } from '../model/fault.ts'
import type { JournaledMessage } from '../journal/journal.ts'
import type { Measurement } from '../model/reading.ts'
import type { DirectoryEntry } from '../registry/registry.ts'
import type { LatestReading } from '../store/promise/read.ts'

/** What one message held: what could be read, and what was wrong with the rest. Neither excludes the other. */
export interface Decoded {
  measurements: Measurement[]
  faults: Fault[]
}

/** One device family: its topics and payloads, in one file of `ingest/dialect/`. Pure. */
export interface Dialect {
  name: string
  /** Seconds between readings where the family's firmware fixes it. */
  intervalSDefault: number | null
  decode(message: Pick<JournaledMessage, 'topic' | 'payload' | 'receivedAt'>): Decoded
}

/** Who hangs where: a snapshot, replaced whole when the registry changes. */
export type Directory = ReadonlyMap<string, DirectoryEntry>

/** What ingest tells the rest of the hub, after the store said durable. */
export interface IngestEvents {
  /** The newest reading of each site and quantity in a batch; as in `latest`, those with flag 4 are left out. */
  stored(latest: LatestReading[]): void
  problems(problems: Problem[]): void
  /** From these devices no more is to be taken, all others go on; said when it changes, and not at the start. */
  heldBack(deviceIds: string[]): void
  /** A device's interval, learnt from the gaps of its first readings. */
  intervalLearnt(deviceId: string, intervalS: number): void
}

export interface IngestStats {
  /** Since the start; a message that was held and then claimed counts twice. */
  messages: number
  /** Readings that the store made durable, repeated ones included. */
  readings: number
  repeated: number
  replaced: number
  superseded: number
  /** Every fault met, by code… */
  faults: Record<string, number>
  /** …and how many of them were counted only, because one device had too many alike in one batch. */
  problemsWithheld: number
  /** Messages of devices that hang nowhere (yet). */
  held: number
  heldBytes: number
  /** Devices of which no more is taken, see `heldBack`. */
  heldBack: string[]
  /** Highest sequence whose readings are durable. */
  checkpoint: number
  storeFailing: string | null
}
