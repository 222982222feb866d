/** What the steward's commands and the recurring work ask of a store: what changes readings after they were written. */
import type { CorrectionRow } from '../../model/correction.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { Reading, ReadingIdentity } from '../../model/reading.ts'
import type { UnixMs } from '../../model/time.ts'

/** Seconds stand for themselves, for all time. Half-open; without `from` and `until` it holds for all time, and null takes that back. */
export interface SaidInterval {
  /** Seconds between two readings, or the longest silence of a device that speaks on change; null: nobody says any more. */
  intervalS: number | null
  onChange?: boolean
  from?: UnixMs
  until?: UnixMs
}

/** A device's readings of a period are to be at this site; null reaches without limit. */
export interface Move {
  deviceId: string
  siteId: string
  from: UnixMs | null
  until: UnixMs | null
}

/** Single readings of a site that are not kept any longer: from inclusive, null without limit; until exclusive. */
export interface Trim {
  siteId: string
  from: UnixMs | null
  until: UnixMs
}

export interface Erasure {
  siteIds: readonly string[]
  /** Devices without readings elsewhere: their intervals and corrections go. */
  deviceIds: readonly string[]
}

/** A reading, and the message that brought it. */
export type RetractedReading = ReadingIdentity & Pick<Reading, 'sequence'>

/** What a refresh of the rollups did. */
export interface RefreshedRollups {
  touched: TouchedWindow[]
  /** Hours that have ended still wait. */
  more: boolean
  /** Devices of which it is known now, or known otherwise than before, how often they measure, though nobody said it. */
  learnt: { deviceId: string; intervalS: number }[]
}

export interface TouchedWindow {
  siteId: string
  quantity: Quantity
  hour: UnixMs
}

/** What the steward's commands and the hourly work need. */
export interface ReadingKeeper {
  /**
   * How often a device measures, as somebody said: for all time, or for a stretch of it (an import), where the newest word
   * holds. Hours that this changes are marked for recomputing. Of what nothing is said the store learns it from the
   * readings, when it computes their hours.
   */
  setInterval(deviceId: string, interval: number | SaidInterval): Promise<void>
  /**
   * All corrections that hold, in the place of those told before. Durable when it resolves, with the marks of the corrected
   * hours that a new, ended, changed or missing row touches, so that no change is forgotten by a crash.
   */
  setCorrections(rows: readonly CorrectionRow[]): Promise<void>
  /**
   * Recomputes marked hours, and the days they lie in. `limit` bounds one call's work, so that readings can be
   * written between calls. Hours that have not ended by `now` are recomputed as well, and stay marked; the day that
   * still runs may be up to ten minutes behind them.
   *
   * An hour of a source, or of the humidity that a correction asks for, is recomputed together with the corrected hours
   * made of it. Hours that wait only because a correction changed come after all others: `recomputing` counts them.
   */
  refreshRollups(now: UnixMs, limit?: number): Promise<RefreshedRollups>
  /** Moves a device's readings of a period to the site they belong to. Returns how many. */
  reassign(move: Move): Promise<number>
  /** Removes every trace of a site: readings, replaced readings, rollups, marks. Returns how many readings. */
  erase(siteId: string): Promise<number>
  /** The same for several at once, and what is known of devices that are gone for good. May be done twice. */
  eraseAll(erasure: Erasure): Promise<number>
  /**
   * Removes single readings and leaves the hours and days made of them, for good: whatever comes later for such a day changes
   * no hour of it, unless it brings more than was there. Whole days only, and a site of which an hour waits for its rollup or
   * for its look back is left for the next call. Returns how many readings went. May be done twice.
   */
  trim(parts: readonly Trim[]): Promise<number>
  /**
   * Takes single readings back that stand where nothing was measured: their messages were received under a wrong clock. Only
   * those that still stand with the sequence that is named; what they had replaced stands again. Returns how many went.
   */
  retract(readings: readonly RetractedReading[]): Promise<number>
  /**
   * Takes an import back: its readings go, and what they had replaced (or what else came for the same identity while
   * they stood) stands again. Returns how many went.
   */
  undoImport(importId: number): Promise<number>
  close(): Promise<void>
}
