/**
 * The order of an export's rows, from rows in any order. Stores keep readings about as they came, so a few passes that
 * count (a radix sort) take a third of the time that the database's own sort does, and no room in the database's memory.
 */
import type { ExportOrder } from '../promise/export.ts'

/** Times and series of rows, of which the first `count` places are in use. */
export interface Unordered {
  count: number
  time: Float64Array
  series: Uint32Array
}

/** For each place of the order, the row that stands there. `seriesCount` is one more than the highest series. */
export function orderOf(rows: Unordered, seriesCount: number, order: ExportOrder): Uint32Array {
  return order === 'time' ? byTime(rows, seriesCount) : bySeries(rows, seriesCount)
}

function byTime(rows: Unordered, seriesCount: number): Uint32Array {
  const asTheyAre = identity(rows.count)
  if (isOrdered(rows)) return asTheyAre
  // Each pass keeps the order of what it finds equal, so at equal times the series decide.
  return timePasses(rows, seriesPass(rows, seriesCount, asTheyAre))
}

function bySeries(rows: Unordered, seriesCount: number): Uint32Array {
  const sorted = seriesPass(rows, seriesCount, identity(rows.count))
  if (isTimeOrderedWithinSeries(rows, sorted)) return sorted
  return seriesPass(rows, seriesCount, timePasses(rows, identity(rows.count)))
}

function identity(count: number): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  return order
}

function isOrdered({ count, time, series }: Unordered): boolean {
  for (let i = 1; i < count; i++) {
    const [before, at] = [time[i - 1]!, time[i]!]
    if (before > at || (before === at && series[i - 1]! > series[i]!)) return false
  }
  return true
}

function isTimeOrderedWithinSeries({ time, series }: Unordered, order: Uint32Array): boolean {
  for (let i = 1; i < order.length; i++) {
    const [before, at] = [order[i - 1]!, order[i]!]
    if (series[before] === series[at] && time[before]! > time[at]!) return false
  }
  return true
}

/** A counting sort by series. */
function seriesPass(
  { series }: Unordered,
  seriesCount: number,
  order: Uint32Array<ArrayBuffer>
): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(seriesCount + 1)
  for (let i = 0; i < order.length; i++) starts[series[i]! + 1]!++
  for (let i = 1; i <= seriesCount; i++) starts[i]! += starts[i - 1]!
  const sorted = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    sorted[starts[series[row]!]!++] = row
  }
  return sorted
}

/** Eleven bits a pass: the counters of one fit the processor's first cache, and three passes sort 99 days. */
const digitBits = 11
const digits = 1 << digitBits

function timePasses({ count, time }: Unordered, order: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  if (count === 0) return order
  let first = Infinity
  let last = -Infinity
  for (let i = 0; i < count; i++) {
    const at = time[i]!
    if (at < first) first = at
    if (at > last) last = at
  }
  let from = order
  let to = new Uint32Array(count)
  const digit = new Uint16Array(count)
  for (let divisor = 1; divisor <= last - first; divisor *= digits) {
    const starts = new Uint32Array(digits + 1)
    for (let i = 0; i < count; i++) {
      const of = Math.floor((time[i]! - first) / divisor) % digits
      digit[i] = of
      starts[of + 1]!++
    }
    for (let i = 1; i <= digits; i++) starts[i]! += starts[i - 1]!
    for (let i = 0; i < count; i++) {
      const row = from[i]!
      to[starts[digit[row]!]!++] = row
    }
    ;[from, to] = [to, from]
  }
  return from
}
