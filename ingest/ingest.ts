/** The seams of ingest: what it reads, writes and tells. The loop itself is in follow.ts. */
import type { Fault, Problem } from '../model/fault.ts'
import type { JournaledMessage } from '../journal/journal.ts'
import type { SensorTime, TopicUse } from '../model/message.ts'
import type { Measurement } from '../model/reading.ts'
import type { UnixMs } from '../model/time.ts'
import type { DirectoryEntry } from '../registry/registry.ts'
import type { LatestReading } from '../store/promise/read.ts'
import type { Split } from './gateway.ts'

/**
 * What one message held: what could be read, and what was wrong with the rest. Neither excludes the other. `State` is what
 * the family remembers of a source from one message to the next.
 */
export interface Decoded<State = unknown> {
  measurements: Measurement[]
  faults: Fault[]
  /** The earliest time of its own that the message named and that was believed, with a value or without. */
  timeFrom?: UnixMs
  /** What the box says of itself besides its readings. */
  health?: Health
  /** What is remembered from now on; absent where nothing changed. */
  state?: State
}

/** What a box says of itself. Battery and signal are quantities, and stand among the measurements. */
export interface Health {
  presence?: 'online' | 'offline'
  firmware?: string
  model?: string
  uptimeS?: number
  /** Seconds between its readings, as its own firmware says. */
  intervalS?: number
}

export type DialectMessage = Pick<JournaledMessage, 'topic' | 'payload' | 'receivedAt'>

/** Of whom a message comes: what was remembered of it, and how it is known. */
export interface Source<State = unknown> {
  /** undefined before its first message. */
  state?: State | undefined
  /** Serial, chip id, token or address behind its gateway, where somebody said it. */
  address?: string | null
  /** What its steward says that its fields mean, as JSON: see field-map.ts. */
  map?: string | null
  /** For the payload tester: every decision is noted here. */
  notes?: Notes
}

/** Hears what a decoder made of each field. */
export interface Notes {
  recognised(note: { field: string; sent: unknown; unit: string; quantity: string; value: number }): void
  assumed(what: string): void
  ignored(field: string, why: string): void
}

/**
 * One family of boxes: its topics and payloads, in one file of `ingest/dialect/`. Pure: (state of the source, message) →
 * (state, readings, faults, health). The state is small and bounded, and survives JSON.
 */
export interface Dialect<State = unknown> {
  name: string
  /** What people call it. */
  label: string
  /** Seconds between readings where the family's firmware fixes it. */
  intervalSDefault: number | null
  /** Families that report when something changes are silent for this long at the most. */
  silenceSMax: number | null
  /** What a topic of this family carries; undefined for a topic that it does not use. */
  topicUse(topic: string): TopicUse | undefined
  /** Where its firmware sends such a message; for a body that was caught without its topic. */
  usualTopic(text: string): string
  /** Never throws, whatever the bytes. */
  decode(message: DialectMessage, source: Source<State>): Decoded<State>
  /** Whether a message of an unknown sender could be one of this family's, for advice; from its topic and its text. */
  looksLike(topic: string, text: string): boolean
  /**
   * Of families that remember something: what of it holds for older messages too, so that decoding them once more begins as
   * it once did (which of two thermometers is the box's own, but not which message came last).
   */
  rewound?(state: State): State | undefined
  /** Families in which many boxes speak through one credential. */
  split?: Split
  /** Whether an address is a name behind one gateway, where it is no serial. */
  isLocalAddress?(address: string): boolean
  /** Families whose fields have no names of the family's own, so that a steward may map them. */
  takesMap?: true
  /** Families that push over HTTP. */
  push?: PushRules
}

/** A request as far as it tells what its body is. */
export interface PushRequest {
  /** Of a header, named in lower case. */
  header(name: string): string | undefined
  query(name: string): string | undefined
  /** Named parts of a fixed path. */
  params: Readonly<Record<string, string>>
  /** What follows the token. */
  rest: string
}

/** How a family pushes over HTTP. */
export interface PushRules {
  /** The status that its firmware takes for success; sent only once the message is on disk. */
  okStatus: 200 | 201
  /** The topic under which the body goes to the journal; begins with `push/` and the family's name. */
  topicOf(request: PushRequest): string
  /** Where its firmware puts the token, if not as the last part of the path. */
  tokenOf?(request: PushRequest): string | undefined
  /** A path that its firmware fixes, in the router's words, and how the box is known there, since it can show no secret. */
  fixed?: { path: string; addressOf(request: PushRequest): string | undefined }
}

/** Which device is installed where: a snapshot, replaced as a whole when the registry changes. */
export type Directory = ReadonlyMap<string, DirectoryEntry>

/** What ingest tells the rest of the hub, after the store said durable. */
export interface IngestEvents {
  /** The newest reading of each site and quantity in a batch; as in `latest`, those with flag 4 are left out. */
  stored(latest: LatestReading[]): void
  /** Every reading of a batch; for those who hear single ones, if there are any. */
  readings?(readings: readonly LatestReading[]): void
  problems(problems: Problem[]): void
  /** From these devices no more is to be taken, all others go on; said when it changes, and not at the start. */
  paused(deviceIds: string[]): void
  /** What boxes say of themselves, the newest of each. */
  health(healths: ReadonlyMap<string, Health>): void
  /** What the sensors' own clocks said, the newest of each. */
  times(times: SensorTime[]): void
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
  /** Messages of unplaced devices. */
  held: number
  heldBytes: number
  /** Devices of which no more is taken, see `paused`. */
  paused: string[]
  /** Highest sequence whose readings are durable. */
  checkpoint: number
  storeFailing: string | null
  /** Why the journal cannot be read, or told how far the store is. */
  journalFailing: string | null
}
