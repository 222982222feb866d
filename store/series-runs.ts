/** Readings of one series as they come out of a store, mostly in runs that are in order, put in the order of time. */
import type { ReadingColumns } from './corrected.ts'

/** A reading a minute for three days; longer series double it as they come. */
const roomAtFirst = 4_096

export class SeriesRuns {
  #time = new Float64Array(roomAtFirst)
  #value = new Float64Array(roomAtFirst)
  #flag = new Uint8Array(roomAtFirst)
  #reasons = new Uint32Array(roomAtFirst)
  #count = 0
  #begins = true
  /** Where each run of ascending times begins. */
  readonly #starts: number[] = []

  /** What comes next may come from elsewhere: a store that reads with several threads gives pieces in any order. */
  begin(): void {
    this.#begins = true
  }

  add(time: number, value: number, flag: number, reasons: number): void {
    const at = this.#count
    if (at === this.#time.length) this.#grow()
    if (this.#begins || time < this.#time[at - 1]!) this.#starts.push(at)
    this.#begins = false
    this.#time[at] = time
    this.#value[at] = value
    this.#flag[at] = flag
    this.#reasons[at] = reasons
    this.#count = at + 1
  }

  #grow(): void {
    const larger = <A extends Float64Array | Uint8Array | Uint32Array>(from: A, to: A): A => {
      to.set(from)
      return to
    }
    const room = 2 * this.#time.length
    this.#time = larger(this.#time, new Float64Array(room))
    this.#value = larger(this.#value, new Float64Array(room))
    this.#flag = larger(this.#flag, new Uint8Array(room))
    this.#reasons = larger(this.#reasons, new Uint32Array(room))
  }

  inOrder(): ReadingColumns {
    const columns = {
      time: this.#time.subarray(0, this.#count),
      value: this.#value.subarray(0, this.#count),
      flag: this.#flag.subarray(0, this.#count),
      reasons: this.#reasons.subarray(0, this.#count)
    }
    if (this.#starts.length < 2) return columns
    const runs = this.#starts
      .map((start, run) => ({ start, end: this.#starts[run + 1] ?? this.#count }))
      .sort((a, b) => columns.time[a.start]! - columns.time[b.start]!)
    return this.#areApart(runs) ? joined(columns, runs) : sorted(columns)
  }

  #areApart(runs: readonly Run[]): boolean {
    return runs.every(({ start }, i) => i === 0 || this.#time[runs[i - 1]!.end - 1]! <= this.#time[start]!)
  }
}

interface Run {
  start: number
  end: number
}

interface Columns {
  time: Float64Array
  value: Float64Array
  flag: Uint8Array
  reasons: Uint32Array
}

function emptyColumns(count: number): Columns {
  return {
    time: new Float64Array(count),
    value: new Float64Array(count),
    flag: new Uint8Array(count),
    reasons: new Uint32Array(count)
  }
}

/** Runs one after another: whole pieces are copied. */
function joined({ time, value, flag, reasons }: Columns, runs: readonly Run[]): Columns {
  const columns = emptyColumns(time.length)
  let next = 0
  for (const { start, end } of runs) {
    columns.time.set(time.subarray(start, end), next)
    columns.value.set(value.subarray(start, end), next)
    columns.flag.set(flag.subarray(start, end), next)
    columns.reasons.set(reasons.subarray(start, end), next)
    next += end - start
  }
  return columns
}

function sorted({ time, value, flag, reasons }: Columns): Columns {
  const order = new Uint32Array(time.length)
  for (let i = 0; i < order.length; i++) order[i] = i
  order.sort((a, b) => time[a]! - time[b]!)
  const columns = emptyColumns(time.length)
  for (let to = 0; to < order.length; to++) {
    const from = order[to]!
    columns.time[to] = time[from]!
    columns.value[to] = value[from]!
    columns.flag[to] = flag[from]!
    columns.reasons[to] = reasons[from]!
  }
  return columns
}
