/** Rows of the journal's tables, from `unknown` to typed values. */
import type { SQLOutputValue } from 'node:sqlite'
import type { UnixMs } from '../model/time.ts'
import type { GroupHeader } from './group.ts'

export type Row = Record<string, SQLOutputValue>

export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column]
  if (typeof value !== 'number') throw new TypeError(`The journal has no number in "${column}".`)
  return value
}

export function textIn(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`The journal has no text in "${column}".`)
  return value
}

export function asHeader(row: Row): GroupHeader {
  return {
    first: numberIn(row, 'first'),
    count: numberIn(row, 'count'),
    receivedFrom: numberIn(row, 'received_from') as UnixMs,
    receivedUntil: numberIn(row, 'received_until') as UnixMs
  }
}

export function asGroup(row: Row): { crc: number; body: Uint8Array } {
  const body = row['body']
  if (!(body instanceof Uint8Array)) throw new TypeError('The journal has no bytes in "body".')
  return { crc: numberIn(row, 'crc'), body }
}
