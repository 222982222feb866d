/**
 * Hours and days that are made here, of readings that the database hands over: those of corrected quantities, whose readings
 * exist only while they are computed (sent into a table for the statements they took twice as long), and those in which
 * readings do not all weigh the same.
 */
import { hourMs } from '../../../model/time.ts'
import { sourceOf } from '../../../model/quantity.ts'
import type { Channel } from '../../memory/catalogue.ts'
import { wantedOf } from '../../memory/corrections.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import { weighedPackReadingsMax } from '../../limits.ts'
import { readingsAnHour } from '../../rollups/hour-readings.ts'
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
import type { Part } from '../../rollups/weights.ts'
import type { Core } from '../core.ts'
import { appendRollups } from '../file/append.ts'
import { computeCorrected, readSeries } from '../read/corrected-readings.ts'
import { coveringStretches } from '../read/lookup.ts'

/** Within the writer's transaction, when the rows of before are gone. */
export async function insertComputed(
  core: Core,
  hours: readonly MarkedHour[],
  days: readonly PendingDay[]
): Promise<void> {
  const wanted = days.filter(({ channels }) => channels.size > 0)
  if (hours.length === 0 && wanted.length === 0) return
  const pieces = piecesOf(core, hours, wanted).toSorted((a, b) => a.range.from - b.range.from)
  const packs = [...packsOf(pieces, (channel) => hourReadings(core, channel), weighedPackReadingsMax)]
  let parts = await readParts(core, packs[0] ?? [])
  for (const [place, pack] of packs.entries()) {
    // The database reads with its own threads; this one computes meanwhile.
    const [next, made] = await Promise.all([
      readParts(core, packs[place + 1] ?? []),
      Promise.resolve().then(() => rollupsOf(core.clock, pack, parts))
    ])
    await append(core, made)
    parts = next
  }
}

function hourReadings(core: Core, { siteId, quantity }: Channel): number {
  const { catalogue, intervals } = core
  if (sourceOf(quantity) === undefined) {
    const series = catalogue.seriesAt(siteId, quantity)
    return series.reduce((sum, one) => sum + readingsAnHour(intervals.newest(one)), 0)
  }
  return wantedOf(core, siteId, quantity).reduce((sum, { source, humidity }) => {
    const readings = readingsAnHour(intervals.newest(source))
    return sum + (humidity ? 2 * readings : readings)
  }, 0)
}

async function readParts(core: Core, pack: readonly Piece[]): Promise<PartsOf> {
  const channels = [...new Set(pack.flatMap((piece) => [...piece.channels.keys()]))]
  // Every hour of every piece, so that those far apart are read without what lies between.
  const within = coveringStretches(pack.flatMap(({ range }) => hourly(range)))
  const wanted = channels.flatMap(({ siteId, quantity }) => wantedOf(core, siteId, quantity))
  const corrected = await computeCorrected(core.database.writer, wanted, within)
  const partsOf = correctedParts(corrected, core.intervals)
  const series = channels.flatMap(({ siteId, quantity }) =>
    sourceOf(quantity) === undefined ? core.catalogue.seriesAt(siteId, quantity) : []
  )
  const found = await readSeries(core.database.writer, series, within)
  for (const one of series) {
    const readings = found.get(one.id)
    if (!readings) continue
    const part: Part = { intervals: core.intervals.of(one), readings }
    partsOf.set(one.channel, [...(partsOf.get(one.channel) ?? []), part])
  }
  return partsOf
}

function hourly({ from, until }: Piece['range']): { from: number; until: number }[] {
  const hours: { from: number; until: number }[] = []
  for (let at: number = from; at < until; at += hourMs)
    hours.push({ from: at, until: Math.min(at + hourMs, until) })
  return hours
}

async function append(core: Core, { hours, days }: ComputedRollups): Promise<void> {
  const { writer } = core.database
  const there = (all: ComputedRollups['hours']) =>
    all.flatMap(({ channel, time, row }) => (row ? [{ channelId: channel.id, time, row }] : []))
  await appendRollups(writer, 'hours', there(hours))
  await appendRollups(writer, 'days', there(days))
}
