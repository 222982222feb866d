/**
 * The lines that were written last, so that a reading which comes a little late is not looked up at the server: for that
 * the server reads everything around it, which took longer than the writing. Only what the server said is on its disk is in
 * here, and whatever else changes readings empties it.
 */
import { recentLinesMax } from '../../limits.ts'
import type { StoredRow } from '../../resolve.ts'
import type { Mount } from './mounts.ts'

/** A line that is there, with the readings that stand in it by series. */
export interface KnownLine {
  rows: Map<number, StoredRow>
}

interface Recent {
  /** Every line of the mount from here on is known. */
  completeFrom: number
  lines: Map<number, KnownLine>
}

export class RecentLines {
  readonly #linesMax: number
  #mounts = new Map<Mount, Recent>()
  /** In the order in which they were written; the first `#gone` of them are no longer known. */
  #order: { of: Recent; time: number }[] = []
  #gone = 0

  constructor(linesMax = recentLinesMax) {
    this.#linesMax = linesMax
  }

  /** Is it known whether there is a line of this moment? */
  covers(mount: Mount, time: number): boolean {
    return time >= (this.#mounts.get(mount)?.completeFrom ?? Infinity)
  }

  line(mount: Mount, time: number): KnownLine | undefined {
    return this.#mounts.get(mount)?.lines.get(time)
  }

  /** Before lines of it are written: what comes is later than all there is, or was looked up. */
  begin(mount: Mount): void {
    if (!this.#mounts.has(mount)) this.#mounts.set(mount, { completeFrom: mount.high + 1, lines: new Map() })
  }

  /** These readings of a line stand as they are said now; the others that it holds stay. */
  note(mount: Mount, time: number, rows: readonly StoredRow[]): void {
    const of = this.#mounts.get(mount)
    if (!of || time < of.completeFrom) return
    let line = of.lines.get(time)
    if (!line) {
      of.lines.set(time, (line = { rows: new Map() }))
      this.#order.push({ of, time })
    }
    for (const row of rows) line.rows.set(row.series, row)
    if (this.#order.length - this.#gone > this.#linesMax) this.#letOldestGo()
  }

  #letOldestGo(): void {
    const { of, time } = this.#order[this.#gone++]!
    of.lines.delete(time)
    of.completeFrom = Math.max(of.completeFrom, time + 1)
    if (this.#gone < this.#linesMax) return
    this.#order = this.#order.slice(this.#gone)
    this.#gone = 0
  }

  clear(): void {
    this.#mounts = new Map()
    this.#order = []
    this.#gone = 0
  }
}
