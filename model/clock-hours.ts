/**
 * Hours and days of a local clock. An hour begins where the clock shows a full hour, or jumps into another one: the doubled
 * hour of Berlin is two hours, and the half hour that Lord Howe Island puts its clocks on or back makes an hour of 30 or of
 * 90 minutes. A day is all hours of one date. Where a clock goes back over midnight (St John's did, at 00:01), the minutes
 * before that belong to the day that comes back, so that days never interrupt each other.
 */
import { dayMs, hourMs, secondMs, type UnixMs } from './moment.ts'

/** Half-open. */
export interface ClockPeriod {
  start: UnixMs
  until: UnixMs
}

/** A stretch in which the clock is always the same time ahead of UTC. */
export interface ClockSpan {
  from: number
  until: number
  aheadMs: number
}

interface Span extends ClockSpan {
  /** Does the clock jump where it begins, where it ends? Otherwise only the calendar year does. */
  fromJump: boolean
  untilJump: boolean
}

const clocks = new Map<string, ClockHours>()

/** The clock of an IANA zone; each is made once, since its jumps have to be searched for. */
export function clockHours(zone: string): ClockHours {
  let known = clocks.get(zone)
  if (!known) clocks.set(zone, (known = new ClockHours(zone)))
  return known
}

export class ClockHours {
  readonly #zone: string
  readonly #years = new Map<number, Span[]>()
  /** The one that was asked for last: most questions are about the same. */
  #span: Span = { from: 0, until: 0, aheadMs: 0, fromJump: false, untilJump: false }

  constructor(zone: string) {
    this.#zone = zone
  }

  /** What the clock is ahead of UTC, in milliseconds (negative west of Greenwich). */
  aheadMs(at: number): number {
    return this.#spanOf(at).aheadMs
  }

  hourStart(at: number): UnixMs {
    const span = this.#spanOf(at)
    const { from, aheadMs } = span
    const start = floorTo(at + aheadMs, hourMs) - aheadMs
    if (start >= from) return start as UnixMs
    if (span.fromJump && this.#jumpBeginsHour(from)) return from as UnixMs
    return this.hourStart(from - 1)
  }

  hourEnd(at: number): UnixMs {
    const { until, untilJump, aheadMs } = this.#spanOf(at)
    const end = floorTo(at + aheadMs, hourMs) + hourMs - aheadMs
    if (end < until) return end as UnixMs
    const goesOn = untilJump ? !this.#jumpBeginsHour(until) : end > until
    return goesOn ? this.hourEnd(until) : (until as UnixMs)
  }

  hour(at: number): ClockPeriod {
    return { start: this.hourStart(at), until: this.hourEnd(at) }
  }

  /** Does the clock show a full hour after this jump, or another hour than before it? */
  #jumpBeginsHour(jump: number): boolean {
    const after = jump + this.#spanOf(jump).aheadMs
    const before = jump - 1 + this.#spanOf(jump - 1).aheadMs
    return after % hourMs === 0 || floorTo(after, hourMs) !== floorTo(before, hourMs)
  }

  /** Of the day's first hour. */
  dayStart(at: number): UnixMs {
    return this.#dateStart(at, this.#dateOf(at))
  }

  /** Where the next day begins: 23 to 25 hours after this one did, nearly always. */
  dayEnd(at: number): UnixMs {
    const start = this.dayStart(at)
    return this.dayStart(start + 26 * hourMs)
  }

  day(at: number): ClockPeriod {
    const start = this.dayStart(at)
    return { start, until: this.dayStart(start + 26 * hourMs) }
  }

