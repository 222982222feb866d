/**
 * The name of DuckDB's log: DuckDB makes the file anew after each checkpoint and syncs what is in it, but not its folder, and writes on
 * into one that was deleted or replaced.
 */
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathSynced } from '../../../synced.ts'

export class LogName {
  readonly #database: string
  readonly #log: string
  /** As the commit before left it; '' where it left none. */
  #known = ''
  #bytes = 0n
  #checkpointedAt = 0n

  constructor(databaseFile: string) {
    this.#database = databaseFile
    this.#log = `${databaseFile}.wal`
  }

  /**
   * After a commit, whose log would else have no name after a power cut. Gives false where the log has lost its name, so that
   * what was committed has to go into the file itself. A look takes microseconds.
   */
  async sync(): Promise<boolean> {
    const { mtimeNs: writtenAt } = statSync(this.#database, { bigint: true })
    const found = statSync(this.#log, { bigint: true, throwIfNoEntry: false })
    const file = found ? `${found.ino} ${found.birthtimeNs}` : ''
    // Only a checkpoint, which writes the file, ends a log.
    if (this.#known !== '' && file !== this.#known && writtenAt === this.#checkpointedAt) return false
    this.#checkpointedAt = writtenAt
    const isKnown = file === this.#known && (found?.size ?? 0n) >= this.#bytes
    this.#bytes = found?.size ?? 0n
    if (!isKnown && found) await pathSynced(dirname(this.#log))
    this.#known = file
    return true
  }
}
