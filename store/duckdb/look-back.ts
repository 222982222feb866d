/** Brings the look back its readings, a bounded piece at a time, and keeps what it says of them. */
import type { TimeRange } from '../../model/columns.ts'
import type { Quantity } from '../../model/quantity.ts'
import { dayMs, hourMs, hourStart, type UnixMs } from '../../model/time.ts'
import type { ExaminedBlock, ExaminedSeries, LookBackRules, Verdict } from '../store.ts'
import { appendMarks, appendVerdicts } from './append.ts'
import { asFlag, type Channel, type Series } from './catalogue.ts'
import type { Core } from './core.ts'
import { columnsOf, idList } from './database.ts'
import type { DirtyHour } from './dirty.ts'
import { floorTo } from './rollup-sql.ts'

/** Readings held and judged at once: about 40 MB, and about a second in which nothing is written. */
const blockReadingsMax = 500_000

/** Marks of one call lie in a stretch of at most this; a year of a single sensor is a few calls. */
const stretchMsMax = 60 * dayMs

/** What an hour is taken to hold while the interval of its device is unknown. */
const hourReadingsUnknown = 360

export async function lookBack(
  core: Core,
  now: UnixMs,
  rules: LookBackRules
): Promise<{ changed: number; more: boolean }> {
  const { marks, more } = pick(core, now, rules)
  if (marks.length === 0) return { changed: 0, more: false }
  for (const mark of marks) core.unexamined.take(mark)
  try {
    let changed = 0
    const judged = judgedRange(marks, now, rules)
    for (const sites of chunks(core, affectedSites(core, marks, rules), judged)) {
      changed += await core.alone('looking back', () => examine(core, sites, judged, rules))
    }
    await core.alone('looking back', () => forget(core, marks))
    return { changed, more }
  } catch (failure) {
    for (const mark of marks) core.unexamined.mark(mark)
    throw failure
  }
}

/** The oldest marks, and those after them without a long gap, since around each mark the same readings are needed. */
function pick(core: Core, now: UnixMs, rules: LookBackRules): { marks: DirtyHour[]; more: boolean } {
  let first: number | undefined
  let last = 0
  let readings = 0
  const perHour = readingsPerHour(core)
  const { picked, more } = core.unexamined.closed(now, ({ channelId, hour }) => {
    first ??= last = hour
    if (hour - last > 2 * rules.reachMs || hour - first > stretchMsMax) return true
    // A whole hour is taken together: its sites judge each other.
    if (hour > last && readings > blockReadingsMax) return true
    last = hour
    readings += perHour.get(channelId) ?? 0
    return false
  })
  return { marks: picked, more }
}

function readingsPerHour(core: Core): Map<number, number> {
  const perHour = new Map<number, number>()
  for (const { channel, deviceId, low, high } of core.catalogue.allSeries()) {
    if (low > high) continue
    const intervalS = core.intervals.get(deviceId)
    const readings = intervalS ? hourMs / 1_000 / intervalS : hourReadingsUnknown
    perHour.set(channel.id, (perHour.get(channel.id) ?? 0) + readings)
  }
  return perHour
}

function judgedRange(marks: readonly DirtyHour[], now: UnixMs, { reachMs }: LookBackRules): TimeRange {
  const from = marks[0]!.hour - reachMs
  const until = Math.min(marks.at(-1)!.hour + hourMs + reachMs, hourStart(now))
  return { from: from as UnixMs, until: until as UnixMs }
}

/** The sites of the marks, and those for whom they are neighbours. */
function affectedSites(core: Core, marks: readonly DirtyHour[], rules: LookBackRules): Set<string> {
  const marked = new Set<string>()
  for (const { channelId } of marks) {
    const channel = core.catalogue.channelById(channelId)
    if (channel) marked.add(channel.siteId)
  }
  const affected = new Set(marked)
  for (const { siteId } of core.catalogue.channels()) {
    if (!affected.has(siteId) && rules.neighboursOf(siteId).some((other) => marked.has(other))) {
      affected.add(siteId)
    }
  }
  return affected
}

function* chunks(core: Core, sites: Iterable<string>, { from, until }: TimeRange): Generator<string[]> {
  const perHour = readingsPerHour(core)
  let chunk: string[] = []
  let readings = 0
  for (const siteId of sites) {
    const channels = core.catalogue.channelsOf([siteId])
    const rate = channels.reduce((sum, { id }) => sum + (perHour.get(id) ?? 0), 0)
    readings += (rate * (until - from)) / hourMs
    if (chunk.length > 0 && readings > blockReadingsMax) {
      yield chunk
      chunk = []
      readings = (rate * (until - from)) / hourMs
    }
    chunk.push(siteId)
  }
  if (chunk.length > 0) yield chunk
}

interface Loaded {
  block: ExaminedBlock
  series: Series[]
  /** By series, the row of each reading; it holds within this turn of the writer. */
  rowIds: number[][]
}

async function examine(
  core: Core,
  sites: readonly string[],
  judged: TimeRange,
  rules: LookBackRules
): Promise<number> {
  const loaded = await load(core, sites, judged, rules)
  const verdicts = rules.judge(loaded.block)
  if (verdicts.length === 0) return 0
  const touched = touchedHours(loaded, verdicts)
  const { writer } = core.database
  await core.transaction(async () => {
    await writer.run('DELETE FROM temp.verdicts')
    await appendVerdicts(
      writer,
      verdicts.map(({ series, place, flag, reasons }) => ({
        rowId: loaded.rowIds[series]![place]!,
        flag,
        reasons
      }))
    )
    await writer.run(
      'UPDATE readings SET flag = v.flag, reasons = v.reasons FROM temp.verdicts v WHERE readings.rowid = v.id'
    )
    await appendMarks(
      writer,
      'dirty',
      touched.filter((mark) => !core.dirty.has(mark))
    )
  })
  for (const mark of touched) core.dirty.mark(mark)
  await core.catalogue.findLatest(writer, unsureOf(loaded, verdicts))
  return verdicts.length
}

