/** Refuses what no store can keep; the edge lets none of it in, so it is a bug of ours. */
import { isMeasured } from '../model/quantity.ts'
import type { Reading } from '../model/reading.ts'
import { readingTimeMax } from './limits.ts'

export function refuseUnstorable(reading: Reading): void {
  const { value, measuredAt, receivedAt, sequence, importId } = reading
  if (!isMeasured(reading.quantity)) throw refused(reading, 'it is computed, never stored')
  if (!Number.isFinite(value)) throw refused(reading, `its value is ${value}`)
  for (const time of [measuredAt, receivedAt]) {
    if (!Number.isInteger(time) || Math.abs(time) > readingTimeMax)
      throw refused(reading, `its time is ${time}`)
  }
  if (!Number.isSafeInteger(sequence)) throw refused(reading, `its sequence is ${sequence}`)
  if (!Number.isInteger(importId) || importId < 0) throw refused(reading, `its import is ${importId}`)
}

function refused(reading: Reading, why: string): Error {
  return new RangeError(
    `A reading of ${reading.quantity} by ${reading.deviceId} cannot be stored: ${why}. Nothing was written.`
  )
}
