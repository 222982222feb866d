/**
 * One clock change back in the rows of one sensor: which round each doubled time is of. Runs of them are told by the order of
 * their rows (doubled-hours.ts); a row that lies far from its place in the file may still pass for one of the other round,
 * which shows in the rounds side by side. Pure.
 */
import { doubledStepsMin, regularStepsShareMin } from '../limits.ts'
import { gapIntervals, roundsOf, type Round } from './doubled-hours.ts'

/** A row near the change, in the order of the file. */
interface Near {
  /** What the clock showed. */
  wallMs: number
  /** When that was; of a doubled time as if it were of the first round. */
  momentMs: number
  /** The place of a doubled time among all of its series; undefined: it was shown once. */
  index: number | undefined
}

/** Its round is told, where it needs one, and its moment is of that round. */
interface Told extends Near {
  round: Exclude<Round, null>
}

export class DoubledChange {
  readonly #laterMs: number
  readonly #saidIntervalMs: number | undefined
  readonly #rows: Near[] = []

  /** `laterMs`: how far the second round lies behind the first. */
  constructor(laterMs: number, saidIntervalMs: number | undefined) {
    this.#laterMs = laterMs
    this.#saidIntervalMs = saidIntervalMs
  }

  add(row: Near): void {
    this.#rows.push(row)
  }

