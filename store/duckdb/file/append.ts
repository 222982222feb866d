/** Rows into a table by columns: about a million a second, as part of the transaction that is open on the connection. */
import {
  BIGINT,
  DOUBLE,
  DuckDBDataChunk,
  INTEGER,
  UTINYINT,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue
} from '@duckdb/node-api'
import type { Flag, Reasons } from '../../../model/flag.ts'
import type { StoredRow } from '../../resolve.ts'
import type { RollupRow } from '../../rollups/window.ts'
import { catalogName } from './database.ts'
import { vectorRows } from '../../limits.ts'

interface Column<Row> {
  type: DuckDBType
  of(row: Row, place: number): DuckDBValue
}

const readingColumns: readonly Column<StoredRow>[] = [
  { type: INTEGER, of: (row) => row.series },
  { type: BIGINT, of: (row) => BigInt(row.time) },
  { type: DOUBLE, of: (row) => row.value },
  { type: UTINYINT, of: (row) => row.flag },
  { type: INTEGER, of: (row) => row.reasons },
  { type: BIGINT, of: (row) => BigInt(row.receivedAt - row.time) },
  { type: BIGINT, of: (row) => BigInt(row.sequence) },
  { type: INTEGER, of: (row) => row.importId }
]

export function appendReadings(connection: DuckDBConnection, rows: readonly StoredRow[]): Promise<void> {
  return append(connection, catalogName, 'readings', readingColumns, rows)
}

export function appendAside(connection: DuckDBConnection, rows: readonly StoredRow[]): Promise<void> {
  return append(connection, 'temp', 'aside', readingColumns, rows)
}

export function appendAsked(
  connection: DuckDBConnection,
  rows: readonly { seriesId: number; time: number }[]
): Promise<void> {
  return append(connection, 'temp', 'asked', askedColumns, rows)
}

const askedColumns: readonly Column<{ seriesId: number; time: number }>[] = [
  { type: INTEGER, of: (_row, place) => place },
  { type: INTEGER, of: (row) => row.seriesId },
  { type: BIGINT, of: (row) => BigInt(row.time) }
]

export function appendGone(connection: DuckDBConnection, rowIds: readonly bigint[]): Promise<void> {
  return append(connection, 'temp', 'gone', [{ type: BIGINT, of: (id) => id }], rowIds)
}

export function appendMarks(
  connection: DuckDBConnection,
  table: 'dirty' | 'unexamined' | 'examined',
  rows: readonly { channelId: number; hour: number }[]
): Promise<void> {
  const columns: Column<{ channelId: number; hour: number }>[] = [
    { type: INTEGER, of: (row) => row.channelId },
    { type: BIGINT, of: (row) => BigInt(row.hour) }
  ]
  return append(connection, table === 'examined' ? 'temp' : catalogName, table, columns, rows)
}

export function appendRetracted(
  connection: DuckDBConnection,
  rows: readonly { seriesId: number; time: number; sequence: number }[]
): Promise<void> {
  const columns: Column<{ seriesId: number; time: number; sequence: number }>[] = [
    { type: INTEGER, of: (row) => row.seriesId },
    { type: BIGINT, of: (row) => BigInt(row.time) },
    { type: BIGINT, of: (row) => BigInt(row.sequence) }
  ]
  return append(connection, 'temp', 'retracted', columns, rows)
}

export interface VerdictRow {
  rowId: number
  flag: Flag
  reasons: Reasons
}

export function appendVerdicts(connection: DuckDBConnection, rows: readonly VerdictRow[]): Promise<void> {
  const columns: Column<VerdictRow>[] = [
    { type: BIGINT, of: (row) => BigInt(row.rowId) },
    { type: UTINYINT, of: (row) => row.flag },
    { type: INTEGER, of: (row) => row.reasons }
  ]
  return append(connection, 'temp', 'verdicts', columns, rows)
}

export interface PendingRow {
  channelId: number
  time: number
  /** Which way the quantity is averaged: see `averageKinds`. */
  average: number
  /** What is above counts as this. */
  figureMax: number
  /** Readings that the window should have; null while that is not known. */
  expected: number | null
}

