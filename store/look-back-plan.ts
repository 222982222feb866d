/** What one look back takes on: which marks, which stretch of time, which sites at once. The same for every store. */
import type { TimeRange } from '../model/columns.ts'
import { dayMs, hourMs, hourStart, type UnixMs } from '../model/time.ts'
import type { Catalogue, Channel, Series } from './catalogue.ts'
import { readingsPerHour } from './hour-readings.ts'
import type { MarkedHour, MarkedHours } from './marked-hours.ts'
import type { ExaminedBlock, LookBackRules, Verdict } from './promise/examine.ts'

/** Readings held and judged at once: about 40 MB, and about a second in which nothing is written. */
const blockReadingsMax = 500_000

/** Marks of one call lie in a stretch of at most this; a year of a single sensor is a few calls. */
const stretchMsMax = 60 * dayMs

/** What a store knows by heart. */
export interface Holding {
  readonly catalogue: Catalogue
  /** Seconds between the readings of a device, where known. */
  readonly intervals: ReadonlyMap<string, number>
  readonly unexamined: MarkedHours
}

/** How a store carries a look back out. */
export interface Examining extends Holding {
  /** Work in the writer's turn. */
  alone<T>(doing: string, work: () => Promise<T>): Promise<T>
}

export interface ExaminingSteps {
  /** Judges these sites, keeps what is said of them, and gives how many readings changed. */
  examine(sites: readonly string[], judged: TimeRange): Promise<number>
  /** Takes the marks from the disk, but for those that are in memory again. */
  forget(marks: readonly MarkedHour[]): Promise<void>
}

export const lookingBack = 'looking back'

/**
 * In turns of a bounded piece each, between which readings are written; those mark their hours anew. The marks leave the
 * disk in a turn of their own, after all of the hours' sites: a crash before it only has the work done again.
 */
export async function lookBackInTurns(
  store: Examining,
  now: UnixMs,
  rules: LookBackRules,
  { examine, forget }: ExaminingSteps
): Promise<{ changed: number; more: boolean }> {
  const { marks, more } = pickMarks(store, now, rules)
  if (marks.length === 0) return { changed: 0, more: false }
  for (const mark of marks) store.unexamined.take(mark)
  try {
    let changed = 0
    const judged = judgedRange(marks, now, rules)
    for (const sites of siteChunks(store, affectedSites(store, marks, rules), judged)) {
      changed += await store.alone(lookingBack, () => examine(sites, judged))
    }
    await store.alone(lookingBack, () => forget(marks))
    return { changed, more }
  } catch (failure) {
    for (const mark of marks) store.unexamined.mark(mark)
    throw failure
  }
}

/** The oldest marks, and those after them without a long gap, since around each mark the same readings are needed. */
function pickMarks(
  holding: Holding,
  now: UnixMs,
  rules: LookBackRules
): { marks: MarkedHour[]; more: boolean } {
  let first: number | undefined
  let last = 0
  let readings = 0
  const perHour = readingsPerHour(holding)
  const { picked, more } = holding.unexamined.closed(now, ({ channelId, hour }) => {
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

function judgedRange(marks: readonly MarkedHour[], now: UnixMs, { reachMs }: LookBackRules): TimeRange {
  const from = marks[0]!.hour - reachMs
  const until = Math.min(marks.at(-1)!.hour + hourMs + reachMs, hourStart(now))
  return { from: from as UnixMs, until: until as UnixMs }
}

/** The sites of the marks, and those for whom they are neighbours. */
function affectedSites(holding: Holding, marks: readonly MarkedHour[], rules: LookBackRules): Set<string> {
  const marked = new Set<string>()
  for (const { channelId } of marks) {
    const channel = holding.catalogue.channelById(channelId)
    if (channel) marked.add(channel.siteId)
  }
  const affected = new Set(marked)
  for (const { siteId } of holding.catalogue.channels()) {
    if (!affected.has(siteId) && rules.neighboursOf(siteId).some((other) => marked.has(other))) {
      affected.add(siteId)
    }
  }
  return affected
}

function* siteChunks(
  holding: Holding,
  sites: Iterable<string>,
  { from, until }: TimeRange
): Generator<string[]> {
  const perHour = readingsPerHour(holding)
  let chunk: string[] = []
  let readings = 0
  for (const siteId of sites) {
    const channels = holding.catalogue.channelsOf([siteId])
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

/** A block with the series that its series are, one for one. */
export interface Judged {
  block: ExaminedBlock
  series: readonly Series[]
}

/** Hours whose rollups follow from the verdicts. */
export function touchedHours({ block, series }: Judged, verdicts: readonly Verdict[]): MarkedHour[] {
  const hours = new Map<number, Set<number>>()
  for (const { series: index, place } of verdicts) {
    const { id } = series[index]!.channel
    const of = hours.get(id) ?? new Set<number>()
    hours.set(id, of.add(hourStart(block.series[index]!.time[place]! as UnixMs)))
  }
  return [...hours].flatMap(([channelId, of]) => [...of].map((hour) => ({ channelId, hour })))
}

/** Channels whose newest reading may be another one now. */
export function unsureOf({ block, series }: Judged, verdicts: readonly Verdict[]): Set<Channel> {
  const unsure = new Set<Channel>()
  for (const { series: index, place } of verdicts) {
    const { channel } = series[index]!
    const { latest } = channel
    if (!latest || block.series[index]!.time[place]! >= latest.time) unsure.add(channel)
  }
  return unsure
}
