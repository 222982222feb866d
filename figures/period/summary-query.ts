/** What a summary is asked with, and how much a period needs before it has figures. */
import type { UnixMs } from '../../model/time.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { Unit } from '../unit.ts'
import type { PeriodLength } from './periods.ts'

export interface SummaryQuery {
  quantity: Quantity
  unit: Unit
  from: UnixMs | undefined
  until: UnixMs | undefined
  by: PeriodLength
  timezone: string
  percentiles: readonly number[]
  coverageMin: number
}

/** Why a period has no numbers; null where it may have them. */
export function tooLittle(
  { count, coverage }: { count: number; coverage: number | null },
  { coverageMin, by }: Pick<SummaryQuery, 'coverageMin' | 'by'>
): string | null {
  if (count === 0) return 'There is no reading in this period.'
  if (coverageMin === 0) return null
  if (coverage === null) {
    return "The sensor's interval is not known yet, so the missing share cannot be computed."
  }
  const percent = (share: number): number => Math.floor(share * 100)
  const readings = count === 1 ? 'One reading is' : `${count} readings are`
  if (coverage < coverageMin) {
    return `${readings} there, ${percent(coverage)} % of the period; ${percent(coverageMin)} % are needed.`
  }
  return count === 1 && by === 'all' ? 'There is only one reading, which cannot describe a period.' : null
}
