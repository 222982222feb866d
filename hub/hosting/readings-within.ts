/** How many readings of a site there are, of whatever it measures: for whoever says what they are about to touch. */
import type { TimeRange } from '../../model/columns.ts'
import { isMeasured, quantityNames } from '../../model/quantity.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'

export async function readingsWithin(
  { service }: Pick<Pipeline, 'service'>,
  siteId: string,
  range: TimeRange
): Promise<number> {
  let count = 0
  for (const quantity of quantityNames.filter(isMeasured))
    count += await service.count({ siteId, quantity, ...range }, Number.MAX_SAFE_INTEGER)
  return count
}