/** Working tables of the rollups. */
export function appendPending(
  connection: DuckDBConnection,
  table: 'pending' | 'pending_days',
  rows: readonly PendingRow[]
): Promise<void> {
  const columns: Column<PendingRow>[] = [
    { type: INTEGER, of: (row) => row.channelId },
    { type: BIGINT, of: (row) => BigInt(row.time) },
    { type: INTEGER, of: (row) => row.average },
    { type: DOUBLE, of: (row) => row.figureMax },
    { type: DOUBLE, of: (row) => row.expected }
  ]
  return append(connection, 'temp', table, columns, rows)
}

const rollupColumns: readonly Column<{ channelId: number; time: number; row: RollupRow }>[] = [
  { type: INTEGER, of: ({ channelId }) => channelId },
  { type: BIGINT, of: ({ time }) => BigInt(time) },
  { type: INTEGER, of: ({ row }) => row.count },
  { type: DOUBLE, of: ({ row }) => row.expected },
  { type: DOUBLE, of: ({ row }) => row.mean },
  { type: DOUBLE, of: ({ row }) => row.min },
  { type: DOUBLE, of: ({ row }) => row.max },
  { type: DOUBLE, of: ({ row }) => row.p10 },
  { type: DOUBLE, of: ({ row }) => row.p50 },
  { type: DOUBLE, of: ({ row }) => row.p90 },
  { type: INTEGER, of: ({ row }) => row.passed },
  { type: INTEGER, of: ({ row }) => row.notEvaluated },
  { type: INTEGER, of: ({ row }) => row.suspect },
  { type: INTEGER, of: ({ row }) => row.failed }
]

/** In the order of the table's columns: see schema.ts. */
export function appendRollups(
  connection: DuckDBConnection,
  table: 'hours' | 'days',
  rows: readonly { channelId: number; time: number; row: RollupRow }[]
): Promise<void> {
  return append(connection, catalogName, table, rollupColumns, rows)
}

export function appendDayHours(
  connection: DuckDBConnection,
  rows: readonly { hour: number; day: number }[]
): Promise<void> {
  const columns: Column<{ hour: number; day: number }>[] = [
    { type: BIGINT, of: (row) => BigInt(row.hour) },
    { type: BIGINT, of: (row) => BigInt(row.day) }
  ]
  return append(connection, 'temp', 'day_hours', columns, rows)
}

export function appendLearnt(
  connection: DuckDBConnection,
  rows: readonly { seriesId: number; from: number; intervalS: number }[]
): Promise<void> {
  const columns: Column<{ seriesId: number; from: number; intervalS: number }>[] = [
    { type: INTEGER, of: (row) => row.seriesId },
    { type: BIGINT, of: (row) => BigInt(row.from) },
    { type: DOUBLE, of: (row) => row.intervalS }
  ]
  return append(connection, catalogName, 'learnt_intervals', columns, rows)
}

export function appendChannels(
  connection: DuckDBConnection,
  rows: readonly { id: number; siteId: string; quantity: string }[]
): Promise<void> {
  const columns: Column<{ id: number; siteId: string; quantity: string }>[] = [
    { type: INTEGER, of: (row) => row.id },
    { type: VARCHAR, of: (row) => row.siteId },
    { type: VARCHAR, of: (row) => row.quantity }
  ]
  return append(connection, catalogName, 'channels', columns, rows)
}

export function appendSeries(
  connection: DuckDBConnection,
  rows: readonly { id: number; channel: { id: number }; deviceId: string }[]
): Promise<void> {
  const columns: Column<{ id: number; channel: { id: number }; deviceId: string }>[] = [
    { type: INTEGER, of: (row) => row.id },
    { type: INTEGER, of: (row) => row.channel.id },
    { type: VARCHAR, of: (row) => row.deviceId }
  ]
  return append(connection, catalogName, 'series', columns, rows)
}

export async function append<Row>(
  connection: DuckDBConnection,
  catalog: string,
  table: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[]
): Promise<void> {
  if (rows.length === 0) return
  const types = columns.map((column) => column.type)
  const appender = await connection.createAppender(table, 'main', catalog)
  for (let start = 0; start < rows.length; start += vectorRows) {
    const chunk = DuckDBDataChunk.create(types, Math.min(vectorRows, rows.length - start))
    columns.forEach((column, index) => {
      const vector = chunk.getColumnVector(index)
      for (let row = 0; row < vector.itemCount; row++) {
        vector.setItem(row, column.of(rows[start + row]!, start + row))
      }
      vector.flush()
    })
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}
