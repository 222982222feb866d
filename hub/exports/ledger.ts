/** Receipts of exports, in a file of their own: it holds nothing that a hub could not live without, and no backup has it. */
import { DatabaseSync } from 'node:sqlite'
import type { ExportReceipt } from '../../documents/export/desk.ts'
import { exportKeptMs } from '../../model/limits.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { receiptsMax } from './limits.ts'

export interface ExportLedger {
  put(receipt: ExportReceipt): void
  get(id: string): ExportReceipt | undefined
  /** Those that are in one of these states, oldest first. */
  inState(...states: ExportReceipt['state'][]): ExportReceipt[]
  remove(id: string): void
  /** Takes away what is past its time, and the oldest beyond what is kept; gives their ids. */
  trim(): string[]
  close(): void
}

export function openLedger(file: string, clock: Clock): ExportLedger {
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS exports
      (id TEXT PRIMARY KEY, state TEXT NOT NULL, started INTEGER NOT NULL, receipt TEXT NOT NULL)`)
  const put = db.prepare(
    `INSERT INTO exports VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, receipt = excluded.receipt`
  )
  const get = db.prepare('SELECT receipt FROM exports WHERE id = ?')
  const all = db.prepare('SELECT receipt FROM exports ORDER BY started, id')
  const remove = db.prepare('DELETE FROM exports WHERE id = ?')
  const old = db.prepare(
    `DELETE FROM exports WHERE started < ? OR id IN
       (SELECT id FROM exports ORDER BY started DESC LIMIT -1 OFFSET ?) RETURNING id`
  )
  const receiptOf = (row: unknown): ExportReceipt =>
    JSON.parse((row as { receipt: string }).receipt) as ExportReceipt
  return {
    put: (receipt) =>
      void put.run(receipt.id, receipt.state, Date.parse(receipt.startedAt), JSON.stringify(receipt)),
    get(id) {
      const row = get.get(id)
      const receipt = row && receiptOf(row)
      return receipt && receipt.expiresAt > toIso(clock.now()) ? receipt : undefined
    },
    inState: (...states) =>
      all
        .all()
        .map(receiptOf)
        .filter(({ state }) => states.includes(state)),
    remove: (id) => void remove.run(id),
    trim: () =>
      old.all(clock.now() - exportKeptMs, receiptsMax).map((row) => (row as unknown as { id: string }).id),
    close: () => db.close()
  }
}

export function expiryOf(started: UnixMs): string {
  return toIso((started + exportKeptMs) as UnixMs)
}
