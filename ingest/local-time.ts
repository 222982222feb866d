/**
 * A local time without a zone names no moment, but it tells a repetition: what a broker kept, or a box sent again, has a time
 * that was seen before, or one that lies before it. Pure.
 */
import { clockPutBackMsMax } from './limits.ts'
import { wallClockMs, type UnixMs } from '../model/time.ts'

/** The newest local time of a source, as if it were UTC, and when it came. */
export interface LastLocal {
  text: string
  wallMs: number
  at: UnixMs
}

/** A box that has not heard the time yet counts from 1970. */
const clockSetFromMs = Date.UTC(2016, 0, 1)

export type LocalVerdict =
  /** A new message: measured when it came. */
  | { kind: 'new'; last: LastLocal | undefined }
  /** The message that came last, once more: measured when that one came. */
  | { kind: 'again'; at: UnixMs }
  /** Measured at some time in the past that nobody knows. */
  | { kind: 'old' }

export function judgeLocal(
  text: string | undefined,
  receivedAt: UnixMs,
  last: LastLocal | undefined
): LocalVerdict {
  const wallMs = text === undefined ? undefined : readWall(text)
  if (text === undefined || wallMs === undefined || wallMs < clockSetFromMs) return { kind: 'new', last }
  if (last?.text === text) return { kind: 'again', at: last.at }
  if (last !== undefined && wallMs < last.wallMs - clockPutBackMsMax && receivedAt >= last.at)
    return { kind: 'old' }
  return { kind: 'new', last: { text, wallMs, at: receivedAt } }
}

const fractionOnly = /^\.\d+$/

function readWall(text: string): number | undefined {
  return text.length === 19 || fractionOnly.test(text.slice(19)) ? wallClockMs(text) : undefined
}
