/**
 * Of a backlog, which hours and days the server has none of: those are written in a third of the time. It is asked once for all
 * that a refresh will write, since nothing else adds any, and of few windows not at all: those that run are mostly there.
 */
import type { Window } from '../../../model/columns.ts'
import { dayMs, hourMs, type UnixMs } from '../../../model/time.ts'
import { backlogRows, backlogShareMin } from '../../limits.ts'
import type { Channel } from '../../memory/catalogue.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import { lowerBound } from '../../rollups/lower-bound.ts'
import type { PendingDay } from '../../rollups/pending-days.ts'
import type { RollupBlock } from '../../rollups/cache.ts'
import type { Core } from '../core.ts'
import { readRollups } from './read.ts'

export interface KnownRows {
  /** False also where nobody asked. */
  lacks(window: Window, channel: Channel, time: number): boolean
}

/** Windows of a site that are to be written. */
interface Wanted {
  channels: Set<Channel>
  first: number
  last: number
  count: number
}

const lengthMs: Record<Window, number> = { hour: hourMs, day: dayMs }

export async function knownRows(
  core: Core,
  hours: readonly MarkedHour[],
  days: readonly PendingDay[]
): Promise<KnownRows> {
  const rows: Record<Window, Map<Channel, RollupBlock | undefined>> = {
    hour: await rowsOf(
      core,
      'hour',
      hours.map(({ channelId, hour }) => [channelId, hour])
    ),
    day: await rowsOf(
      core,
      'day',
      days.flatMap(({ start, channels }) => [...channels].map((id) => [id, start] as const))
    )
  }
  return {
    lacks(window, channel, time) {
      if (!rows[window].has(channel)) return false
      const times = rows[window].get(channel)?.time
      return !times || times[lowerBound(times, time)] !== time
    }
  }
}

/** Of each channel that was asked about, what there is of it. */
async function rowsOf(
  core: Core,
  window: Window,
  windows: readonly (readonly [channelId: number, time: number])[]
): Promise<Map<Channel, RollupBlock | undefined>> {
  const found = new Map<Channel, RollupBlock | undefined>()
  if (windows.length < backlogRows) return found
  for (const { channels, first, last } of questionsOf(wantedBySite(core, windows), lengthMs[window])) {
    const range = { from: first as UnixMs, until: (last + 1) as UnixMs }
    const there = await readRollups(core, window, [...channels], range, [])
    for (const channel of channels) found.set(channel, there.get(channel))
  }
  return found
}

function wantedBySite(
  { catalogue }: Core,
  windows: readonly (readonly [channelId: number, time: number])[]
): Wanted[] {
  const bySite = new Map<string, Wanted>()
  for (const [channelId, time] of windows) {
    const channel = catalogue.channelById(channelId)
    if (!channel) continue
    let wanted = bySite.get(channel.siteId)
    if (!wanted)
      bySite.set(
        channel.siteId,
        (wanted = { channels: new Set(), first: Infinity, last: -Infinity, count: 0 })
      )
    wanted.channels.add(channel)
    wanted.first = Math.min(wanted.first, time)
    wanted.last = Math.max(wanted.last, time)
    wanted.count++
  }
  return [...bySite.values()]
}

/** Sites of about the same time are one question. Where few of a site's windows are wanted, its answer would be too long. */
function questionsOf(sites: readonly Wanted[], windowMs: number): Wanted[] {
  const isDense = ({ channels, first, last, count }: Wanted): boolean =>
    count >= backlogShareMin * channels.size * ((last - first) / windowMs + 1)
  const questions: Wanted[] = []
  for (const site of sites.filter(isDense).toSorted((a, b) => a.first - b.first)) {
    const before = questions.at(-1)
    const both = before && {
      channels: before.channels.union(site.channels),
      first: before.first,
      last: Math.max(before.last, site.last),
      count: before.count + site.count
    }
    if (both && isDense(both)) questions[questions.length - 1] = both
    else questions.push(site)
  }
  return questions
}
