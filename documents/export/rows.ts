/** The rows of an export: their columns, and each row with its words looked up. */
import type { ExportChunk } from '../../model/columns.ts'
import { reasonList } from '../../model/flag.ts'
import { quantities, type Quantity } from '../../model/quantity.ts'
import { toIso, type UnixMs } from '../../model/time.ts'

export const exportColumnNames = [
  'time',
  'street',
  'site',
  'device',
  'quantity',
  'value',
  'unit',
  'flag',
  'reason',
  'received'
] as const

/** One row of an export with its words looked up; times ISO 8601 UTC with milliseconds. */
export interface ExportRow {
  time: string
  street: string
  site: string
  device: string
  quantity: Quantity
  value: number
  unit: string
  flag: number
  reason: string
  received: string
  /** The correction that made the value, '' for a raw one; only in files that were asked for corrected values. */
  correction?: string
}

/** Rows of a chunk; `streetOf` names the street of a site. */
export function* exportRows(chunk: ExportChunk, streetOf: (siteId: string) => string): Generator<ExportRow> {
  for (let i = 0; i < chunk.time.length; i++) {
    const siteId = chunk.sites[chunk.site[i]!]!
    const quantity = chunk.quantities[chunk.quantity[i]!]!
    yield {
      time: toIso(chunk.time[i] as UnixMs),
      street: streetOf(siteId),
      site: siteId,
      device: chunk.devices[chunk.device[i]!]!,
      quantity,
      value: chunk.value[i]!,
      unit: quantities[quantity].unit,
      flag: chunk.flag[i]!,
      reason: reasonList(chunk.reasons[i]!).join(' '),
      received: toIso(chunk.received[i] as UnixMs),
      ...(chunk.correction && { correction: chunk.corrections?.[chunk.correction[i]! - 1] ?? '' })
    }
  }
}