async function load(
  core: Core,
  sites: readonly string[],
  judged: TimeRange,
  rules: LookBackRules
): Promise<Loaded> {
  const all = core.catalogue.seriesOf(core.catalogue.channelsOf(sites))
  const columns = await columnsOf(
    core.database.writer,
    `SELECT series, rowid::DOUBLE, time::DOUBLE, value, flag, reasons FROM readings
     WHERE series IN ${idList(all.map(({ id }) => id))}
       AND time >= ${judged.from - rules.contextMs} AND time < ${judged.until + rules.contextMs}
     ORDER BY series, time`
  )
  const [ids, rows, times, values] = [0, 1, 2, 3].map((index) => columns.numbers(index))
  const [flags, reasons] = [columns.numbers(4), columns.numbers(5)]
  const loaded: Loaded = {
    block: { judged, series: [], middleOf: await middles(core, sites, judged, rules) },
    series: [],
    rowIds: []
  }
  for (let from = 0, until = 0; from < columns.rowCount; from = until) {
    while (until < columns.rowCount && ids![until] === ids![from]) until++
    const series = core.catalogue.seriesById(ids![from]!)
    if (!series) continue
    const { deviceId, channel } = series
    const examined: ExaminedSeries = {
      siteId: channel.siteId,
      deviceId,
      quantity: channel.quantity,
      time: times!.slice(from, until),
      value: values!.slice(from, until),
      flag: flags.slice(from, until).map(asFlag),
      reasons: reasons.slice(from, until)
    }
    loaded.block.series.push(examined)
    loaded.series.push(series)
    loaded.rowIds.push(rows!.slice(from, until))
  }
  return loaded
}

/** From what came in, never from what a look back made of it: else its answer would depend on the order of its work. */
async function middles(
  core: Core,
  sites: readonly string[],
  { from, until }: TimeRange,
  rules: LookBackRules
): Promise<ExaminedBlock['middleOf']> {
  const asked = new Set(sites.flatMap((siteId) => [siteId, ...rules.neighboursOf(siteId)]))
  const channels = core.catalogue.channelsOf(asked).filter(({ quantity }) => rules.hasNeighbours(quantity))
  const columns = await columnsOf(
    core.database.writer,
    `SELECT s.channel, ${floorTo('r.time', hourMs)}::DOUBLE AS hour, quantile_cont(r.value, 0.5)
     FROM readings r JOIN series s ON s.series = r.series
     WHERE r.series IN ${idList(core.catalogue.seriesOf(channels).map(({ id }) => id))}
       AND r.time >= ${from} AND r.time < ${until}
       AND (r.reasons & ${rules.failing}) = 0 AND (r.flag <> 4 OR (r.reasons & ${rules.ours}) <> 0)
     GROUP BY s.channel, hour`
  )
  const [ids, hours, values] = [columns.numbers(0), columns.numbers(1), columns.numbers(2)]
  const found = new Map<number, Map<number, number>>()
  ids.forEach((id, i) => {
    const of = found.get(id) ?? new Map<number, number>()
    found.set(id, of.set(hours[i]!, values[i]!))
  })
  return (siteId: string, quantity: Quantity, hour: UnixMs) => {
    const channel = core.catalogue.channel(siteId, quantity)
    return channel && found.get(channel.id)?.get(hour)
  }
}

function touchedHours({ block, series }: Loaded, verdicts: readonly Verdict[]): DirtyHour[] {
  const hours = new Map<number, Set<number>>()
  for (const { series: index, place } of verdicts) {
    const { id } = series[index]!.channel
    const of = hours.get(id) ?? new Set<number>()
    hours.set(id, of.add(hourStart(block.series[index]!.time[place]! as UnixMs)))
  }
  return [...hours].flatMap(([channelId, of]) => [...of].map((hour) => ({ channelId, hour })))
}

/** Channels whose newest reading may be another one now. */
function unsureOf({ block, series }: Loaded, verdicts: readonly Verdict[]): Set<Channel> {
  const unsure = new Set<Channel>()
  for (const { series: index, place } of verdicts) {
    const { channel } = series[index]!
    const { latest } = channel
    if (!latest || block.series[index]!.time[place]! >= latest.time) unsure.add(channel)
  }
  return unsure
}

/** In a turn of its own, after all of the hour's sites: a crash before it only has the work done again. */
async function forget(core: Core, marks: readonly DirtyHour[]): Promise<void> {
  const { writer } = core.database
  await core.transaction(async () => {
    await writer.run('CREATE OR REPLACE TEMP TABLE examined (channel INTEGER, hour BIGINT)')
    const rows = marks.map(({ channelId, hour }) => `(${channelId}, ${hour})`)
    for (let from = 0; from < rows.length; from += 5_000) {
      await writer.run(`INSERT INTO temp.examined VALUES ${rows.slice(from, from + 5_000).join(',')}`)
    }
    await writer.run(
      `DELETE FROM unexamined USING temp.examined e WHERE unexamined.channel = e.channel AND unexamined.hour = e.hour`
    )
    // Readings that came while the work was going on marked their hours anew.
    await appendMarks(
      writer,
      'unexamined',
      marks.filter((mark) => core.unexamined.has(mark))
    )
  })
}
