/** Files of exports that are made in the background: written under another name first, never into the room that readings need. */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ExportRefusal, type ExportReceipt } from '../../documents/export/desk.ts'
import { exportFormats } from '../../documents/export/formats.ts'
import type { ExportSummary } from '../../documents/export/sealed.ts'
import { megabytes } from '../../model/counted.ts'
import { pathSynced } from '../../synced.ts'
import { diskKeptFreeBytes, roomLookBytes, roomPerShareMax } from './limits.ts'
import type { MakeExport } from './thread.ts'

/** Bytes of files that are kept: of one address, and of all. */
export interface HeldBytes {
  share: number
  all: number
}

export class ExportFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  path({ id, format }: Pick<ExportReceipt, 'id' | 'format'>): string {
    return join(this.#folder, `${id}.${exportFormats[format].extension}`)
  }

  /** Is the file there as its receipt says? A power cut, or a hand, may have taken it. */
  isThere(receipt: ExportReceipt): boolean {
    return statSync(this.path(receipt), { throwIfNoEntry: false })?.size === receipt.bytes
  }

  /** Refuses a file that would take the room of readings, or more than one address may hold. */
  async needRoom(bytes: number, held: HeldBytes): Promise<void> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const free = (await this.#free()) - diskKeptFreeBytes
    if (bytes > free)
      throw new ExportRefusal(
        'exportsFull',
        `The file would have about ${megabytes(bytes)}, and the disk of the hub has no room for it. Ask for less, or download it directly.`
      )
    if (held.share + bytes > roomPerShareMax * (free + held.all))
      throw new ExportRefusal(
        'exportsFull',
        `The file would have about ${megabytes(bytes)}, and the files of your address have ${megabytes(held.share)} already: more would leave too little room for others. Ask for less, wait until one of them is a week old, or download it directly.`
      )
  }

  /** Resolves when every byte is on disk; there is no file with the name of this export yet. */
  async write(
    id: string,
    pieces: ReturnType<MakeExport>,
    signal: AbortSignal,
    onBytes: (bytes: number) => void
  ): Promise<ExportSummary> {
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    const iterator = pieces[Symbol.asyncIterator]()
    const handle = await open(this.#unfinished(id), 'w', 0o600)
    let unseen = 0
    try {
      for (;;) {
        // A store that does not answer must not hold up whoever stops this.
        const { value: piece, done } = await Promise.race([iterator.next(), aborted])
        if (done) throw new Error('The export stopped before it was complete.')
        if (!(piece instanceof Uint8Array)) {
          await handle.sync()
          return piece
        }
        await handle.writeFile(piece)
        onBytes(piece.length)
        unseen += piece.length
        if (unseen < roomLookBytes) continue
        unseen = 0
        await this.#keepFree()
      }
    } finally {
      signal.removeEventListener('abort', abort)
      // It may wait for the store before it ends, and fail then: what was wrong is told already.
      void iterator.return?.().catch(() => undefined)
      await handle.close()
    }
  }

  /** Gives the file its name, with its receipt beside it; resolves when both have it on disk. */
  async finish(receipt: ExportReceipt): Promise<void> {
    const beside = join(this.#folder, `${receipt.id}.json`)
    writeFileSync(beside, `${JSON.stringify(receipt, null, 1)}\n`, { mode: 0o600, flush: true })
    renameSync(this.#unfinished(receipt.id), this.path(receipt))
    await pathSynced(this.#folder)
  }

  remove(id: string): void {
    for (const name of this.#names())
      if (name.startsWith(`${id}.`)) rmSync(join(this.#folder, name), { force: true })
  }

  /** Files whose export is not whole, and what was cut short. */
  removeStray(isWhole: (id: string) => boolean): void {
    for (const name of this.#names()) {
      const [id = ''] = name.split('.')
      if (!isWhole(id) || name.endsWith('.making')) rmSync(join(this.#folder, name), { force: true })
    }
  }

  #unfinished(id: string): string {
    return join(this.#folder, `${id}.making`)
  }

  /** An estimate may be wrong, and others write too. */
  async #keepFree(): Promise<void> {
    if ((await this.#free()) >= diskKeptFreeBytes) return
    throw new ExportRefusal(
      'exportsFull',
      'The disk of the hub filled up while the file was made. Ask for less, or download it directly.'
    )
  }

  async #free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder)
    return bavail * bsize
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder)
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
      throw cause
    }
  }
}
