/** Stretches of what changed, as they stand in the log's file and as they are told. */
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Change, ChangeKind } from '../promise/changes.ts'

export interface Stretch {
  kind: ChangeKind
  /** '' for a street as a whole. */
  siteId: string
  /** Only where there is no site. */
  streetId?: string
  quantity: Quantity | null
  from: number
  until: number
}

/** What an import brought to a site, so that taking it back can be told. */
export interface ImportedStretch {
  importId: number
  /** '' says that the import is known, whatever it brought. */
  siteId: string
  quantity: Quantity | null
  from: number
  until: number
}

export const tables = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS changes (site TEXT NOT NULL, street TEXT NOT NULL, quantity TEXT NOT NULL, start INTEGER NOT NULL,
    until INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, sequence INTEGER NOT NULL, hours_follow INTEGER NOT NULL,
    PRIMARY KEY (site, quantity, start, until, kind, street)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS changes_sequence ON changes (sequence);
  CREATE TABLE IF NOT EXISTS begun (id INTEGER PRIMARY KEY, stretches TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS imported (import INTEGER NOT NULL, site TEXT NOT NULL, quantity TEXT NOT NULL, start INTEGER NOT NULL,
    until INTEGER NOT NULL, PRIMARY KEY (import, site, quantity)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sites (site TEXT PRIMARY KEY, street TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

/** SQLite has no infinity among its integers; these are the bounds of a date. */
export const [beginning, end] = [-8.64e15, 8.64e15]

export function keyOf({ kind, siteId, streetId = '', quantity, from, until }: Stretch): string {
  return `${kind} ${siteId} ${streetId} ${quantity ?? ''} ${from} ${until}`
}

export interface Row {
  site: string
  street: string
  quantity: string
  start: number
  until: number
  kind: ChangeKind
  at: number
  sequence: number
}

export function stretchOf({ site, street, quantity, start, until, kind }: Row): Stretch {
  return {
    kind,
    siteId: site,
    streetId: street,
    quantity: quantity === '' ? null : (quantity as Quantity),
    from: start,
    until
  }
}

export function changeOf(row: Row): Change {
  const { kind, siteId, streetId = '', quantity, from, until } = stretchOf(row)
  return {
    at: row.at as UnixMs,
    kind,
    siteId: siteId === '' ? null : siteId,
    streetId,
    quantity,
    from: from <= beginning ? null : (from as UnixMs),
    until: until >= end ? null : (until as UnixMs)
  }
}
