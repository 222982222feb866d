/** Writes computed hours and days, and takes away those that are no more. */
import type { Window } from '../../../model/columns.ts'
import type { UnixMs } from '../../../model/time.ts'
import type { Channel } from '../../memory/catalogue.ts'
import { lowerBound } from '../../rollups/lower-bound.ts'
import type { ComputedRollup } from '../../rollups/pieces.ts'
import type { Core } from '../core.ts'
import { encodeTag } from '../wire/line-protocol.ts'
import type { RollupBlock, RollupField } from '../../rollups/cache.ts'
import { bucketOf } from '../wire/buckets.ts'
import { measurementOf, newRollupLine, nullable, rollupLine, rollupPrefix } from '../wire/rollup-lines.ts'
import type { KnownRows } from './known-rows.ts'
import { readRollups } from './read.ts'
import { sendParcels } from '../write/sender.ts'

/**
 * Fields can be written but not taken away one by one, so a row whose number became null, and a row that is no more, are
 * removed first. Of a backlog those that are new are written in short. The mark of the hour stays until all is done: what an outage cuts short is computed again.
 */
export async function writeRollups(
  core: Core,
  window: Window,
  computed: readonly ComputedRollup[],
  known: KnownRows
): Promise<void> {
  if (computed.length === 0) return
  const isNew = ({ channel, time }: ComputedRollup): boolean => known.lacks(window, channel, time)
  await removeOutlived(
    core,
    window,
    computed.filter((one) => !isNew(one))
  )
  const prefixes = new Map<Channel, string>()
  const prefixOf = (channel: Channel): string => {
    const known = prefixes.get(channel) ?? rollupPrefix(window, channel.siteId, channel.quantity)
    prefixes.set(channel, known)
    return known
  }
  const parcels = computed.flatMap((one) => {
    const { channel, time, row } = one
    if (!row) return []
    const lineOf = isNew(one) ? newRollupLine : rollupLine
    const text = lineOf(prefixOf(channel), time, row)
    return [{ text, time, what: one, parts: () => [] }]
  })
  // What the bucket refuses is older than it keeps; it can be computed again from the readings at any time.
  const refused = await sendParcels(core, bucketOf(core.buckets, window), parcels)
  const absent = new Set(refused.map(({ parcel }) => parcel.what))
  core.cache.patch(
    computed.map((one) => {
      const row = absent.has(one) ? undefined : one.row
      return { window, channelId: one.channel.id, time: one.time, row }
    })
  )
}

/** What the server has where these are to be written, and between them. */
function rowsBefore(
  core: Core,
  window: Window,
  computed: readonly ComputedRollup[],
  fields: readonly RollupField[]
): Promise<Map<Channel, RollupBlock>> {
  const channels = new Set<Channel>()
  let [first, last] = [Infinity, -Infinity]
  for (const { channel, time } of computed) {
    channels.add(channel)
    first = Math.min(first, time)
    last = Math.max(last, time)
  }
  const range = { from: first as UnixMs, until: (last + 1) as UnixMs }
  return readRollups(core, window, [...channels], range, fields)
}

async function removeOutlived(
  core: Core,
  window: Window,
  computed: readonly ComputedRollup[]
): Promise<void> {
  const doubtful = computed.filter(({ row }) => !row || nullable.some((field) => row[field] === null))
  if (doubtful.length === 0) return
  const before = await rowsBefore(core, window, doubtful, nullable)
  for (const [channel, of] of Map.groupBy(doubtful, ({ channel }) => channel)) {
    const block = before.get(channel)
    if (!block) continue
    const outlived = new Set(of.filter((one) => isOutlived(block, one)).map(({ time }) => time))
    for (const [first, last] of runsIn(block.time, outlived)) {
      const tags = { site: encodeTag(channel.siteId), quantity: channel.quantity }
      const stretch = { from: first as UnixMs, until: (last + 1) as UnixMs }
      await core.server.delete(bucketOf(core.buckets, window), measurementOf[window], tags, stretch)
    }
  }
}

function isOutlived({ time: times, columns }: RollupBlock, { time, row }: ComputedRollup): boolean {
  const place = lowerBound(times, time)
  if (times[place] !== time) return false
  if (!row) return true
  return nullable.some((field) => row[field] === null && !Number.isNaN(columns.get(field)?.[place] ?? NaN))
}

/** First and last of each run of chosen times without another one in between. */
export function runsIn(times: Iterable<number>, chosen: ReadonlySet<number>): [number, number][] {
  const runs: [number, number][] = []
  let open = false
  for (const time of times) {
    if (!chosen.has(time)) open = false
    else if (open) runs.at(-1)![1] = time
    else {
      runs.push([time, time])
      open = true
    }
  }
  return runs
}
