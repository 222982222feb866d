/** What followers of a copy ask of a store: what changed in outdoor readings that they may already have. */
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'

/**
 * late: readings that came, or were replaced, after their time had been given out. judged: flags that changed when hours
 * were looked back on. moved: readings that belong to another site now. withdrawn: an import that was undone, or readings
 * received under a wrong clock. corrected: another correction holds. recalculated: hours and days alone. erased: what is no
 * longer public, by street and day only.
 */
export const changeKinds = [
  'late',
  'judged',
  'moved',
  'withdrawn',
  'corrected',
  'recalculated',
  'erased'
] as const
export type ChangeKind = (typeof changeKinds)[number]

/** A stretch to be read again. Half-open; null reaches without limit. */
export interface Change {
  /** When it was changed, the last time. */
  at: UnixMs
  kind: ChangeKind
  /** null: of a street, whose sites are not named. */
  siteId: string | null
  streetId: string
  /** null: all of them. */
  quantity: Quantity | null
  from: UnixMs | null
  until: UnixMs | null
}

/** How far somebody has followed. Another `log` has another history. */
export interface ChangePosition {
  log: string
  sequence: number
}

export interface ChangesPage {
  changes: Change[]
  position: ChangePosition
  /** There are more at once. */
  more: boolean
  /**
   * What was measured before this, and hours and days that ended before it, are as they stand: whatever changes in them
   * later is told after `position`.
   */
  settledUntil: UnixMs
}

export interface ChangesReader {
  /**
   * Changes after a position, oldest first, each stretch once, with its newest change; from now on without one. null: what
   * followed that position is not kept any longer.
   */
  changesSince(after: ChangePosition | null, limit: number): Promise<ChangesPage | null>
}
