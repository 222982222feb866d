/** The time of a row, as a mapping says that it is written: format, clock, what it is a label of, marks before it. Pure. */
import { secondMs, type UnixMs } from '../../model/time.ts'
import { shownValue } from '../wording.ts'
import { fixedClock, zoneClock, type LocalClock } from './local-clock.ts'
import type { Mapping, Verdict } from './mapping.ts'
import type { FileMemory } from './row-reader.ts'
import { timeFormat, type TimeFormat } from './time-format.ts'
import { offsetMs } from './wall-time.ts'

/** March 1973. Seconds taken for milliseconds, and days of a spreadsheet taken for seconds, are before it; no network is. */
const unixMsLeast = 1e11

/** The start of the interval, or why there is none. `hour` is what the header adds to the cells. */
export type TimeReader = (text: string, hour: string | null, series: string) => UnixMs | TimeRefusal

export interface TimeRefusal {
  refusal: string
  /** It is about the cells of the row, and not about one hour of it. */
  isOfRow: boolean
}

/** Its format with what the names of hour columns add. */
export function formatOf({ time, hours }: Mapping): string {
  return hours ? `${time.format} ${hours.format}` : time.format
}

/** Day and month exchanged, where that is another format that could be meant. */
export function swappedFormatOf(mapping: Mapping): TimeFormat | undefined {
  const found = timeFormat(formatOf(mapping), mapping.time)
  if (!found.ok || found.format.swapped === null) return undefined
  const swapped = timeFormat(found.format.swapped, mapping.time)
  return swapped.ok ? swapped.format : undefined
}

export function timeReader(mapping: Mapping, memory: FileMemory): TimeReader {
  const { time, intervalS = 0 } = mapping
  const pattern = formatOf(mapping)
  const found = timeFormat(pattern, time)
  if (!found.ok) return () => ({ refusal: found.refusal, isOfRow: true })
  const { format } = found
  const isUnix = pattern.toLowerCase() === 'x'
  const clock = clockOf(mapping, memory)
  const labelMs = intervalS * secondMs * { start: 0, middle: 0.5, end: 1 }[time.label]
  return (text, hour, series) => {
    const written = hour === null ? text : `${text} ${hour}`
    const shown = format.read(written)
    memory.onTime?.(written, shown?.wallMs)
    if (!shown)
      return { refusal: `the time ${shownValue(written)} is not written as "${pattern}"`, isOfRow: true }
    if (isUnix && Math.abs(shown.wallMs) < unixMsLeast)
      return {
        refusal: `the time ${shownValue(written)} is in 1973 or before as Unix time ("${pattern}"); day numbers of a spreadsheet are "serial", seconds "X", milliseconds "x"`,
        isOfRow: true
      }
    const moment = shown.aheadMs === null ? clock(shown.wallMs, series) : shown.wallMs - shown.aheadMs
    if (typeof moment === 'number') return (moment - labelMs) as UnixMs
    const why = {
      neverShown: `never showed ${shownValue(written)}`,
      shownTwice: `showed ${shownValue(written)} twice, and the rows around do not say which is meant`
    }[moment]
    return { refusal: `the clock in ${time.zone ?? ''} ${why}`, isOfRow: hour === null }
  }
}

function clockOf({ time }: Mapping, memory: FileMemory): LocalClock {
  if (time.zone === undefined) return fixedClock(offsetMs(time.offset ?? 'Z') ?? 0)
  // Without a survey of the file no row of a doubled hour is taken.
  return memory.clock ?? zoneClock(time.zone, new Map())
}

/** What a mark before the time says of its row ("##04-10-2025"), and the time without it. */
export function markReader({
  time
}: Mapping): (text: string) => { text: string; verdict: Verdict | undefined } {
  const marks = Object.entries(time.marks ?? {}).toSorted(([a], [b]) => b.length - a.length)
  if (marks.length === 0) return (text) => ({ text, verdict: undefined })
  return (text) => {
    const mark = marks.find(([sign]) => text.startsWith(sign))
    return mark
      ? { text: text.slice(mark[0].length).trimStart(), verdict: mark[1] }
      : { text, verdict: undefined }
  }
}
