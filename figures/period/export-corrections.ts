/** Which corrections make the corrected values of an export, by site. */
import { isMeasured, type CorrectedQuantity, type Quantity } from '../../model/quantity.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import type { TimeRange } from '../../model/columns.ts'
import type { ReadingReader } from '../../store/promise/read.ts'

export async function exportCorrections(
  readings: Pick<ReadingReader, 'corrections'>,
  {
    quantities = [],
    siteIds,
    from,
    until
  }: TimeRange & { siteIds: readonly string[]; quantities?: readonly Quantity[] }
): Promise<{ siteId: string; quantity: Quantity; row: CorrectionRow }[]> {
  const corrected = quantities.filter((name): name is CorrectedQuantity => !isMeasured(name))
  const found = corrected.map(async (quantity) => {
    const applied = await readings.corrections({ siteIds, quantity, from, until })
    return applied.map(({ siteId, row }) => ({ siteId, quantity, row }))
  })
  return (await Promise.all(found)).flat()
}
