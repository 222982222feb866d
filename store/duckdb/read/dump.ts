/** Gives everything that the file keeps, piece by piece in order of time, to be written into another store. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { isMeasured } from '../../../model/quantity.ts'
import type { Reading } from '../../../model/reading.ts'
import { dayMs, type UnixMs } from '../../../model/time.ts'
import { asFlag } from '../../memory/catalogue.ts'
import type { KeptPiece } from '../../promise/copy.ts'
import type { Core } from '../core.ts'
import { asNumber, bigint, columnsOf, rowsOf } from '../file/database.ts'
import { dumpFinestMs, dumpReadings } from '../../limits.ts'

/** What stands, and what was set aside for it. */
const kept = `(
  SELECT *, 1 AS stands FROM readings UNION ALL SELECT *, 0 AS stands FROM replaced
)`

const doing = 'reading everything out'

export async function dumpSize(core: Core, from: UnixMs | null): Promise<number> {
  return core.read(doing, async (connection) => {
    const sql = `SELECT count(*) FROM ${kept} WHERE time >= $from`
    const [row] = await rowsOf(connection, sql, { from: bigint(from ?? -Infinity) })
    return asNumber(row?.[0])
  })
}

export async function* dump(core: Core, from: UnixMs | null): AsyncGenerator<KeptPiece> {
  const days = await core.read(doing, (connection) =>
    stretches(connection, dayMs, bigint(from ?? -Infinity), bigint(Infinity))
  )
  for (const day of days) {
    const parts =
      day.readings <= 2 * dumpReadings
        ? [day]
        : await core.read(doing, (connection) =>
            stretches(connection, dumpFinestMs, BigInt(day.from), BigInt(day.until))
          )
    for (const part of parts) {
      const readings = await core.read(doing, (connection) => piece(core, connection, part))
      yield { readings, until: part.until as UnixMs }
    }
  }
}

interface Stretch {
  from: number
  until: number
  readings: number
}

/** Runs of slots of `slotMs` that together hold about a piece each; those in which nothing was measured cost nothing. */
async function stretches(
  connection: DuckDBConnection,
  slotMs: number,
  from: bigint,
  until: bigint
): Promise<Stretch[]> {
  const slots = await columnsOf(
    connection,
    `SELECT (floor(time / ${slotMs}) * ${slotMs})::DOUBLE AS slot, count(*)::DOUBLE FROM ${kept}
     WHERE time >= $from AND time < $until GROUP BY slot ORDER BY slot`,
    { from, until }
  )
  const counts = slots.numbers(1)
  const found: Stretch[] = []
  slots.numbers(0).forEach((slot, i) => {
    const last = found.at(-1)
    const readings = counts[i]!
    const start = Math.max(slot, Number(from))
    if (last && last.readings + readings <= dumpReadings) {
      last.until = slot + slotMs
      last.readings += readings
    } else found.push({ from: start, until: slot + slotMs, readings })
  })
  return found
}

async function piece(core: Core, connection: DuckDBConnection, { from, until }: Stretch): Promise<Reading[]> {
  const columns = await columnsOf(
    connection,
    `SELECT series, time::DOUBLE, value, flag, reasons, delay::DOUBLE, sequence::DOUBLE, import
     FROM ${kept} WHERE time >= $from AND time < $until ORDER BY time, series, sequence, stands`,
    { from: BigInt(from), until: BigInt(until) }
  )
  const [series, time, value, flag, reasons, delay, sequence, importId] = Array.from({ length: 8 }, (_, i) =>
    columns.numbers(i)
  ) as [number[], number[], number[], number[], number[], number[], number[], number[]]
  return series.map((id, i) => {
    const one = core.catalogue.seriesById(id)
    const quantity = one?.channel.quantity
    if (!one || !quantity || !isMeasured(quantity)) {
      throw new Error(
        'The file has readings of a quantity that this version does not know. Use the version that wrote it.'
      )
    }
    const measuredAt = time[i]! as UnixMs
    return {
      siteId: one.channel.siteId,
      deviceId: one.deviceId,
      quantity,
      measuredAt,
      receivedAt: (measuredAt + delay[i]!) as UnixMs,
      value: value[i]!,
      flag: asFlag(flag[i]),
      reasons: reasons[i]!,
      sequence: sequence[i]!,
      importId: importId[i]!
    }
  })
}
