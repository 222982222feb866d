/** Hours and days that were made by another clock than the hub's now: they stay until what they overlap is made by this one. */
import { BIGINT, DOUBLE, INTEGER } from '@duckdb/node-api'
import { dayMs, hourMs } from '../../../model/time.ts'
import type { Core } from '../core.ts'
import { append } from '../file/append.ts'
import { idList } from '../file/database.ts'
import { floorTo, hourStartOf } from './clock-sql.ts'

/** No hour and no day is longer, whatever the clock did. */
const longestMs = { hours: 2 * hourMs, days: 2 * dayMs }

interface Period {
  channelId: number
  from: number
  until: number
}

/** Those whose readings are gone (before the first of the channel) are left: they are all that is known of that time. */
export async function removeOtherClocks(
  core: Core,
  table: 'hours' | 'days',
  periods: readonly Period[]
): Promise<void> {
  if (!core.hasOtherClocks || periods.length === 0) return
  const { writer } = core.database
  await writer.run(
    'CREATE OR REPLACE TEMP TABLE made (channel INTEGER, start BIGINT, until BIGINT, low DOUBLE)'
  )
  await append(writer, 'temp', 'made', columnsOf(core), periods)
  const longest = longestMs[table]
  const usual = longest / 2
  const isOther =
    table === 'days' ? `days.time IN ${idList(core.otherDays)}` : `hours.time <> ${hourSql(core, periods)}`
  // By buckets, so that an hour of now meets three of then, and not all of its channel.
  const buckets = `unnest([${[-1, 0, 1].map((nth) => `${floorTo('start', usual)} + ${nth * usual}`).join(', ')}])`
  await writer.run(
    `DELETE FROM ${table} USING (SELECT channel, start, until, low, ${buckets} AS bucket FROM temp.made) m
     WHERE ${isOther} AND ${table}.channel = m.channel AND ${floorTo(`${table}.time`, usual)} = m.bucket
       AND ${table}.time < m.until AND ${table}.time + ${usual} > m.start AND ${table}.time + ${usual} > m.low`
  )
  await writer.run('DROP TABLE temp.made')
}

function hourSql(core: Core, periods: readonly Period[]): string {
  let [from, until] = [Infinity, -Infinity]
  for (const period of periods) {
    from = Math.min(from, period.from)
    until = Math.max(until, period.until)
  }
  return hourStartOf('hours.time', core.clock, from - longestMs.hours, until + longestMs.hours)
}

function columnsOf(core: Core) {
  const lows = new Map<number, number>()
  const lowOf = (channelId: number): number => {
    let low = lows.get(channelId)
    if (low === undefined) {
      const channel = core.catalogue.channelById(channelId)
      const series = channel ? core.catalogue.seriesAt(channel.siteId, channel.quantity) : []
      // Of corrected channels the sources would have to be asked; their hours go with those of before.
      lows.set(channelId, (low = series.length > 0 ? Math.min(...series.map((one) => one.low)) : -Infinity))
    }
    return Number.isFinite(low) ? low : -9e15
  }
  return [
    { type: INTEGER, of: ({ channelId }: Period) => channelId },
    { type: BIGINT, of: ({ from }: Period) => BigInt(from) },
    { type: BIGINT, of: ({ until }: Period) => BigInt(until) },
    { type: DOUBLE, of: ({ channelId }: Period) => lowOf(channelId) }
  ]
}
