/** A copy of the file as it is at one moment, made while the store works: queries go on, writes wait. */
import { open, stat, type FileHandle } from 'node:fs/promises'
import type { StoreCopy, StoreCopyOptions } from '../../promise/copy.ts'
import type { Core } from '../core.ts'
import { asNumber, rowsOf } from './database.ts'
import { copyBiteBytes } from '../../limits.ts'

/**
 * DuckDB writes its file and its log only for the one writer, so while that waits both stand still, and the pair is what
 * a power cut at this moment would leave: the next opening folds the log in. (SQL cannot copy: it reaches no files.)
 */
export class Copier {
  readonly #core: Core
  /**
   * Kept open until the store is closed. POSIX takes all of a process's locks on a file away when it closes any
   * descriptor of it (fcntl(2), "Record locking"), and DuckDB's lock is the one that keeps other programs out.
   */
  #source: FileHandle | undefined

  constructor(core: Core) {
    this.#core = core
  }

  async copyTo(target: string, options: StoreCopyOptions): Promise<StoreCopy> {
    const source = this.#core.settings.file
    return this.#core.alone('copying the store', async () => {
      await options.whileHeld?.()
      const [row] = await rowsOf(this.#core.database.writer, 'SELECT count(*) FROM readings')
      const file = await this.#open(source)
      const log = await openIfThere(`${source}.wal`)
      const logBytes = log ? (await log.stat()).size : 0
      const bytesTotal = (await file.stat()).size + logBytes
      let bytes = 0
      const onBite = (more: number): void => {
        options.signal?.throwIfAborted()
        bytes += more
        options.onProgress?.(bytes, bytesTotal)
      }
      try {
        await copyBytes(file, target, onBite)
        if (log) await copyBytes(log, `${target}.wal`, onBite)
      } finally {
        await log?.close()
      }
      return { readings: asNumber(row?.[0]), bytes }
    })
  }

  async #open(path: string): Promise<FileHandle> {
    // Erasing puts another file in this one's place; the one before is nobody's any more, and so are its locks.
    if (this.#source && (await this.#source.stat()).ino !== (await stat(path)).ino) await this.close()
    return (this.#source ??= await open(path, 'r'))
  }

  async close(): Promise<void> {
    await this.#source?.close()
    this.#source = undefined
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r')
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return undefined
    throw failure
  }
}

async function copyBytes(source: FileHandle, file: string, onBite: (bytes: number) => void): Promise<void> {
  const target = await open(file, 'wx', 0o600)
  try {
    const bite = Buffer.allocUnsafeSlow(copyBiteBytes)
    for (let at = 0; ;) {
      const { bytesRead } = await source.read(bite, 0, copyBiteBytes, at)
      if (bytesRead === 0) break
      for (let done = 0; done < bytesRead;) {
        done += (await target.write(bite, done, bytesRead - done, at + done)).bytesWritten
      }
      at += bytesRead
      onBite(bytesRead)
    }
  } finally {
    await target.close()
  }
}
