/** Readings for tests: each test names only the fields it is about. */
import type { RawColumns } from '../../model/columns.ts'
import type { Reading } from '../../model/reading.ts'
import { hourMs, minuteMs, type UnixMs } from '../../model/time.ts'

/** By the clock of UTC. */
export const hourStart = (at: number): number => Math.floor(at / hourMs) * hourMs

/** A Wednesday in winter, at midnight in London. */
export const winter = Date.UTC(2026, 0, 14) as UnixMs

export const everything = { from: 0 as UnixMs, until: 9e15 as UnixMs }

export function aReading(fields: Partial<Reading> = {}): Reading {
  const measuredAt = fields.measuredAt ?? winter
  return {
    siteId: 'mill-lane-7',
    deviceId: 'box-1',
    quantity: 'pm2_5',
    measuredAt,
    receivedAt: (measuredAt + 120) as UnixMs,
    value: 8.4,
    flag: 1,
    reasons: 0,
    sequence: 1,
    importId: 0,
    ...fields
  }
}

export function at(base: number, offsetMs: number): UnixMs {
  return (base + offsetMs) as UnixMs
}

/** One reading a minute from `from`, with the values given by `valueOf`. */
export function minutes(
  from: UnixMs,
  count: number,
  fields: Partial<Reading> = {},
  valueOf: (minute: number) => number = () => 10
): Reading[] {
  return Array.from({ length: count }, (_, minute) =>
    aReading({
      measuredAt: at(from, minute * minuteMs),
      value: valueOf(minute),
      sequence: minute + 1,
      ...fields
    })
  )
}

/** A reading every ten minutes for whole hours. */
export function tens(
  from: UnixMs,
  hours: number,
  fields: Partial<Reading> = {},
  valueOf: (hour: number) => number = () => 10
): Reading[] {
  return Array.from({ length: hours * 6 }, (_, i) =>
    aReading({
      measuredAt: at(from, i * 10 * minuteMs),
      value: valueOf(Math.floor((i * 10 * minuteMs) / hourMs)),
      sequence: i + 1,
      ...fields
    })
  )
}

/** Rows of raw columns as pairs, for comparing. */
export function pairs(columns: RawColumns): [number, number][] {
  return columns.time.map((time, i) => [time, columns.value[i]!])
}
