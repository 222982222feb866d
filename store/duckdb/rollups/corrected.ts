/**
 * Hours and days of corrected quantities. Their readings exist only while they are computed, so the rollups are made of
 * them where they are: sent into a table for the statements of rollup-sql.ts they took twice as long.
 */
import { hourMs } from '../../../model/time.ts'
import type { Channel } from '../../memory/catalogue.ts'
import { wantedOf } from '../../memory/corrections.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import type { PendingDay } from '../../rollups/pending-days.ts'
import {
  correctedParts,
  packsOf,
  piecesOf,
  rollupsOf,
  type ComputedRollups,
  type PartsOf,
  type Piece
} from '../../rollups/pieces.ts'
import { appendRollups } from '../file/append.ts'
import type { Core } from '../core.ts'
import { computeCorrected } from '../read/corrected-readings.ts'
import { stretches } from '../read/lookup.ts'
import { correctedPackReadingsMax, hourReadingsUnknown } from '../../limits.ts'

/** Within the writer's transaction, when the rows of before are gone. */
export async function insertCorrected(
  core: Core,
  hours: readonly MarkedHour[],
  days: readonly PendingDay[]
): Promise<void> {
  const own = new Set(hours.map(({ channelId }) => channelId))
  const ownDays = days.map((day) => ({ ...day, channels: day.channels.intersection(own) }))
  const pieces = piecesOf(
    core.catalogue,
    hours,
    ownDays.filter(({ channels }) => channels.size > 0)
  ).toSorted((a, b) => a.range.from - b.range.from)
  const packs = [...packsOf(pieces, (channel) => hourReadings(core, channel), correctedPackReadingsMax)]
  let parts = await readParts(core, packs[0] ?? [])
  for (const [place, pack] of packs.entries()) {
    // The database reads with its own threads; this one computes meanwhile.
    const [next, made] = await Promise.all([
      readParts(core, packs[place + 1] ?? []),
      Promise.resolve().then(() => rollupsOf(pack, parts))
    ])
    await append(core, made)
    parts = next
  }
}

function hourReadings(core: Core, { siteId, quantity }: Channel): number {
  return wantedOf(core, siteId, quantity).reduce((sum, { source, humidity }) => {
    const intervalS = core.intervals.get(source.deviceId)
    const readings = intervalS ? hourMs / 1_000 / intervalS : hourReadingsUnknown
    return sum + (humidity ? 2 * readings : readings)
  }, 0)
}

async function readParts(core: Core, pack: readonly Piece[]): Promise<PartsOf> {
  const channels = new Set(pack.flatMap((piece) => [...piece.channels.keys()]))
  const wanted = [...channels].flatMap(({ siteId, quantity }) => wantedOf(core, siteId, quantity))
  // Every hour of every piece, so that those far apart are read without what lies between.
  const times = pack.flatMap(({ range }) =>
    Array.from({ length: (range.until - range.from) / hourMs }, (_, nth) => range.from + nth * hourMs)
  )
  const within = stretches(times).map(([first, last]) => [first, last + hourMs] as const)
  return correctedParts(await computeCorrected(core.database.writer, wanted, within), core.intervals)
}

async function append(core: Core, { hours, days }: ComputedRollups): Promise<void> {
  const { writer } = core.database
  const there = (all: ComputedRollups['hours']) =>
    all.flatMap(({ channel, time, row }) => (row ? [{ channelId: channel.id, time, row }] : []))
  await appendRollups(writer, 'hours', there(hours))
  await appendRollups(writer, 'days', there(days))
}
