/** What a sensor's own clock said in a message, believed or not: by many of them the hub judges its own. Pure. */
import type { JournaledMessage } from '../journal/journal.ts'
import { arrayReadingsMax } from '../model/limits.ts'
import { fromUnixNumber, parseIsoZoned, type UnixMs } from '../model/time.ts'
import type { Decoded } from './ingest.ts'

/** No sensor's clock that was ever set says less: boards begin at 1970, 2000 or when their firmware was built. */
const setAfter = Date.UTC(2020, 0, 1)

/** The newest time of the message that is the sensor's own; undefined where it said none. */
export function timeSaid(
  { receivedAt }: Pick<JournaledMessage, 'receivedAt'>,
  { measurements, faults }: Pick<Decoded, 'measurements' | 'faults'>
): UnixMs | undefined {
  let newest: UnixMs | undefined
  for (const { measuredAt } of measurements) {
    // The time received stands where the sensor has none, a millisecond apart for each member of an array.
    const isReceived = measuredAt >= receivedAt && measuredAt < receivedAt + arrayReadingsMax
    if (!isReceived && (newest === undefined || measuredAt > newest)) newest = measuredAt
  }
  for (const { code, value } of faults) {
    if (code !== 'timeAhead' && code !== 'timePast') continue
    const said = momentOf(value)
    if (said !== undefined && said > setAfter && (newest === undefined || said > newest)) newest = said
  }
  return newest
}

function momentOf(value: unknown): UnixMs | undefined {
  if (typeof value === 'number') return fromUnixNumber(value)
  return typeof value === 'string' ? parseIsoZoned(value) : undefined
}
