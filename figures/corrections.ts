/** What every answer with corrected numbers says: which corrections made them, and whether they are being recalculated. */
import type { TimeRange } from '../model/columns.ts'
import { lastHolding, type CorrectionRow } from '../model/correction.ts'
import { sourceOf, type CorrectedQuantity, type Quantity } from '../model/quantity.ts'
import { toIso, type UnixMs } from '../model/time.ts'
import { formulas } from '../science/correction.ts'
import type { ReadingReader } from '../store/promise/read.ts'
import type { CorrectionEntry } from '../contract/correction.ts'

export interface CorrectedNote {
  corrections?: CorrectionEntry[]
  recomputing?: boolean
}

export type CorrectionReader = Pick<ReadingReader, 'corrections' | 'recomputing'>

export function isCorrected(quantity: Quantity): quantity is CorrectedQuantity {
  return sourceOf(quantity) !== undefined
}

/** Nothing for what is measured. The caller has seen to it that its audience may see the sites. */
export async function correctedNote(
  readings: CorrectionReader,
  siteIds: readonly string[],
  quantity: Quantity,
  range: TimeRange | null | undefined
): Promise<CorrectedNote> {
  if (!isCorrected(quantity)) return {}
  const applied = range ? await readings.corrections({ siteIds, quantity, ...range }) : []
  const { hoursLeft } = await readings.recomputing(siteIds)
  return {
    corrections: applied.map(({ siteId, row }) => entryOf(siteId, row)),
    recomputing: hoursLeft > 0
  }
}

export function entryOf(siteId: string | null, row: CorrectionRow): CorrectionEntry {
  const { title, text, source } = formulas[row.formula]
  const iso = (time: UnixMs | null): string | null => (time === null ? null : toIso(time))
  return {
    id: row.correctionId,
    version: row.version,
    site: siteId,
    quantity: row.quantity,
    formula: row.formula,
    formulaVersion: row.formulaVersion,
    title,
    text,
    source,
    coefficients: { ...row.coefficients },
    sensor: row.sensor,
    from: iso(row.from),
    until: iso(row.until)
  }
}

/** Of each window the place of the last correction that held within it; null where none did. */
export function correctionOfWindows(
  rows: readonly CorrectionRow[],
  starts: readonly UnixMs[],
  endOf: (place: number) => UnixMs
): (number | null)[] {
  return starts.map((start, i) => {
    const last = lastHolding(rows, start, endOf(i))
    return last ? rows.indexOf(last) : null
  })
}
