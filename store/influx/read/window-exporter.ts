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
import type { Channel } from '../../memory/catalogue.ts'
import type { ExportQuery, WindowRows, WindowsPart, WindowsQuery } from '../../promise/export.ts'
import type { Core } from '../core.ts'
import { readingsByChannel } from './channel-counts.ts'
import { readRollups } from '../rollups/read.ts'
import { rollupColumns } from '../../rollups/answers.ts'

const doing = 'exporting hours and days'

const lengthMs: Record<Window, number> = { hour: hourMs, day: dayMs }

/** Past the memory of rollups, which a whole export would empty of what pages ask for. */
export async function* exportWindows(core: Core, query: WindowsQuery): AsyncGenerator<WindowsPart> {
  await core.read(doing, async () => undefined)
  const channels = wantedChannels(core, query)
  const head = windowHeadOf(channels)
  const reach = core.rollupRange(channels, query)
  if (!reach) return yield head
  const width = Math.max(1, Math.floor(windowSliceRows / channels.length)) * lengthMs[query.window]
  for (let from: number = reach.from; from < reach.until; from += width) {
    const slice = { from: from as UnixMs, until: Math.min(reach.until, from + width) as UnixMs }
    const rows = await readSlice(core, query.window, channels, slice)
    // A server that does not answer is told of before the head leaves: an answer that has begun can only be cut.
    if (from === reach.from) yield head
    yield* windowParts(rows, channels.length)
  }
}

async function readSlice(
  core: Core,
  window: Window,
  channels: readonly Channel[],
  range: TimeRange
): Promise<WindowRows> {
  const found = await core.read(doing, () => readRollups(core, window, channels, range, windowNumbers))
  const blocks = channels.map((channel) => found.get(channel))
  const rows = windowRows(blocks.reduce((sum, block) => sum + (block?.time.length ?? 0), 0))
  let at = 0
  blocks.forEach((block, series) => {
    if (!block) return
    rows.time.set(block.time, at)
    rows.series.fill(series, at, at + block.time.length)
    for (const name of windowNumbers) rows[name].set(block.columns.get(name) ?? [], at)
    at += block.time.length
  })
  return rows
}

export async function estimateRows(core: Core, query: ExportQuery & { window?: Window }): Promise<number> {
  const channels = wantedChannels(core, query)
  if (query.window) {
    const blocks = await rollupColumns(core, query.window, { channels, range: query }, ['count'])
    return [...blocks.values()].reduce((sum, { time }) => sum + time.length, 0)
  }
  const sum = async (window: Window, range: TimeRange): Promise<number> => {
    const counted = await readingsByChannel(core, window, channels, range)
    return [...counted.values()].reduce((a, b) => a + b, 0)
  }
  return estimateFrom(sum, core.clock, query)
}
