/**
 * Whether a file that is open still has its name. A process writes on into a file that was deleted, replaced, or covered
 * by another disk, and every sync succeeds; what is written there is gone when the process ends.
 */
import { accessSync, constants, statSync, type BigIntStats } from 'node:fs'

export class OpenedFile {
  readonly path: string
  readonly #device: bigint
  readonly #inode: bigint

  /** Of a file that was opened just now. */
  constructor(path: string) {
    this.path = path
    const { dev, ino } = statSync(path, { bigint: true })
    this.#device = dev
    this.#inode = ino
  }

  /** A look takes some microseconds: nothing is opened or read. */
  isInPlace(): boolean {
    const found = statOrNothing(this.path)
    return found !== undefined && found.ino === this.#inode && found.dev === this.#device
  }
}

/** An SQLite database and the log beside it, into which what is committed goes first. */
export class OpenedDatabase {
  readonly path: string
  readonly #file: OpenedFile
  #log: OpenedFile | undefined

  /** Of one that was opened just now; its log is there since the first question that was asked. */
  constructor(path: string) {
    this.path = path
    this.#file = new OpenedFile(path)
    this.#lookForLog()
  }

  /** For a commit, within its transaction. */
  isInPlace(): boolean {
    if (!this.#log) this.#lookForLog()
    return this.#file.isInPlace() && (this.#log?.isInPlace() ?? false)
  }

  #lookForLog(): void {
    const log = `${this.path}-wal`
    if (statOrNothing(log)) this.#log = new OpenedFile(log)
  }
}

/** For whoever is told that something cannot be kept, and for the health page: it names no folder of this machine. */
export const filesGone =
  'The files of the data folder were deleted, replaced, or are hidden by another disk, so new messages would not be kept. ' +
  'Stop the hub, put the folder back (or restore a backup), and start the hub again.'

/** The disk of a folder was made read-only, as Linux does when a disk begins to fail. */
export function isReadOnly(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return false
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EROFS'
  }
}

function statOrNothing(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined // A folder on the way is gone, or may not be entered any more: the file is not where it was.
  }
}
