/** Corrections as the command line says them: to people, and as JSON. */
import type { CorrectionRow } from '../../model/correction.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { periodText } from '../../registry/corrections.ts'
import type { CorrectionRecord } from '../../registry/registry.ts'
import { formulas } from '../../science/correction.ts'

export type Wanted = Omit<CorrectionRow, 'correctionId' | 'version'>

export function rowText(row: Wanted): string {
  const coefficients = Object.entries(row.coefficients).map(
    ([name, value]) => `${name} ${Number(value.toPrecision(4))}`
  )
  const where = row.siteId === null ? row.deviceId : `${row.deviceId} at ${row.siteId}`
  return `${row.quantity} of ${where} by ${formulas[row.formula].title}${coefficients.length > 0 ? ` (${coefficients.join(', ')})` : ''}`
}

export function recordText({ row, state, at, origin }: CorrectionRecord): string {
  const was = state === 'holds' ? '' : `  ${state} (as of ${toIso(at)})`
  return `${row.correctionId}  v${row.version}  ${rowText(row)}  ${periodText(row)}${origin ? `  from ${origin}` : ''}${was}`
}

export function wantedJson(row: Wanted) {
  const iso = (time: UnixMs | null): string | null => (time === null ? null : toIso(time))
  return { ...row, from: iso(row.from), until: iso(row.until) }
}

export function rowJson(row: CorrectionRow) {
  return { ...wantedJson(row), correctionId: row.correctionId, version: row.version }
}

export function recordJson({ row, state, at, origin }: CorrectionRecord) {
  return { ...rowJson(row), state, at: toIso(at), origin }
}
