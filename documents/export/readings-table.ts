/** Single readings, one a row: the layout of the export. */
import { reasonList, type Flag } from '../../model/flag.ts'
import { isMeasured } from '../../model/quantity.ts'
import type { ExportHead, ExportRows } from '../../store/promise/export.ts'
import { columns } from './columns.ts'
import { GrowingWords, seriesWords, unitOf, type ExportPlaces } from './source.ts'
import type { Batch, Column, Table } from './table.ts'

/** keep: every reading, with flag and reasons. drop: without those of flag 4, and without the columns. Or only some flags. */
export type FlagChoice = 'keep' | 'drop' | readonly Flag[]

export interface ReadingsTableOptions {
  places: ExportPlaces
  flags: FlagChoice
  order: 'time' | 'series'
}

export function readingsTable(
  head: ExportHead,
  rows: AsyncIterable<ExportRows>,
  { places, flags, order }: ReadingsTableOptions
): Table {
  const withFlags = flags !== 'drop'
  const withCorrection = head.series.some(({ quantity }) => !isMeasured(quantity))
  const { time, street, site, device, quantity, value, unit, flag, reason, received, correction } = columns
  const all: Column[] = [
    time,
    street,
    site,
    device,
    quantity,
    value,
    unit,
    ...(withFlags ? [flag, reason] : []),
    received,
    ...(withCorrection ? [correction] : [])
  ]
  return {
    columns: all,
    sortedBy: order === 'time' ? ['time'] : [],
    groupOf: order === 'time' ? new Uint32Array() : seriesWords(head, ({ siteId }) => siteId).of,
    batches: batchesOf(head, filtered(rows, flags), { places, withFlags, withCorrection })
  }
}

async function* batchesOf(
  head: ExportHead,
  rows: AsyncIterable<ExportRows>,
  { places, withFlags, withCorrection }: { places: ExportPlaces; withFlags: boolean; withCorrection: boolean }
): AsyncGenerator<Batch> {
  const words = [
    seriesWords(head, ({ siteId }) => places[siteId]?.street ?? ''),
    seriesWords(head, ({ siteId }) => siteId),
    seriesWords(head, ({ deviceId }) => deviceId),
    seriesWords(head, ({ quantity }) => quantity)
  ]
  const units = seriesWords(head, ({ quantity }) => unitOf(quantity))
  const reasons = new GrowingWords((bits: number) => reasonList(bits).join(' '))
  const corrections = ['', ...head.corrections]
  for await (const { time, series, value, flag, reasons: bits, received, correction } of rows) {
    const count = time.length
    if (count === 0) continue
    yield {
      rows: count,
      series,
      columns: [
        time,
        ...words,
        value,
        units,
        ...(withFlags ? [flag, { words: reasons.words, index: reasonIndex(bits, reasons) }] : []),
        received,
        ...(withCorrection ? [{ words: corrections, index: correction ?? new Uint32Array(count) }] : [])
      ]
    }
  }
}

/** Most readings have the reasons of the one before: none. */
export function reasonIndex(bits: Uint32Array, words: GrowingWords<number>): Uint32Array {
  const index = new Uint32Array(bits.length)
  let [last, at] = [-1, 0]
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] !== last) {
      last = bits[i]!
      at = words.at(last)
    }
    index[i] = at
  }
  return index
}

/** Rows whose flag was asked for. */
export async function* filtered(
  rows: AsyncIterable<ExportRows>,
  flags: FlagChoice
): AsyncGenerator<ExportRows> {
  const wanted = flags === 'keep' ? undefined : new Set<number>(flags === 'drop' ? [1, 2, 3, 9] : flags)
  for await (const part of rows) yield wanted ? withFlagsIn(part, wanted) : part
}

function withFlagsIn(part: ExportRows, wanted: ReadonlySet<number>): ExportRows {
  const stays = Uint32Array.from(part.flag.keys()).filter((i) => wanted.has(part.flag[i]!))
  if (stays.length === part.flag.length) return part
  const { time, series, value, flag, reasons, received, correction } = part
  return {
    kind: 'rows',
    time: Float64Array.from(stays, (i) => time[i]!),
    series: Uint32Array.from(stays, (i) => series[i]!),
    value: Float64Array.from(stays, (i) => value[i]!),
    flag: Uint8Array.from(stays, (i) => flag[i]!),
    reasons: Uint32Array.from(stays, (i) => reasons[i]!),
    received: Float64Array.from(stays, (i) => received[i]!),
    ...(correction && { correction: Uint32Array.from(stays, (i) => correction[i]!) })
  }
}
