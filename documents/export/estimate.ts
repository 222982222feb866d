/** How large an export will be, before it is made. */
import { definitionOf, measuredNames } from '../../model/quantity.ts'
import type { ReadingExporter } from '../../store/promise/export.ts'
import type { ExportQuestion } from './read-request.ts'

export interface ExportEstimate {
  /** From the hours and days that there are: readings of the last minutes may be missing. */
  rows: number
  /** Before any content encoding; within a tenth for text, within a half for Parquet, which depends on the values. */
  bytes: number
}

export async function estimateExport(
  store: Pick<ReadingExporter, 'estimateRows'>,
  question: ExportQuestion
): Promise<ExportEstimate> {
  const { siteIds, quantities, from, until, window, layout } = question
  const query = { siteIds, from, until, ...(quantities && { quantities }) }
  const readings = await store.estimateRows(window === 'raw' ? query : { ...query, window })
  const columns = quantities?.length ?? 1
  // A box mostly sends its quantities together, so a wide row holds about as many as were asked for.
  const rows = layout === 'wide' ? Math.ceil(readings / Math.max(1, columns)) : readings
  return { rows, bytes: Math.ceil(rows * bytesPerRow(question)) }
}

/** "2026-11-22T10:00:00.123Z" */
const momentLength = 24
const numberLength = 5

function bytesPerRow(question: ExportQuestion): number {
  const { format, window, layout } = question
  switch (format) {
    case 'parquet':
      return window === 'raw' ? 5 : 12
    case 'arrow':
      return window === 'raw' ? 50 : 130
    case 'csv':
      return textLength(question)
    case 'jsonl':
      // Each value has its name, quotes and a colon beside it.
      return textLength(question) + (window === 'raw' ? (layout === 'openaq' ? 100 : 102) : 200)
  }
}

/** Words are as long as those of the sites and quantities that were asked for. */
function textLength({ window, layout, siteIds, places, quantities = measuredNames }: ExportQuestion): number {
  const mean = (lengths: readonly number[]): number =>
    lengths.length === 0 ? 0 : lengths.reduce((sum, one) => sum + one, 0) / lengths.length
  const site = mean(siteIds.map((id) => id.length))
  const street = mean(siteIds.map((id) => places[id]?.street.length ?? 0))
  const quantity = mean(quantities.map((name) => name.length))
  const unit = mean(quantities.map((name) => Buffer.byteLength(definitionOf(name).unit)))
  if (layout === 'wide') return momentLength + street + 2 * site + quantities.length * (numberLength + 4) + 4
  if (layout === 'openaq') return momentLength + 3 * site + 2 * street + 2 * quantity + unit + 40
  const words = street + site + quantity + unit
  return window === 'raw'
    ? 2 * momentLength + words + site + numberLength + 14
    : 2 * momentLength + words + 7 * numberLength + 30
}
