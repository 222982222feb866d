/** Which time of a live message is believed: one with a zone, not in the future, and not older than a long backlog. */
import type { Fault, FaultCode } from '../model/fault.ts'
import type { Decoded } from './ingest.ts'
import { clockAheadMsMax, clockBehindMsMax } from '../model/limits.ts'
import { dayMs, fromUnixNumber, hourMs, minuteMs, parseIsoZoned, toIso, type UnixMs } from '../model/time.ts'
import { keptValue, shownValue } from './wording.ts'

/** The last moment a Date can hold (ECMAScript 21.4.1.1); beyond it toISOString throws. */
const dateMsMax = 8.64e15

const isoWithoutZone = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?$/

/**
 * The moment that `at` names, noted in what is gathered; or undefined with a fault added: then the time received stands in its
 * place. The window is counted from the time received, not from now, so that a replay decides as the first run did.
 */
export function believedTime(
  at: unknown,
  receivedAt: UnixMs,
  into: Pick<Decoded, 'faults' | 'timeFrom'>
): UnixMs | undefined {
  const { faults } = into
  const moment = readMoment(at)
  if (moment === undefined) {
    const local = typeof at === 'string' && isoWithoutZone.test(at)
    faults.push(local ? withoutZone(at) : unreadable(at))
    return undefined
  }
  const aheadMs = moment - receivedAt
  if (aheadMs > clockAheadMsMax) {
    faults.push(notBelieved('timeAhead', at, moment, `${inWords(aheadMs)} ahead of`))
    return undefined
  }
  if (-aheadMs > clockBehindMsMax) {
    faults.push(notBelieved('timePast', at, moment, `${inWords(-aheadMs)} behind`))
    return undefined
  }
  if (into.timeFrom === undefined || moment < into.timeFrom) into.timeFrom = moment
  return moment
}

function readMoment(at: unknown): UnixMs | undefined {
  if (typeof at === 'string') return parseIsoZoned(at)
  if (typeof at !== 'number' || !Number.isFinite(at)) return undefined
  return fromUnixNumber(at)
}

function withoutZone(at: unknown): Fault {
  return {
    code: 'timeWithoutZone',
    message: `at ${shownValue(at)} has no zone, so the time received was used; send UTC with a Z at the end`,
    field: 'at',
    value: keptValue(at)
  }
}

function unreadable(at: unknown): Fault {
  return {
    code: 'timeUnreadable',
    message: `at ${shownValue(at)} could not be read, so the time received was used; send ISO 8601 with a zone, or Unix seconds or milliseconds`,
    field: 'at',
    value: keptValue(at)
  }
}

function notBelieved(code: FaultCode, at: unknown, moment: UnixMs, where: string): Fault {
  const shown = Math.abs(moment) <= dateMsMax ? toIso(moment) : shownValue(at)
  return {
    code,
    message: `at ${shown} is ${where} the hub's clock, so the time received was used; check the clock of the device`,
    field: 'at',
    value: keptValue(at)
  }
}

function inWords(ms: number): string {
  if (ms < 2 * hourMs) return `${Math.round(ms / minuteMs)} minutes`
  if (ms < 2 * dayMs) return `${Math.round(ms / hourMs)} hours`
  const days = Math.round(ms / dayMs)
  return days < 800 ? `${days} days` : `${Math.round(days / 365.25)} years`
}
