/** Readings of one series as they come out of a store, mostly in runs that are in order, put in the order of time. */
export class SeriesRuns {
  #time: Float64Array
  #value: Float64Array
  #flag: Uint8Array
  #reasons: Uint32Array
  #count = 0
  /** Where each run of ascending times begins. */
  readonly #starts: number[] = []

  /** `room` is how many are expected; it doubles when more come. */
  constructor(room: number) {
    this.#time = new Float64Array(room)
    this.#value = new Float64Array(room)
    this.#flag = new Uint8Array(room)
    this.#reasons = new Uint32Array(room)
  }

  add(time: number, value: number, flag: number, reasons: number): void {
    const at = this.#count
    if (at === this.#time.length) this.#grow()
    if (at === 0 || time < this.#time[at - 1]!) this.#starts.push(at)
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
    const room = Math.max(64, 2 * this.#time.length)
    this.#time = larger(this.#time, new Float64Array(room))
    this.#value = larger(this.#value, new Float64Array(room))
    this.#flag = larger(this.#flag, new Uint8Array(room))
    this.#reasons = larger(this.#reasons, new Uint32Array(room))
  }

  inOrder(): SortedColumns {
    const all = { time: this.#time, value: this.#value, flag: this.#flag, reasons: this.#reasons }
    const columns = part(all, 0, this.#count)
    return this.#starts.length < 2 ? columns : chosen(columns, orderOf(columns.time, this.#starts))
  }
}

/** `ReadingColumns` that can be cut without copying. */
export interface SortedColumns {
  time: Float64Array
  value: Float64Array
  flag: Uint8Array
  reasons: Uint32Array
}

function emptyColumns(count: number): SortedColumns {
  return {
    time: new Float64Array(count),
    value: new Float64Array(count),
    flag: new Uint8Array(count),
    reasons: new Uint32Array(count)
  }
}

/** From a place to before another one; a view, not a copy. */
export function part(
  { time, value, flag, reasons }: SortedColumns,
  from: number,
  until: number
): SortedColumns {
  return {
    time: time.subarray(from, until),
    value: value.subarray(from, until),
    flag: flag.subarray(from, until),
    reasons: reasons.subarray(from, until)
  }
}

/** One after another. */
export function joined(parts: readonly SortedColumns[]): SortedColumns {
  const columns = emptyColumns(parts.reduce((count, { time }) => count + time.length, 0))
  let next = 0
  for (const { time, value, flag, reasons } of parts) {
    columns.time.set(time, next)
    columns.value.set(value, next)
    columns.flag.set(flag, next)
    columns.reasons.set(reasons, next)
    next += time.length
  }
  return columns
}

/**
 * The places in the order of time. Runs are merged two by two, each time half as many: a store that reads with several
 * threads swaps pieces of a file, which makes few long runs, and an index sort of those took ten times as long.
 */
function orderOf(time: Float64Array, starts: readonly number[]): Uint32Array {
  let order = new Uint32Array(time.length)
  for (let i = 0; i < order.length; i++) order[i] = i
  let other = new Uint32Array(time.length)
  for (let runs = [...starts, time.length]; runs.length > 2;) {
    const longer: number[] = []
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const [start, middle, end] = [runs[run]!, runs[run + 1]!, runs[run + 2] ?? runs[run + 1]!]
      merge(time, order, other, { start, middle, end })
      longer.push(start)
    }
    runs = [...longer, time.length]
    ;[order, other] = [other, order]
  }
  return order
}

/** Of equal times those of the first run come first. */
function merge(
  time: Float64Array,
  from: Uint32Array,
  to: Uint32Array,
  { start, middle, end }: { start: number; middle: number; end: number }
): void {
  let [first, second] = [start, middle]
  for (let next = start; next < end; next++) {
    const isFirst = first < middle && (second === end || time[from[first]!]! <= time[from[second]!]!)
    to[next] = from[isFirst ? first++ : second++]!
  }
}

function chosen({ time, value, flag, reasons }: SortedColumns, order: Uint32Array): SortedColumns {
  const columns = emptyColumns(order.length)
  for (let to = 0; to < order.length; to++) {
    const from = order[to]!
    columns.time[to] = time[from]!
    columns.value[to] = value[from]!
    columns.flag[to] = flag[from]!
    columns.reasons[to] = reasons[from]!
  }
  return columns
}
