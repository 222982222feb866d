/** What backups and migrations ask of a store: a copy of its files, or everything that it keeps. */
import type { Reading } from '../../model/reading.ts'
import type { UnixMs } from '../../model/time.ts'
import type { SaidInterval } from './keep.ts'

export interface StoreCopyOptions {
  /** Called when no write can change the store until the copy is made: what is noted in it fits the copy. */
  whileHeld?(): void | Promise<void>
  onProgress?(bytes: number, bytesTotal: number): void
  /** Ends the copying early: what waits for the store must not wait for a slow disk when the hub is to stop. */
  signal?: AbortSignal
}

export interface StoreCopy {
  /** Readings in the copy. */
  readings: number
  bytes: number
}

/** What a backup needs of a store that keeps files. */
export interface StoreCopier {
  /**
   * Makes a copy at `file` (and beside it, where the store keeps a log) that opens as this store was at one moment.
   * Writes wait meanwhile, queries go on. `file` must not exist.
   */
  copyTo(file: string, options: StoreCopyOptions): Promise<StoreCopy>
}

/** A piece of everything that is kept: no moment is spread over two. */
export interface KeptPiece {
  readings: Reading[]
  /** Whatever was measured before this has been given. */
  until: UnixMs
}

/** What brings readings from one store into another: a migration, and a backup of a store that keeps no files. */
export interface ReadingDumper {
  /** How many `dump` would give. */
  dumpSize(from: UnixMs | null): Promise<number>
  /**
   * Every reading that is kept and was measured at or after `from`, with all that is kept of it: those that stand, and those
   * set aside for them. Oldest first, of one identity the lowest sequence first and what stands last, so that writing them
   * in this order into an empty store leaves it as this one is. Bounded memory.
   */
  dump(from: UnixMs | null): AsyncIterable<KeptPiece>
  /** What was said of devices' intervals, to be said to another store in this order. */
  saidIntervals(): Promise<{ deviceId: string; said: SaidInterval }[]>
}