  /** The local midnight of the date on a clock that ran as UTC does. */
  #dateOf(at: number): number {
    const { aheadMs, until, untilJump } = this.#spanOf(at)
    const date = floorTo(at + aheadMs, dayMs)
    if (!untilJump || until - at > dayMs) return date
    // The clock will go back over midnight.
    return Math.min(date, floorTo(until + this.#spanOf(until).aheadMs, dayMs))
  }

  #dateStart(at: number, date: number): UnixMs {
    const { from, fromJump, aheadMs } = this.#spanOf(at)
    const start = date - aheadMs
    if (start > from || (start === from && !fromJump)) return start as UnixMs
    if (!fromJump) return this.#dateStart(from - 1, date)
    const before = floorTo(from - 1 + this.#spanOf(from - 1).aheadMs, dayMs)
    // The clock jumped over midnight, or showed it at its jump.
    if (before < date) return from as UnixMs
    return this.#dateStart(from - 1, date)
  }

  /** Starts of the hours that touch [from, until). */
  hourStarts(from: UnixMs, until: UnixMs): UnixMs[] {
    const starts: UnixMs[] = []
    for (let hour = this.hourStart(from); hour < until; hour = this.hourEnd(hour)) starts.push(hour)
    return starts
  }

  /** The hours that touch [from, until). */
  hours(from: UnixMs, until: UnixMs): ClockPeriod[] {
    const starts = this.hourStarts(from, until)
    return starts.map((start, i) => ({ start, until: starts[i + 1] ?? this.hourEnd(start) }))
  }

  /** The spans that touch [from, until), oldest first; neighbours may be equally far ahead. */
  spans(from: number, until: number): ClockSpan[] {
    const found: ClockSpan[] = []
    for (let at = from; at < until; at = found.at(-1)!.until) found.push(this.#spanOf(at))
    return found
  }

  #spanOf(at: number): Span {
    const held = this.#span
    if (at >= held.from && at < held.until) return held
    const { first, last } = yearsKnown
    const year = Math.min(last + 1, Math.max(first - 1, new Date(at).getUTCFullYear()))
    let spans = this.#years.get(year)
    if (!spans) this.#years.set(year, (spans = spansOfYear(year, this.#zone)))
    return (this.#span = spans.find(({ until }) => at < until)!)
  }
}

/** No calendar of the system knows jumps beyond these years; a broken time that lies there must not be searched for any. */
const yearsKnown = { first: 1800, last: 2199 }

/** Clocks are asked once a day; a zone that jumped twice within one would not be noticed, and none ever did. */
function spansOfYear(year: number, zone: string): Span[] {
  const [start, end] = [yearStart(year), yearStart(year + 1)]
  const aheadAt = (at: number): number => (zone === 'UTC' ? 0 : askAheadMs(at, zone))
  if (year < yearsKnown.first) return [endless(-Infinity, end, aheadAt(end))]
  if (year > yearsKnown.last) return [endless(start, Infinity, aheadAt(start))]
  let aheadMs = aheadAt(start)
  let from = start
  let fromJump = aheadAt(start - 1) !== aheadMs
  const spans: Span[] = []
  for (let probe = start; probe < end; probe += dayMs) {
    const next = Math.min(probe + dayMs, end)
    const ahead = aheadAt(next)
    if (ahead === aheadMs) continue
    const jump = firstWhere(probe, next, (at) => aheadAt(at) === ahead)
    spans.push({ from, until: jump, aheadMs, fromJump, untilJump: true })
    ;[from, aheadMs, fromJump] = [jump, ahead, true]
  }
  if (from < end) spans.push({ from, until: end, aheadMs, fromJump, untilJump: false })
  return spans
}

function endless(from: number, until: number, aheadMs: number): Span {
  return { from, until, aheadMs, fromJump: false, untilJump: false }
}

function yearStart(year: number): number {
  // Date.UTC takes 0 to 99 for 1900 to 1999.
  return new Date(0).setUTCFullYear(year, 0, 1)
}

/** The first of the moments after `no` up to `yes` for which it is so. */
function firstWhere(no: number, yes: number, isSo: (at: number) => boolean): number {
  let [low, high] = [no, yes]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isSo(middle)) high = middle
    else low = middle
  }
  return high
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Throws a RangeError for a zone that this system does not know. */
export function formatOf(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone)
  if (!known) {
    known = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit'
    })
    formats.set(zone, known)
  }
  return known
}

/** Intl takes tens of microseconds, so it is asked only where jumps are searched for. */
function askAheadMs(at: number, zone: string): number {
  const part: Record<string, number> = {}
  let isBefore1 = false
  for (const { type, value } of formatOf(zone).formatToParts(at)) {
    if (type === 'era') isBefore1 = value.startsWith('B')
    else part[type] = Number(value)
  }
  const year = isBefore1 ? 1 - part.year! : part.year!
  const wall = new Date(0)
  wall.setUTCFullYear(year, part.month! - 1, part.day!)
  wall.setUTCHours(part.hour!, part.minute!, part.second!)
  return wall.getTime() - Math.floor(at / secondMs) * secondMs
}

function floorTo(time: number, ms: number): number {
  return Math.floor(time / ms) * ms
}
