/** Readings that failed, counted where they are: of millions few have failed. */
import type { UnixMs } from '../../../model/time.ts'
import { failuresOfCorrected, inOrder, isOfCorrected, seriesAskedFor } from '../../failures.ts'
import type { Failures, FailuresQuery } from '../../promise/read.ts'
import type { Core } from '../core.ts'
import { asNumber, idList, rowsOf } from '../file/database.ts'
import { joinedStretches } from './summary.ts'

const doing = 'counting readings that failed'

export async function failures(core: Core, query: FailuresQuery): Promise<Failures[]> {
  if (isOfCorrected(query)) return failuresOfCorrected(core, query)
  const { from, until, stretches, flag = 4 } = query
  const series = seriesAskedFor(core.catalogue, query)
  if (series.length === 0 || stretches?.length === 0) return []
  const bounds = [
    Number.isFinite(from) ? `time >= ${from}` : '',
    Number.isFinite(until) ? `time < ${until}` : ''
  ]
  const sql = `SELECT series, ${stretches ? 's.grp' : '0'} AS grp, reasons, import, count(*), min(time), max(time)
    FROM (SELECT series, time, reasons, import FROM readings
      WHERE ${[`flag = ${flag}`, `series IN ${idList(series.map(({ id }) => id))}`, ...bounds].filter((one) => one !== '').join(' AND ')}) r
    ${stretches ? joinedStretches(stretches) : ''} GROUP BY ALL`
  const rows = await core.read(doing, (c) => rowsOf(c, sql))
  return inOrder(
    rows.flatMap(([id, group, reasons, importId, count, first, last]) => {
      const one = core.catalogue.seriesById(asNumber(id))
      if (!one) return []
      const { siteId, quantity } = one.channel
      return [
        {
          siteId,
          deviceId: one.deviceId,
          quantity,
          group: asNumber(group),
          reasons: asNumber(reasons),
          importId: asNumber(importId),
          count: asNumber(count),
          first: asNumber(first) as UnixMs,
          last: asNumber(last) as UnixMs
        }
      ]
    })
  )
}