  /** Of each doubled time, by its index. */
  rounds(): Map<number, Round> {
    const intervalMs = usualStepMs(this.#rows, this.#saidIntervalMs) ?? this.#laterMs
    const found = new Map<number, Round>()
    const { rows, besideStrays } = withoutStrays(this.#rows)
    for (const { first, end } of runsOf(rows)) {
      const rounds = roundsOf({
        wallMs: rows.slice(first, end).map(({ momentMs }) => momentMs),
        laterMs: this.#laterMs,
        beforeMs: rows[first - 1]?.momentMs ?? null,
        afterMs: rows[end]?.momentMs ?? null,
        intervalMs
      })
      // One fault may hide another: where it touches a run, nothing of the run is sure.
      const run = rows.slice(first, end)
      const isSure = !rounds.includes(null) && !run.some((row) => besideStrays.has(row))
      run.forEach(({ index }, i) => found.set(index!, isSure ? rounds[i]! : null))
    }
    for (const index of this.#doubtful(found, intervalMs)) found.set(index, null)
    return found
  }

  /**
   * Rows that are one too many in their round, while the other round lacks one at just that time. Where rows come at no
   * regular interval both happen by themselves, and only rows that are not in order are doubted.
   */
  *#doubtful(rounds: ReadonlyMap<number, Round>, intervalMs: number): Generator<number> {
    const rows: Told[] = []
    const untold: number[] = []
    for (const row of this.#rows) {
      const round = row.index === undefined ? 'first' : (rounds.get(row.index) ?? null)
      if (round === null) untold.push(row.momentMs, row.momentMs + this.#laterMs)
      else rows.push({ ...row, round, momentMs: row.momentMs + (round === 'second' ? this.#laterMs : 0) })
    }
    const told = new Axis(rows.map(({ momentMs }) => momentMs))
    // A row of which nobody knows the round may be in either.
    const perhaps = new Axis([...rows.map(({ momentMs }) => momentMs), ...untold])
    const disordered = isRegular(rows, intervalMs) ? undefined : disorderedOf(rows)
    for (const row of rows) {
      const { index, momentMs, round } = row
      if (index === undefined || (disordered && !disordered.has(row))) continue
      const otherMs = momentMs + (round === 'first' ? this.#laterMs : -this.#laterMs)
      const isMissed = told.isGap(otherMs, intervalMs) || told.hasFew(otherMs)
      if (isMissed && perhaps.isCrowded(momentMs, intervalMs)) yield index
    }
  }
}

/** Without a single row among doubled times whose time is none: wherever it belongs, it is not there. */
function withoutStrays(all: readonly Near[]): { rows: Near[]; besideStrays: Set<Near> } {
  const isDoubled = (row: Near | undefined): boolean => row?.index !== undefined
  const besideStrays = new Set<Near>()
  const rows = all.filter((row, i) => {
    const [before, after] = [all[i - 1], all[i + 1]]
    if (isDoubled(row) || !isDoubled(before) || !isDoubled(after)) return true
    besideStrays.add(before!).add(after!)
    return false
  })
  return { rows, besideStrays }
}

/** Doubled times without another one between them. */
function* runsOf(rows: readonly Near[]): Generator<{ first: number; end: number }> {
  for (let first = 0; first < rows.length; first++) {
    if (rows[first]!.index === undefined) continue
    let end = first
    while (rows[end]?.index !== undefined) end++
    yield { first, end }
    first = end
  }
}

/** Moments in order. */
class Axis {
  readonly #times: Float64Array
  /** How many rows a moment has, mostly. */
  readonly #usualCount: number

  constructor(momentsMs: readonly number[]) {
    this.#times = Float64Array.from(momentsMs).sort()
    const counts = [...Map.groupBy(this.#times, (time) => time).values()].map(({ length }) => length)
    this.#usualCount = median(counts) ?? 1
  }

  #count(time: number): number {
    return this.#indexAfter(time) - this.#indexOf(time)
  }

  /** There are rows at that time, and fewer than usual. */
  hasFew(time: number): boolean {
    const count = this.#count(time)
    return count > 0 && count < this.#usualCount
  }

  /** No row is there, and those around lie too far apart. */
  isGap(time: number, intervalMs: number): boolean {
    const before = this.#times[this.#indexOf(time) - 1]
    const after = this.#times[this.#indexOf(time)]
    if (before === undefined || after === undefined || after === time) return false
    return after - before > gapIntervals * intervalMs
  }

  /** Without one of its rows there would be none too few. */
  isCrowded(time: number, intervalMs: number): boolean {
    const count = this.#count(time)
    if (count > 1) return count > this.#usualCount
    const before = this.#times[this.#indexOf(time) - 1]
    const after = this.#times[this.#indexAfter(time)]
    return before !== undefined && after !== undefined && after - before <= gapIntervals * intervalMs
  }

  #indexOf(time: number): number {
    let [low, high] = [0, this.#times.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#times[middle]! < time) low = middle + 1
      else high = middle
    }
    return low
  }

  #indexAfter(time: number): number {
    let index = this.#indexOf(time)
    while (this.#times[index] === time) index++
    return index
  }
}

/** The median of the steps that are there; of a few rows what was said. */
function usualStepMs(rows: readonly Near[], saidMs: number | undefined): number | undefined {
  const steps = stepsOf(rows.map(({ wallMs }) => wallMs))
  return steps.length < doubledStepsMin && saidMs !== undefined ? saidMs : (median(steps) ?? saidMs)
}

/** Whichever way the rows go, and without rows that are repeated. */
function stepsOf(times: readonly number[]): number[] {
  const steps: number[] = []
  for (let i = 1; i < times.length; i++)
    if (times[i] !== times[i - 1]) steps.push(Math.abs(times[i]! - times[i - 1]!))
  return steps
}

/** Most steps are about as long as the usual one. */
function isRegular(rows: readonly Near[], intervalMs: number): boolean {
  const steps = stepsOf(rows.map(({ momentMs }) => momentMs))
  const usual = steps.filter((step) => step > intervalMs / gapIntervals && step < intervalMs * gapIntervals)
  return usual.length >= steps.length * regularStepsShareMin
}

/** Rows that come at the time of the row before, or on the wrong side of it. */
function disorderedOf<Of extends Near>(rows: readonly Of[]): Set<Of> {
  const steps = rows.slice(1).map(({ momentMs }, i) => Math.sign(momentMs - rows[i]!.momentMs))
  const direction = steps.reduce((sum, step) => sum + step, 0) < 0 ? -1 : 1
  const found = new Set<Of>()
  steps.forEach((step, i) => {
    if (step !== direction) found.add(rows[i]!).add(rows[i + 1]!)
  })
  return found
}

function median(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[(numbers.length - 1) >> 1]
}
