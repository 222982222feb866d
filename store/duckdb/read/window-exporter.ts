/** Streams hours and days of many sites, and tells from them how much an export will give. */
import type { TimeRange, Window } from '../../../model/columns.ts'
import { dayMs, hourMs, type UnixMs } from '../../../model/time.ts'
import {
  estimateFrom,
  wantedChannels,
  windowHeadOf,
  windowNumbers,
  windowParts,
  windowRows
} from '../../export/windows.ts'
import { windowSliceRows } from '../../limits.ts'
import type { ExportQuery, WindowRows, WindowsPart, WindowsQuery } from '../../promise/export.ts'
import type { Core } from '../core.ts'
import { asNumber, bigint, doublesOf, idList, rowsOf, uint32sOf } from '../file/database.ts'
import { readingsOfRow, tableOf } from './rollups.ts'

const doing = 'exporting hours and days'

const lengthMs: Record<Window, number> = { hour: hourMs, day: dayMs }

/** What is missing is NaN, so that a column can be read as one block of memory. */
const numbersSql = windowNumbers
  .map((name) => (name === 'notEvaluated' ? 'not_evaluated' : name))
  .map((name) => `coalesce(t.${name}::DOUBLE, 'NaN'::DOUBLE)`)
  .join(', ')

export async function* exportWindows(core: Core, query: WindowsQuery): AsyncGenerator<WindowsPart> {
  await core.read(doing, async () => undefined)
  const channels = wantedChannels(core, query)
  yield windowHeadOf(channels)
  const ids = channels.map(({ id }) => id)
  const reach = await reachOf(core, query, ids)
  if (!reach) return
  // So many windows of all channels fit into a slice, even where none is missing.
  const width = Math.max(1, Math.floor(windowSliceRows / channels.length)) * lengthMs[query.window]
  for (let from: number = reach.from; from < reach.until; from += width) {
    const slice = { from: from as UnixMs, until: Math.min(reach.until, from + width) as UnixMs }
    yield* windowParts(await readSlice(core, query.window, ids, slice), channels.length)
  }
}

async function reachOf(
  core: Core,
  { window, from, until }: WindowsQuery,
  ids: readonly number[]
): Promise<TimeRange | undefined> {
  const sql = `SELECT min(time), max(time) FROM ${tableOf[window]}
    WHERE channel IN ${idList(ids)} AND time >= $from AND time < $until`
  const [row] = await core.read(doing, (c) => rowsOf(c, sql, within({ from, until })))
  const [first, last] = row ?? []
  if (typeof first !== 'bigint' || typeof last !== 'bigint') return undefined
  return { from: Number(first) as UnixMs, until: (Number(last) + 1) as UnixMs }
}

function readSlice(
  core: Core,
  window: Window,
  ids: readonly number[],
  range: TimeRange
): Promise<WindowRows> {
  return core.read(doing, async (connection) => {
    const result = await connection.run(
      `SELECT t.time::DOUBLE, w.place, ${numbersSql}
       FROM ${tableOf[window]} t
       JOIN (SELECT unnest([${ids.join(',')}])::INTEGER AS channel, unnest(range(${ids.length}))::INTEGER AS place) w
         ON w.channel = t.channel
       WHERE t.time >= $from AND t.time < $until`,
      within(range)
    )
    const rows = windowRows(Number(result.rowCount))
    for (let at = 0; ;) {
      const chunk = await result.fetchChunk()
      if (!chunk || chunk.rowCount === 0) return rows
      rows.time.set(doublesOf(chunk, 0), at)
      rows.series.set(uint32sOf(chunk, 1), at)
      windowNumbers.forEach((name, i) => rows[name].set(doublesOf(chunk, 2 + i), at))
      at += chunk.rowCount
    }
  })
}

function within({ from, until }: TimeRange): { from: bigint; until: bigint } {
  return { from: bigint(from), until: bigint(until) }
}

export async function estimateRows(core: Core, query: ExportQuery & { window?: Window }): Promise<number> {
  const ids = idList(wantedChannels(core, query).map(({ id }) => id))
  if (query.window) return countWindows(core, query.window, ids, query)
  const sum = async (window: Window, range: TimeRange): Promise<number> => {
    const sql = `SELECT coalesce(sum(${readingsOfRow}), 0)::DOUBLE FROM ${tableOf[window]}
      WHERE channel IN ${ids} AND time >= $from AND time < $until`
    const [row] = await core.read('counting readings', (c) => rowsOf(c, sql, within(range)))
    return asNumber(row?.[0])
  }
  return estimateFrom(sum, core.clock, query)
}

async function countWindows(core: Core, window: Window, ids: string, range: TimeRange): Promise<number> {
  const sql = `SELECT count(*) FROM ${tableOf[window]} WHERE channel IN ${ids} AND time >= $from AND time < $until`
  const [row] = await core.read('counting hours and days', (c) => rowsOf(c, sql, within(range)))
  return asNumber(row?.[0])
}
