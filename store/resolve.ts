/** Which of several readings of one identity stands. Pure: the same answer whatever they were batched with. */
import type { Flag, Reasons } from '../model/flag.ts'
import type { Reading } from '../model/reading.ts'
import type { UnixMs } from '../model/time.ts'
import type { Series } from './memory/catalogue.ts'
import type { WriteResult } from './promise/write.ts'

/** A reading as it is kept, its place named by the number of its series. */
export interface StoredRow {
  series: number
  time: number
  value: number
  flag: Flag
  reasons: Reasons
  receivedAt: number
  sequence: number
  importId: number
}

export function storedRow(reading: Reading, series: number): StoredRow {
  return {
    series,
    time: reading.measuredAt,
    value: reading.value,
    flag: reading.flag,
    reasons: reading.reasons,
    receivedAt: reading.receivedAt,
    sequence: reading.sequence,
    importId: reading.importId
  }
}

export interface Resolution {
  /** The reading that stands now. */
  standing: StoredRow
  /** Readings to keep aside: displaced ones, and those that an import's undoing may bring to light. */
  aside: StoredRow[]
  /** The hour needs a new rollup: the value or the flag changed. */
  touched: boolean
}

/**
 * Takes `arrivals` in their order after what was `stored`. A different value stands if its sequence is as high or
 * higher. The same value again is `repeated` and only raises the sequence (so that an older different value, coming
 * late, still loses) and renews flag and reasons, which count as repeated too: the value is what was measured.
 *
 * While an import's reading stands, nothing that somebody else sent for the same identity is let go: it is kept aside,
 * so that taking the import back cannot lose a reading that had been acknowledged.
 */
export function resolve(
  stored: StoredRow | undefined,
  arrivals: readonly StoredRow[],
  counts: WriteResult
): Resolution {
  const aside: StoredRow[] = []
  let standing = stored
  for (const arrival of arrivals) {
    if (!standing) {
      counts.inserted++
      standing = arrival
      continue
    }
    const wins = arrival.sequence >= standing.sequence
    const otherThanImport = standing.importId !== 0 && standing.importId !== arrival.importId
    if (arrival.value !== standing.value) {
      counts[wins ? 'replaced' : 'superseded']++
      if (wins) {
        aside.push(standing)
        standing = arrival
      } else if (otherThanImport) aside.push(arrival)
    } else {
      counts.repeated++
      if (!wins) {
        if (otherThanImport) aside.push(arrival)
      } else if (otherThanImport) {
        aside.push(standing)
        standing = arrival
      } else standing = renewed(standing, arrival)
    }
  }
  if (!standing) throw new Error('an identity without a reading cannot be resolved')
  const touched =
    !stored ||
    stored.value !== standing.value ||
    stored.flag !== standing.flag ||
    stored.reasons !== standing.reasons
  return { standing, aside, touched }
}

/** Says of the first value that gave way which it was. */
export function noteReplaced(
  counts: WriteResult,
  { deviceId, channel: { siteId, quantity } }: Series,
  stored: StoredRow | undefined,
  standing: StoredRow
): void {
  if (!stored || stored.value === standing.value || counts.replacedFirst) return
  const measuredAt = standing.time as UnixMs
  counts.replacedFirst = {
    siteId,
    deviceId,
    quantity,
    measuredAt,
    before: stored.value,
    after: standing.value
  }
}

/** The same row object when nothing is new, so that a replay writes nothing. */
function renewed(standing: StoredRow, arrival: StoredRow): StoredRow {
  const same =
    standing.sequence === arrival.sequence &&
    standing.flag === arrival.flag &&
    standing.reasons === arrival.reasons
  if (same) return standing
  const { sequence, flag, reasons } = arrival
  return { ...standing, sequence, flag, reasons }
}
