/** Means of quarters of an hour from the single readings: the store keeps none shorter than an hour. */
import type { TimeRange } from '../../model/columns.ts'
import type { Quantity } from '../../model/quantity.ts'
import { dayMs, minuteMs, type UnixMs } from '../../model/time.ts'
import type { MeanColumns } from '../../model/visibility.ts'
import type { ReadingReader } from '../../store/promise/read.ts'

export const quarterMs = 15 * minuteMs

/** Quarters asked for at once: about three thousand. */
const pieceMs = 31 * dayMs

/** Of a sensor that reports less often than each quarter of an hour there are none: an hourly mean is no mean of a quarter. */
export async function quarterHours(
  readings: Pick<ReadingReader, 'summary'>,
  { siteId, quantity }: { siteId: string; quantity: Quantity },
  { from, until }: TimeRange
): Promise<MeanColumns> {
  const columns: MeanColumns = { time: [], mean: [], coverage: [] }
  for (let start = from; start < until; start = (start + pieceMs) as UnixMs) {
    const groups = Math.ceil((Math.min(start + pieceMs, until) - start) / quarterMs)
    const stretches = Array.from({ length: groups }, (_, group) => ({
      from: (start + group * quarterMs) as UnixMs,
      until: (start + (group + 1) * quarterMs) as UnixMs,
      group
    }))
    const found = await readings.summary({ siteId, quantity, stretches, groups, percentiles: [] })
    stretches.forEach((stretch, i) => {
      const [mean, expected] = [found.mean[i] ?? null, found.expected[i] ?? null]
      if (mean === null || expected === null || expected < 1) return
      columns.time.push(stretch.from)
      columns.mean.push(mean)
      columns.coverage.push(found.coverage[i] ?? null)
    })
  }
  return columns
}
