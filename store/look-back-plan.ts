/** What one look back takes on: which marks, which stretch of time, which sites at once. The same for every store. */
import type { TimeRange } from '../model/columns.ts'
import { hourMs, type ClockHours, type UnixMs } from '../model/time.ts'
import { quantityNames, type Quantity } from '../model/quantity.ts'
import type { Channel, Series } from './memory/catalogue.ts'
import { readingsPerHour } from './rollups/hour-readings.ts'
import type { MarkedHour } from './memory/marked-hours.ts'
import type { StoreMemory } from './memory/memory.ts'
import type { ExaminedBlock, LookBackRules, Verdict } from './promise/examine.ts'
import { lookBackMsMax, lookBackReadingsMax } from './limits.ts'

/** How a store carries a look back out. */
export interface Examining extends StoreMemory {
  /** Work in the writer's turn. */
  alone<T>(doing: string, work: () => Promise<T>): Promise<T>
}

export interface ExaminingSteps {
  /** Judges what of these sites the marked hours can matter to, keeps what is said of it, and gives how many readings changed. */
  examine(sites: readonly string[], marked: MarkedStretch): Promise<number>
  /** Takes the marks from the disk, but for those that are in memory again. */
  forget(marks: readonly MarkedHour[]): Promise<void>
}

export const lookingBack = 'looking back'

/**
 * In turns of a bounded piece each, between which readings are written; those mark their hours again. The marks leave the
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
    const { clock } = store
    const until = clock.hourEnd(marks.at(-1)!.hour)
    const marked = { from: marks[0]!.hour, until, endedBy: clock.hourStart(now) }
    for (const sites of siteChunks(store, affectedSites(store, marks, rules), marked, rules)) {
      changed += await store.alone(lookingBack, () => examine(sites, marked))
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
  memory: StoreMemory,
  now: UnixMs,
  rules: LookBackRules
): { marks: MarkedHour[]; more: boolean } {
  let first: number | undefined
  let last = 0
  let readings = 0
  const perHour = readingsPerHour(memory)
  const reachMsMax = Math.max(...quantityNames.map((quantity) => rules.reachMs(quantity)))
  const { picked, more } = memory.unexamined.closed(now, ({ channelId, hour }) => {
    first ??= last = hour
    if (hour - last > 2 * reachMsMax || hour - first > lookBackMsMax) return true
    // A whole hour is taken together: its sites judge each other.
    if (hour > last && readings > lookBackReadingsMax) return true
    last = hour
    readings += perHour.get(channelId) ?? 0
    return false
  })
  return { marks: picked, more }
}

/** From the first marked hour to the end of the last; hours that have not ended by `endedBy` are judged later. */
export interface MarkedStretch {
  from: number
  until: number
  endedBy: UnixMs
}

/** Which readings of a quantity the marked hours can matter to. */
export function judgedRange(
  { from, until, endedBy }: MarkedStretch,
  quantity: Quantity,
  { reachMs }: LookBackRules
): TimeRange {
  const reach = reachMs(quantity)
  return { from: (from - reach) as UnixMs, until: Math.min(until + reach, endedBy) as UnixMs }
}

/** Which readings of a quantity it takes to judge the site. */
function loadedRange(marked: MarkedStretch, quantity: Quantity, rules: LookBackRules): TimeRange {
  const { from, until } = judgedRange(marked, quantity, rules)
  const context = rules.contextMs(quantity)
  return { from: (from - context) as UnixMs, until: (until + context) as UnixMs }
}

/** Channels that are read over the same time, so that each such group is one question. */
export interface RangeGroup {
  range: TimeRange
  channels: Channel[]
}

/** To judge them. */
export function byLoadedRange(
  channels: readonly Channel[],
  marked: MarkedStretch,
  rules: LookBackRules
): RangeGroup[] {
  return byRange(channels, ({ quantity }) => loadedRange(marked, quantity, rules))
}

/** To judge others by them. */
export function byJudgedRange(
  channels: readonly Channel[],
  marked: MarkedStretch,
  rules: LookBackRules
): RangeGroup[] {
  return byRange(channels, ({ quantity }) => judgedRange(marked, quantity, rules))
}

function byRange(channels: readonly Channel[], rangeOf: (channel: Channel) => TimeRange): RangeGroup[] {
  const groups = new Map<string, RangeGroup>()
  for (const channel of channels) {
    const range = rangeOf(channel)
    const key = `${range.from} ${range.until}`
    const group = groups.get(key)
    if (group) group.channels.push(channel)
    else groups.set(key, { range, channels: [channel] })
  }
  return [...groups.values()]
}

/** The sites of the marks, and those for whom they are neighbours. */
function affectedSites(memory: StoreMemory, marks: readonly MarkedHour[], rules: LookBackRules): Set<string> {
  const marked = new Set<string>()
  for (const { channelId } of marks) {
    const channel = memory.catalogue.channelById(channelId)
    if (channel) marked.add(channel.siteId)
  }
  const affected = new Set(marked)
  for (const { siteId } of memory.catalogue.channels()) {
    if (!affected.has(siteId) && rules.neighboursOf(siteId).some((other) => marked.has(other))) {
      affected.add(siteId)
    }
  }
  return affected
}

function* siteChunks(
  memory: StoreMemory,
  sites: Iterable<string>,
  marked: MarkedStretch,
  rules: LookBackRules
): Generator<string[]> {
  const perHour = readingsPerHour(memory)
  const readingsOf = ({ id, quantity }: Channel): number => {
    const { from, until } = loadedRange(marked, quantity, rules)
    return ((perHour.get(id) ?? 0) * (until - from)) / hourMs
  }
  let chunk: string[] = []
  let readings = 0
  for (const siteId of sites) {
    const channels = memory.catalogue.channelsOf([siteId])
    const more = channels.reduce((sum, channel) => sum + readingsOf(channel), 0)
    readings += more
    if (chunk.length > 0 && readings > lookBackReadingsMax) {
      yield chunk
      chunk = []
      readings = more
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
export function touchedHours(
  clock: ClockHours,
  { block, series }: Judged,
  verdicts: readonly Verdict[]
): MarkedHour[] {
  const hours = new Map<number, Set<number>>()
  for (const { series: index, place } of verdicts) {
    const { id } = series[index]!.channel
    const of = hours.get(id) ?? new Set<number>()
    hours.set(id, of.add(clock.hourStart(block.series[index]!.time[place]!)))
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
