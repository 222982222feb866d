/** An export as a file: what was asked for, out of a store, as a table, in a format. */
import type { ExportFormatName } from '../../contract/export.ts'
import type { Window } from '../../model/columns.ts'
import type { DerivedName } from '../../model/derived.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import type { ReadingExporter } from '../../store/promise/export.ts'
import { exportFormats } from './formats.ts'
import { openAqTable } from './openaq-table.ts'
import { pseudonymous, type ResearchTerms } from './research.ts'
import { readingsTable, type FlagChoice } from './readings-table.ts'
import { withUnjudged } from './unjudged.ts'
import { opened, type ExportPlaces } from './source.ts'
import type { Batch, Table } from './table.ts'
import { wideReadings, wideWindows } from './wide.ts'
import { outdoorWater } from './outdoor-water.ts'
import { windowsTable } from './windows-table.ts'

export const exportLayouts = ['long', 'wide', 'openaq'] as const
export type ExportLayout = (typeof exportLayouts)[number]

/** Everything that decides what is in the file; plain data, so that it can go to another thread and into a receipt. */
export interface ExportRequest {
  format: ExportFormatName
  layout: ExportLayout
  window: 'raw' | Window
  flags: FlagChoice
  /** Of hours and days: the share of their readings below which they have no mean. */
  coverageMin: number
  siteIds: readonly string[]
  /** undefined: all that are measured. */
  quantities?: readonly Quantity[]
  from: UnixMs
  until: UnixMs
  timezone: string
  places: ExportPlaces
  /** Computed columns of the wide layout. */
  derived: readonly DerivedName[]
  /** By street: the sites whose air the excess of others is beyond. */
  outdoor: Readonly<Record<string, readonly string[]>>
  /** Those that made corrected hours and days, with the site where each held. */
  corrections: readonly { siteId: string; quantity: Quantity; row: CorrectionRow }[]
  /** Of rooms, for researchers: under pseudonyms, and from when on. */
  research?: ResearchTerms
  /** Columns that are left out: those that a folder's name says already. */
  without?: readonly string[]
  /** What formats that can hold it say of the file itself. */
  metadata: Readonly<Record<string, string>>
}

export type ExportBytes = AsyncGenerator<string | Uint8Array, { rows: number }>

/** The pieces of the file; in the end how many rows it has. Leaving it early lets go of the store. */
export async function* exportFile(store: ReadingExporter, request: ExportRequest): ExportBytes {
  const counted = { rows: 0 }
  const table = withoutColumns(await tableOf(store, request), request.without ?? [])
  const counting = { ...table, batches: countRows(table.batches, counted) }
  yield* exportFormats[request.format].pieces(counting, new Map(Object.entries(request.metadata)))
  return counted
}

function withoutColumns(table: Table, names: readonly string[]): Table {
  if (names.length === 0) return table
  const kept = table.columns.flatMap(({ name }, i) => (names.includes(name) ? [] : [i]))
  const only = <T>(all: readonly T[]): T[] => kept.map((i) => all[i]!)
  return { ...table, columns: only(table.columns), batches: cutColumns(table.batches, only) }
}

async function* cutColumns(
  batches: AsyncIterable<Batch>,
  only: <T>(all: readonly T[]) => T[]
): AsyncGenerator<Batch> {
  for await (const batch of batches) yield { ...batch, columns: only(batch.columns) }
}

async function* countRows(batches: AsyncIterable<Batch>, counted: { rows: number }): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    counted.rows += batch.rows
    yield batch
  }
}

async function tableOf(store: ReadingExporter, request: ExportRequest): Promise<Table> {
  const { layout, window, places, flags } = request
  if (window !== 'raw') return windowTableOf(store, request, window)
  // Only the long layout can stand in another order: a wide row is of one moment.
  const order = request.format === 'parquet' && layout === 'long' ? 'series' : 'time'
  const { head, rows: kept } = await opened(
    (request.research ? pseudonymous(store, request.research) : store).export({ ...query(request), order }),
    (part) => part.kind === 'rows'
  )
  const rows = withUnjudged(head, kept)
  switch (layout) {
    case 'long':
      return readingsTable(head, rows, { places, flags, order })
    case 'wide':
      return wideReadings(head, rows, { places, flags, derived: request.derived })
    case 'openaq':
      return openAqTable(head, rows, { places, flags })
  }
}

async function windowTableOf(store: ReadingExporter, request: ExportRequest, window: Window): Promise<Table> {
  const { places, timezone, coverageMin } = request
  const { head, rows } = await opened(
    store.exportWindows({ ...query(request), window }),
    (part) => part.kind === 'windows'
  )
  const corrections = (siteId: string, quantity: Quantity): CorrectionRow[] =>
    request.corrections
      .filter((one) => one.siteId === siteId && one.quantity === quantity)
      .map(({ row }) => row)
  const { derived } = request
  const outdoorGm3 = derived.includes('vapour_excess') ? await outdoorWater(store, request) : () => null
  const options = { places, window, timezone, coverageMin, corrections, derived, outdoorGm3 }
  return request.layout === 'wide' ? wideWindows(head, rows, options) : windowsTable(head, rows, options)
}

function query({ siteIds, from, until, quantities }: ExportRequest) {
  return { siteIds, from, until, ...(quantities && { quantities }) }
}
