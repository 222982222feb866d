/** Numbers about whole periods from the single readings: a month, a year, all nights of a year, each one group. */
import type { TimeRange } from '../../../model/columns.ts'
import type { UnixMs } from '../../../model/time.ts'
import { piecesOf } from '../../corrected-answers.ts'
import { wantedOf } from '../../memory/corrections.ts'
import type { SummaryColumns, SummaryQuery } from '../../promise/read.ts'
import { correctedParts } from '../../rollups/pieces.ts'
import { Summing } from '../../summary.ts'
import type { Core } from '../core.ts'
import { standing } from './reader.ts'

const doing = 'summing up readings'

export async function summary(core: Core, query: SummaryQuery): Promise<SummaryColumns> {
  const from = Math.min(...query.stretches.map((stretch) => stretch.from)) as UnixMs
  const until = Math.max(...query.stretches.map((stretch) => stretch.until)) as UnixMs
  await core.read(doing, async () => undefined)
  const { siteId, quantity } = query
  const wanted = wantedOf(core, siteId, quantity)
  const all =
    wanted.length > 0 ? wanted.map(({ source }) => source) : core.catalogue.seriesAt(siteId, quantity)
  const series = all.filter(({ low, high }) => low <= high)
  const summing = new Summing(query, { clock: core.clock, intervals: core.intervals, series })
  if (wanted.length > 0) {
    for (const piece of piecesOf(wanted, { from, until })) {
      const made = correctedParts(await core.compute(wanted, [piece]), core.intervals)
      for (const parts of made.values()) summing.add(parts)
    }
    return summing.columns()
  }
  const range: TimeRange = { from, until }
  const found = await core.read(doing, () => standing(core, doing, series, range))
  summing.add(found.map((one) => ({ intervals: core.intervals.of(one.series), readings: one.standing })))
  return summing.columns()
}
