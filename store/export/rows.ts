/** Rows of an export as columns: collected from a store, put in order, with corrected values computed, handed out in parts. */
import type { CorrectedSeries } from '../memory/corrections.ts'
import { correctedColumns, type ReadingColumns } from '../corrected.ts'
import { exportPartRows } from '../limits.ts'
import type { ExportHead, ExportOrder, ExportRows } from '../promise/export.ts'
import { orderOf } from './order.ts'

/** Columns with room for more rows than they hold. */
export interface RowBuffer {
  count: number
  time: Float64Array
  series: Uint32Array
  value: Float64Array
  flag: Uint8Array
  reasons: Uint32Array
  received: Float64Array
}

export function rowBuffer(room: number): RowBuffer {
  return { count: 0, ...columnsFor(room) }
}

function columnsFor(room: number) {
  return {
    time: new Float64Array(room),
    series: new Uint32Array(room),
    value: new Float64Array(room),
    flag: new Uint8Array(room),
    reasons: new Uint32Array(room),
    received: new Float64Array(room)
  }
}

/** What `inOrder` must know of the rows beside themselves. */
export interface RowsSetting {
  head: ExportHead
  order: ExportOrder
  /** Of each series of the head; undefined for what was measured. */
  corrected: readonly (CorrectedSeries | undefined)[]
}

/** The rows in their order, in parts of at most `exportPartRows`. `humidity` as for `withCorrected`. */
export function* partsOf(
  rows: RowBuffer,
  { head, order, corrected }: RowsSetting,
  humidity: ReadonlyMap<number, ReadingColumns>
): Generator<ExportRows> {
  const places = orderOf(rows, head.series.length, order)
  if (corrected.some((one) => one !== undefined)) {
    const made = withCorrected(chosen(rows, places), { head, corrected }, humidity)
    for (let start = 0; start < made.time.length; start += exportPartRows)
      yield part(made, start, Math.min(made.time.length, start + exportPartRows))
    return
  }
  for (let start = 0; start < places.length; start += exportPartRows)
    yield chosen(rows, places.subarray(start, start + exportPartRows))
}

function chosen(from: RowBuffer, places: Uint32Array): ExportRows {
  const count = places.length
  const to: ExportRows = { kind: 'rows', ...columnsFor(count) }
  for (let i = 0; i < count; i++) {
    const place = places[i]!
    to.time[i] = from.time[place]!
    to.series[i] = from.series[place]!
    to.value[i] = from.value[place]!
  }
  for (let i = 0; i < count; i++) {
    const place = places[i]!
    to.flag[i] = from.flag[place]!
    to.reasons[i] = from.reasons[place]!
    to.received[i] = from.received[place]!
  }
  return to
}

/** A copy, so that what is handed to another thread is no larger than itself. */
function part(rows: ExportRows, from: number, until: number): ExportRows {
  const { time, series, value, flag, reasons, received, correction } = rows
  return {
    kind: 'rows',
    time: time.slice(from, until),
    series: series.slice(from, until),
    value: value.slice(from, until),
    flag: flag.slice(from, until),
    reasons: reasons.slice(from, until),
    received: received.slice(from, until),
    ...(correction && { correction: correction.slice(from, until) })
  }
}

/**
 * Rows of corrected series hold their source's reading so far: they get what is made of it, or go. `humidity` has at least
 * the readings from a little before the rows (`humidityAgeMsMax`) to their end, by series.
 */
function withCorrected(
  rows: ExportRows,
  { head, corrected }: Pick<RowsSetting, 'head' | 'corrected'>,
  humidity: ReadonlyMap<number, ReadingColumns>
): ExportRows {
  const gone = new Uint8Array(rows.time.length)
  const correction = new Uint32Array(rows.time.length)
  const placesBySeries = placesOfCorrected(rows, corrected)
  for (const [index, of] of corrected.entries()) {
    if (!of) continue
    const places = placesBySeries.get(index) ?? []
    // In either order of an export the rows of one series stand in the order of time.
    const source = {
      time: places.map((i) => rows.time[i]!),
      value: places.map((i) => rows.value[i]!),
      flag: places.map((i) => rows.flag[i]!),
      reasons: places.map((i) => rows.reasons[i]!)
    }
    const made = correctedColumns(source, of.humidity && humidity.get(of.humidity.id), of.rows)
    for (const i of places) gone[i] = 1
    made.place.forEach((place, at) => {
      const i = places[place]!
      gone[i] = 0
      rows.value[i] = made.value[at]!
      rows.flag[i] = made.flag[at]!
      rows.reasons[i] = made.reasons[at]!
      correction[i] = 1 + head.corrections.indexOf(of.rows[made.correction[at]!]!.correctionId)
    })
  }
  return kept({ ...rows, correction }, gone)
}

function placesOfCorrected(
  { series }: ExportRows,
  corrected: readonly (CorrectedSeries | undefined)[]
): Map<number, number[]> {
  const places = new Map<number, number[]>()
  for (let i = 0; i < series.length; i++) {
    const index = series[i]!
    if (!corrected[index]) continue
    const known = places.get(index)
    if (known) known.push(i)
    else places.set(index, [i])
  }
  return places
}

function kept(rows: ExportRows & { correction: Uint32Array }, gone: Uint8Array): ExportRows {
  const stays = Uint32Array.from(gone.keys()).filter((i) => gone[i] === 0)
  const to = chosen({ count: rows.time.length, ...rows }, stays)
  return { ...to, correction: Uint32Array.from(stays, (i) => rows.correction[i]!) }
}
