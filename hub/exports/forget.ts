/** What exports hold of somebody who is erased, in the data folder, whether or not a hub runs on it. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { foldLog } from '../../synced.ts'
import { ExportFiles } from './files.ts'
import { jobIn, ledgerTables } from './ledger.ts'

export interface ForgottenIds {
  /** Of which nothing may be in a file. */
  siteIds: readonly string[]
  /** Of which only some readings go, so their names may stay. */
  sharedSiteIds: readonly string[]
  /** Persons and devices, which queries and orders may name. */
  others: readonly string[]
}

/**
 * Receipts that name any of these ids go, `count` of them, and files that hold something of these sites; an order whose file is gone
 * is made again when somebody asks for it. Nothing is left in the ledger: deleted rows are overwritten, and its log is folded in,
 * or `isFolded` is false while somebody reads it.
 */
export function forgetExports(
  { exportsFile, exportsFolder }: { exportsFile: string; exportsFolder: string },
  ids: ForgottenIds
): { count: number; isFolded: boolean } {
  const named = [...ids.siteIds, ...ids.others]
  if (!existsSync(exportsFile) || named.length + ids.sharedSiteIds.length === 0)
    return { count: 0, isFolded: true }
  const db = new DatabaseSync(exportsFile, { timeout: lockWaitMs })
  try {
    db.exec(`PRAGMA secure_delete = ON; ${ledgerTables}`)
    const files = new ExportFiles(exportsFolder)
    for (const id of forgetJobs(db, ids)) files.remove(id)
    const remove = db.prepare('DELETE FROM exports WHERE instr(receipt, ?) > 0')
    let count = 0
    for (const id of named) count += Number(remove.run(id).changes)
    db.exec('VACUUM')
    return { count, isFolded: foldLog(db) }
  } finally {
    db.close()
  }
}

/** Gives the ids of those whose file has to go. */
function forgetJobs(db: DatabaseSync, { siteIds, sharedSiteIds, others }: ForgottenIds): string[] {
  const gone = new Set([...siteIds, ...sharedSiteIds])
  const put = db.prepare('UPDATE jobs SET job = ? WHERE id = ?')
  const touched: string[] = []
  for (const { id, share, siteIds: held, research } of db.prepare('SELECT job FROM jobs').all().map(jobIn)) {
    const isOfSomebody = research !== undefined && others.includes(research.personId)
    if (isOfSomebody) {
      db.prepare('DELETE FROM jobs WHERE id = ?').run(id)
      db.prepare('DELETE FROM exports WHERE id = ?').run(id)
    } else if (held.some((siteId) => gone.has(siteId)))
      put.run(JSON.stringify({ id, share, siteIds: [], ...(research && { research }) }), id)
    else continue
    touched.push(id)
  }
  return touched
}

const lockWaitMs = 5_000
