/** Receipts of exports, in a file of their own: it holds nothing that a hub could not live without, and no backup has it. */
import { existsSync } from 'node:fs'
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
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;
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

/**
 * Receipts that name any of these ids, in a file that may be open elsewhere; gives how many. Nothing of them is left in it:
 * deleted rows are overwritten, and its log is folded in, or false while somebody reads it.
 */
export function forgetReceipts(file: string, ids: readonly string[]): { count: number; isFolded: boolean } {
  if (!existsSync(file) || ids.length === 0) return { count: 0, isFolded: true }
  const db = new DatabaseSync(file, { timeout: lockWaitMs })
  try {
    db.exec('PRAGMA secure_delete = ON')
    const remove = db.prepare('DELETE FROM exports WHERE instr(receipt, ?) > 0')
    let count = 0
    for (const id of ids) count += Number(remove.run(id).changes)
    db.exec('VACUUM')
    return { count, isFolded: db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0 }
  } finally {
    db.close()
  }
}

const lockWaitMs = 5_000

export function expiryOf(started: UnixMs): string {
  return toIso((started + exportKeptMs) as UnixMs)
}
