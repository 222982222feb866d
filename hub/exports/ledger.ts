/** Receipts of exports, in a file of their own: it holds nothing that a hub could not live without, and no backup has it. */
import { DatabaseSync } from 'node:sqlite'
import type { ExportDescription, ExportReceipt, ResearchOrder } from '../../documents/export/desk.ts'
import { exportKeptMs } from '../../model/limits.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { receiptsMax } from './limits.ts'

export interface ExportLedger {
  put(receipt: ExportReceipt): void
  get(id: string): ExportReceipt | undefined
  /** Those that are in one of these states, oldest first. */
  inState(...states: ExportReceipt['state'][]): ExportReceipt[]
  remove(id: string): void
  addJob(job: Job): void
  job(id: string): Job | undefined
  jobs(): Job[]
  /** Those for one researcher each. */
  researchJobs(): Job[]
  /** Those that are not made yet, oldest first. */
  openJobs(): Job[]
  nextJob(): Job | undefined
  /** Takes away what is past its time, and of downloads the oldest receipts beyond what is kept; gives their ids. */
  trim(): string[]
  close(): void
}

/** Made in the background. */
export interface Job {
  id: string
  /** Whose part of what can be made it takes. */
  share: string
  /** Of whom something is in the file. */
  siteIds: readonly string[]
  /** Of rooms, for a researcher… */
  research?: ResearchOrder
  /** …with the moment from which on each site agreed when it was made. */
  since?: Readonly<Record<string, number>>
}

export const ledgerTables = `CREATE TABLE IF NOT EXISTS exports
    (id TEXT PRIMARY KEY, state TEXT NOT NULL, started INTEGER NOT NULL, receipt TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, job TEXT NOT NULL)`

export function openLedger(file: string, clock: Clock): ExportLedger {
  const db = new DatabaseSync(file)
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; ${ledgerTables}`
  )
  const put = db.prepare(
    `INSERT INTO exports VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, receipt = excluded.receipt`
  )
  const get = db.prepare('SELECT receipt FROM exports WHERE id = ?')
  const all = db.prepare('SELECT receipt FROM exports ORDER BY started, id')
  const remove = db.prepare('DELETE FROM exports WHERE id = ?')
  const old = db.prepare(
    `DELETE FROM exports WHERE started < ? OR id IN
       (SELECT id FROM exports WHERE id NOT IN (SELECT id FROM jobs)
        ORDER BY started DESC LIMIT -1 OFFSET ?) RETURNING id`
  )
  const oneJob = db.prepare('SELECT job FROM jobs JOIN exports USING (id) WHERE id = ?')
  const jobRows = (where: string): Job[] =>
    db.prepare(`SELECT job FROM jobs JOIN exports USING (id) ${where} ORDER BY started, id`).all().map(jobIn)
  // One that waited for its whole time is not made any more.
  const openJobs = (): Job[] =>
    jobRows(`WHERE state IN ('waiting', 'making') AND started > ${clock.now() - exportKeptMs}`)
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
    addJob: (job) =>
      void db
        .prepare('INSERT INTO jobs VALUES (?, ?) ON CONFLICT DO UPDATE SET job = excluded.job')
        .run(job.id, JSON.stringify(job)),
    job(id) {
      const row = oneJob.get(id)
      return row && jobIn(row)
    },
    jobs: () => jobRows(''),
    researchJobs: () => jobRows("WHERE json_extract(job, '$.research') IS NOT NULL"),
    openJobs,
    nextJob: () => openJobs()[0],
    trim() {
      const ids = old.all(clock.now() - exportKeptMs, receiptsMax).map(({ id }) => String(id))
      db.exec('DELETE FROM jobs WHERE id NOT IN (SELECT id FROM exports)')
      return ids
    },
    close: () => db.close()
  }
}

export function jobIn({ job }: Record<string, unknown>): Job {
  return JSON.parse(String(job)) as Job
}

export function newReceipt(
  clock: Clock,
  id: string,
  state: 'waiting' | 'sending',
  format: ExportReceipt['format'],
  description: ExportDescription
): ExportReceipt {
  const now = clock.now()
  return {
    id,
    state,
    format,
    ...description,
    rows: null,
    bytes: null,
    sha256: null,
    startedAt: toIso(now),
    endedAt: null,
    expiresAt: toIso((now + exportKeptMs) as UnixMs),
    problem: null
  }
}
