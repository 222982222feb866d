/** What the hourly look back asks of a store: readings with those around them, and their flags changed in place. */
import type { TimeRange } from '../../model/columns.ts'
import type { Flag, Reasons } from '../../model/flag.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'

/** Readings of one site, device and quantity, oldest first, as they stand. */
export interface ExaminedSeries {
  siteId: string
  deviceId: string
  quantity: Quantity
  /** Readings outside are only context. */
  judged: TimeRange
  time: number[]
  value: number[]
  flag: Flag[]
  reasons: Reasons[]
}

export interface ExaminedBlock {
  series: ExaminedSeries[]
  /** Where the hub's hour begins in which a moment lies: in Kathmandu at a quarter past the hour of UTC. */
  hourStart(at: number): number
  /** The median of a site's readings of an hour that did not fail on the way in; undefined where there is none. */
  middleOf(siteId: string, quantity: Quantity, at: UnixMs): number | undefined
}

/** A reading whose flag or reasons are to change. */
export interface Verdict {
  /** Index into the block's series, and into that one's readings. */
  series: number
  place: number
  flag: Flag
  reasons: Reasons
}

/** How readings are judged once those around them are known; the store brings them and keeps what comes of it. */
export interface LookBackRules {
  /** A reading that comes or goes can change judgements of this quantity so long before and after it. */
  reachMs(quantity: Quantity): number
  /** So long before and after what is judged of this quantity are its readings needed, to judge it or another by it. */
  contextMs(quantity: Quantity): number
  /** Reasons that looking back gives and takes away again. */
  ours: Reasons
  /** Reasons that fail a reading on the way in. */
  failing: Reasons
  hasNeighbours(quantity: Quantity): boolean
  neighboursOf(siteId: string): readonly string[]
  judge(block: ExaminedBlock): Verdict[]
}

/** What looks for bits that the disk changed. */
export interface FileExaminer {
  /**
   * Reads one part of so many of everything that is kept, so that what cannot be read is known before somebody asks for it.
   * @throws StoreUnavailable with the reason.
   */
  examine(part: number, parts: number): Promise<void>
}

/** What the hourly look back needs. */
export interface ReadingExaminer {
  /**
   * Judges the hours that ended by `now` and had readings come, go or change since they were judged, with those around
   * them that this can matter to. Flags and reasons change in place and their rollups are marked in the same commit; the
   * value, and what else is kept of a reading, never. One call takes a stretch of time; writes go on within it.
   */
  lookBack(now: UnixMs, rules: LookBackRules): Promise<{ changed: number; more: boolean }>
}
