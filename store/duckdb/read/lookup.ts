/** Finds what the file holds for given identities: one vectorised join, over only those stretches of time that matter. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { asFlag } from '../../memory/catalogue.ts'
import type { StoredRow } from '../../resolve.ts'
import { appendAsked } from '../file/append.ts'
import { asNumber, rowsOf } from '../file/database.ts'
import { emptyWorkingTable } from '../file/schema.ts'
import { stretchGapMs, stretchesMax } from '../../limits.ts'

export interface FoundRow {
  /** Holds within the transaction of the writer, the only one that moves rows. */
  rowId: bigint
  row: StoredRow
}

/** What is stored, by place in `asked`. */
export async function lookUp(
  connection: DuckDBConnection,
  asked: readonly { seriesId: number; time: number }[]
): Promise<Map<number, FoundRow>> {
  const found = new Map<number, FoundRow>()
  if (asked.length === 0) return found
  await emptyWorkingTable(connection, 'asked')
  await appendAsked(connection, asked)
  const inStretch = stretches(asked.map(({ time }) => time))
    .map(([first, last]) => `r.time BETWEEN ${first} AND ${last}`)
    .join(' OR ')
  const rows = await rowsOf(
    connection,
    `SELECT a.place, r.rowid, r.value, r.flag, r.reasons, r.delay, r.sequence, r.import
     FROM readings r JOIN temp.asked a ON r.series = a.series AND r.time = a.time WHERE ${inStretch}`
  )
  for (const [place, rowId, value, flag, reasons, delay, sequence, importId] of rows) {
    const index = asNumber(place)
    const identity = asked[index]
    if (!identity || typeof rowId !== 'bigint')
      throw new TypeError('the database gave a row nobody asked for')
    found.set(index, {
      rowId,
      row: {
        series: identity.seriesId,
        time: identity.time,
        value: asNumber(value),
        flag: asFlag(flag),
        reasons: asNumber(reasons),
        receivedAt: identity.time + asNumber(delay),
        sequence: asNumber(sequence),
        importId: asNumber(importId)
      }
    })
  }
  return found
}

/** A few half-open stretches that cover all of these. */
export function coveringStretches(
  ranges: readonly { from: number; until: number }[]
): (readonly [from: number, until: number])[] {
  const ends = ranges.flatMap(({ from, until }) => [from, until - 1])
  return stretches(ends).map(([first, last]) => [first, last + 1] as const)
}

/** First and last of each run of times that has no gap longer than `stretchGapMs`. */
function stretches(times: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = []
  for (const time of Float64Array.from(times).sort()) {
    const run = runs.at(-1)
    if (run && (time - run[1] <= stretchGapMs || runs.length === stretchesMax)) run[1] = time
    else runs.push([time, time])
  }
  return runs
}
