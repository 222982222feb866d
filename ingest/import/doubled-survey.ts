/** Reads a whole file's times as they come, to say afterwards which rounds its doubled hours are of. Pure. */
import { dayMs, hourMs, secondMs, zoneAheadMs, type UnixMs } from '../../model/time.ts'
import { DoubledChange } from './doubled-change.ts'
import type { Round } from './doubled-hours.ts'
import { offsetsIn, type DoubledRounds, type LocalClock } from './local-clock.ts'

/** Rows within this of a change back say what is usual there, and whether one is missed. */
const nearMs = 3 * hourMs

/** Two clock changes back lie months apart, so times within a day of each other are of one. */
const sameChangeMs = dayMs

interface Shown {
  wallMs: number
  momentMs: number
}

interface Change {
  aboutMs: number
  rows: DoubledChange
  /** The last row that it was told of. */
  last: Shown | undefined
}

interface Series {
  /** How many doubled times there were. */
  doubled: number
  changes: Change[]
  last: Shown | undefined
  /** The change that the last row was a doubled time of. */
  open: Change | undefined
}

export class DoubledHourSurvey {
  readonly #offsets: (wallMs: number) => readonly number[]
  /** How far the second round of a change back nearby lies behind the first; 0 where there is none. */
  readonly #laterNear: (momentMs: number) => number
  readonly #intervalMs: number | undefined
  readonly #series = new Map<string, Series>()

  constructor(zone: string, intervalS?: number) {
    this.#offsets = offsetsIn(zone)
    this.#laterNear = (momentMs) =>
      zoneAheadMs((momentMs - nearMs) as UnixMs, zone) - zoneAheadMs((momentMs + nearMs) as UnixMs, zone)
    this.#intervalMs = intervalS === undefined ? undefined : intervalS * secondMs
  }

  /** A moment for a first look: of a time that was shown twice the first. */
  readonly clock: LocalClock = (wallMs, name) => {
    const [first, second] = this.#offsets(wallMs)
    if (first === undefined) return 'neverShown'
    const series = this.#seriesOf(name)
    const shown = { wallMs, momentMs: wallMs - first }
    if (second !== undefined) {
      const change = this.#changeOf(series, shown.momentMs, first - second)
      // What stands before and after a doubled time in the file is told of, however far it lies.
      if (series.last && change.last !== series.last) tell(change, series.last)
      if (series.open && series.open !== change) tell(series.open, shown)
      change.rows.add({ ...shown, index: series.doubled++ })
      change.last = shown
      series.open = change
    } else {
      const laterMs = series.open ? 0 : this.#laterNear(shown.momentMs)
      const change = laterMs > 0 ? this.#changeOf(series, shown.momentMs, laterMs) : series.open
      if (change) tell(change, shown)
      series.open = undefined
    }
    series.last = shown
    return shown.momentMs as UnixMs
  }

  #seriesOf(name: string): Series {
    const known = this.#series.get(name)
    if (known) return known
    const series: Series = { doubled: 0, changes: [], last: undefined, open: undefined }
    this.#series.set(name, series)
    return series
  }

  #changeOf(series: Series, momentMs: number, laterMs: number): Change {
    const known = changeAt(series, momentMs)
    if (known) return known
    const rows = new DoubledChange(laterMs, this.#intervalMs)
    const change: Change = { aboutMs: momentMs, rows, last: undefined }
    series.changes.push(change)
    return change
  }

  rounds(): DoubledRounds {
    const found = new Map<string, Round[]>()
    for (const [name, { doubled, changes }] of this.#series) {
      if (doubled === 0) continue
      const rounds = new Array<Round>(doubled).fill(null)
      for (const { rows } of changes) for (const [index, round] of rows.rounds()) rounds[index] = round
      found.set(name, rounds)
    }
    return found
  }
}

function changeAt({ changes }: Series, momentMs: number): Change | undefined {
  return changes.findLast(({ aboutMs }) => Math.abs(aboutMs - momentMs) < sameChangeMs)
}

function tell(change: Change, shown: Shown): void {
  change.rows.add({ ...shown, index: undefined })
  change.last = shown
}
