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
