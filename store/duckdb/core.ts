/** What the parts of the store share: the file, what is kept in memory, the writer's turns, and one policy for failures. */
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { TimeRange } from '../../model/columns.ts'
import type { UnixMs } from '../../model/time.ts'
import { rollupCacheBytes } from '../memory.ts'
import type { Channel } from '../memory/catalogue.ts'
import type { ComputedSeries, CorrectedSeries, CorrectionSource } from '../memory/corrections.ts'
import { StoreMemory, trimmedOf } from '../memory/memory.ts'
import { filesGone, OpenedFile } from '../../opened-file.ts'
import { gatheredReadingsMax } from '../limits.ts'
import { StoreUnavailable } from '../promise/unavailable.ts'
import type { RollupSource } from '../rollups/answers.ts'
import { RollupCache, type RollupPlace } from '../rollups/cache.ts'
import { Turns } from '../turns.ts'
import { Database, type DatabaseSettings } from './file/database.ts'
import { computeCorrected } from './read/corrected-readings.ts'
import { readRollups, rollupReach } from './read/rollups.ts'
import { loadCatalogue, loadCorrections, loadIntervals, loadMarks, loadOtherDays } from './file/load.ts'
import { prepareSchema, readMeta, transaction, trimmedKey } from './file/schema.ts'
import { Hurry } from './hurry.ts'
import { LogName } from './file/log-name.ts'
import { isRewriteAskedFor, rewriteFile } from './file/rewrite.ts'

export interface CoreSettings extends DatabaseSettings {
  timezone: string
  onProgress: (doing: string) => void
}

export class Core extends StoreMemory implements CorrectionSource, RollupSource {
  readonly settings: CoreSettings
  readonly turns = new Turns()
  readonly hurry = new Hurry()
  /** Readings that one statement of the rollups may gather; less after one that had no room. */
  gatheredReadingsMax = gatheredReadingsMax
  /** May there be hours or days that another clock made? */
  hasOtherClocks = false
  /** …and where such days begin. */
  otherDays: number[] = []
  readonly cache: RollupCache
  /** Where the first hour or day begins, and after the last has; it only grows. */
  #rollups: TimeRange | undefined
  #database: Database
  #opened: OpenedFile
  readonly #logName: LogName
  #broken = false
  /** A work of the writer was ended, and memory may not be as the file is: nothing is written any more. */
  #ended = false
  #closed = false

  private constructor(settings: CoreSettings, database: Database) {
    super(settings.timezone)
    this.settings = settings
    this.#database = database
    this.#opened = new OpenedFile(settings.file)
    this.#logName = new LogName(settings.file)
    this.cache = new RollupCache(
      (window, channels, range, fields) =>
        this.read('reading rollups', (c) => readRollups(c, { window, channels, range, fields })),
      rollupCacheBytes(settings.memoryMb)
    )
  }

  static async open(settings: CoreSettings): Promise<Core> {
    // What an older version that was killed left of an export.
    await rm(`${settings.file}.exports`, { recursive: true, force: true })
    const database = await Database.open(settings)
    const core = new Core(settings, database)
    try {
      await core.#load()
      if (await isRewriteAskedFor(database.writer)) await core.rewrite()
    } catch (failure) {
      core.#database.close()
      throw failure
    }
    return core
  }

  get database(): Database {
    return this.#database
  }

  async #load(): Promise<void> {
    const { writer } = this.#database
    const { file, timezone, onProgress } = this.settings
    onProgress('checking the tables')
    await prepareSchema(writer, file, timezone, onProgress)
    await this.#database.committed()
    onProgress('reading how far each series reaches')
    // Whole at once: while a file is opened again, questions are still answered from the catalogue before.
    this.catalogue = await loadCatalogue(writer)
    await this.loadMarks()
    this.corrections.take(await loadCorrections(writer))
    this.hasOtherClocks = (await readMeta(writer, 'otherClocks')) !== undefined
    this.otherDays = this.hasOtherClocks ? await loadOtherDays(writer, this.clock) : []
    await this.loadIntervals()
    this.recomputed.begin((await readMeta(writer, 'recomputing')) !== undefined)
    this.recomputing()
    this.trimmed = trimmedOf(await readMeta(writer, trimmedKey))
    this.replacements = Number(await readMeta(writer, 'replacements'))
    this.#rollups = await rollupReach(writer)
    this.cache.clear()
  }

  /** As the file has them; what was shown to the learner since is forgotten. */
  async loadIntervals(): Promise<void> {
    const { writer } = this.#database
    this.learner.clear()
    await loadIntervals(writer, this.catalogue, this.intervals)
  }

  /** Marks as the file has them, after a statement that set them there. */
  async loadMarks(): Promise<void> {
    const { writer } = this.#database
    this.takeMarks(await loadMarks(writer, 'dirty'), await loadMarks(writer, 'unexamined'))
  }

  compute(
    wanted: readonly CorrectedSeries[],
    stretches: readonly (readonly [from: number, until: number])[]
  ): Promise<ComputedSeries[]> {
    return this.read('correcting readings', (c) => computeCorrected(c, wanted, stretches))
  }

  /** Work on the writer's connection, alone, with failures told as StoreUnavailable. */
  alone<T>(doing: string, work: () => Promise<T>): Promise<T> {
    return this.turns.take(async () => {
      try {
        if (this.#closed) throw new StoreUnavailable(doing, 'it is closed')
        if (this.#ended) throw new StoreUnavailable(doing, stopping)
        if (this.#broken) await this.#reopen()
        return await this.hurry.during(this.#database.writer, work)
      } catch (failure) {
        this.#ended ||= this.hurry.isOn
        throw this.judge(doing, failure)
      }
    })
  }

  /**
   * A query on a lent connection, with failures told as StoreUnavailable. If it meets a file that has to be opened
   * again, that is done and the query asked once more.
   */
  async read<T>(doing: string, query: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    for (let again = false; ; again = true) {
      try {
        if (this.#closed) throw new StoreUnavailable(doing, 'it is closed')
        if (this.#broken) await this.#mend(doing)
        return await this.#database.read((c) => this.hurry.during(c, () => query(c)))
      } catch (failure) {
        const told = this.judge(doing, failure)
        if (again || !this.#broken) throw told
      }
    }
  }

  /** A turn of the writer begins by opening a broken file again. */
  #mend(doing: string): Promise<void> {
    return this.alone(doing, async () => undefined)
  }

  async ready(doing: string): Promise<void> {
    if (this.#closed) throw new StoreUnavailable(doing, 'it is closed')
    if (this.#broken) await this.#mend(doing)
  }

  rollupRange(_channels: readonly Channel[], range: TimeRange): TimeRange | undefined {
    const from = Math.max(Math.ceil(range.from), this.#rollups?.from ?? Infinity)
    const until = Math.min(Math.ceil(range.until), this.#rollups?.until ?? -Infinity)
    return from < until ? { from: from as UnixMs, until: until as UnixMs } : undefined
  }

  /** Hours and days that were just made. */
  widenRollups(places: readonly RollupPlace[]): void {
    let { from, until }: { from: number; until: number } = this.#rollups ?? {
      from: Infinity,
      until: -Infinity
    }
    for (const { time } of places) {
      if (time < from) from = time
      if (time >= until) until = time + 1
    }
    if (from < until) this.#rollups = { from: from as UnixMs, until: until as UnixMs }
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseIfGone('writing')
    const { writer } = this.#database
    const result = await transaction(writer, work, (end) => this.hurry.committing(writer, end))
    await this.hurry.committing(writer, () => this.#database.committed())
    if (!(await this.#logName.sync())) {
      await this.hurry.committing(writer, () => this.#database.checkpoint())
      await this.#logName.sync()
    }
    return result
  }

  /** What goes into a file that nobody would find again is not durable, and one that lies in its place is not ours. */
  #refuseIfGone(doing: string): void {
    if (!this.#opened.isInPlace()) throw new StoreUnavailable(doing, filesGone)
  }

  /** What the caller is told: an outage as StoreUnavailable, everything else (a bug of ours) as it is. */
  judge(doing: string, failure: unknown): unknown {
    if (!(failure instanceof Error) || failure instanceof StoreUnavailable) return failure
    if (this.hurry.isOn && interrupted.test(failure.message)) return new StoreUnavailable(doing, stopping)
    if (fatal.test(failure.message)) this.#broken = true
    const fromSystem = 'code' in failure && /^E[A-Z]+$/.test(String(failure.code))
    if (!fromSystem && !outages.test(failure.message)) return failure
    return new StoreUnavailable(doing, new Error(this.#lineOf(failure), { cause: failure }))
  }

  /** For the health page, which is everybody's: one line, without the folders of this machine. */
  #lineOf({ message }: Error): string {
    if (diskFull.test(message)) return 'The disk is full.'
    const [line = ''] = message.split('\n')
    return line.replaceAll(`${dirname(this.settings.file)}/`, '')
  }

  /**
   * After a fatal error DuckDB refuses every statement until the file is opened again; what was committed is in the
   * file. Connections of the old instance that still answer somebody end with it.
   */
  async #reopen(): Promise<void> {
    this.#refuseIfGone('opening the file again')
    this.#database.close()
    this.#database = await Database.open(this.settings)
    await this.#load()
    this.#broken = false
  }

  /** Called on the writer's turn. Queries that come meanwhile wait until the new file is there. */
  async rewrite(): Promise<void> {
    this.settings.onProgress('rewriting the file without the erased readings')
    const { writer } = this.#database
    await this.hurry.committing(writer, () => this.#database.checkpoint())
    this.#broken = true
    this.#database.close()
    await rewriteFile(this.settings, this.hurry)
    this.#opened = new OpenedFile(this.settings.file)
    await this.#reopen()
  }

  /** Folds the WAL into the file, so that the next start has nothing to replay, and lets the file go. */
  async close(): Promise<void> {
    await this.turns.take(async () => {
      if (this.#closed) return
      this.#closed = true
      try {
        if (!this.#broken) await this.#database.checkpoint()
      } catch (failure) {
        // With a full disk the WAL stays as it is and holds all that was promised; the next start replays it.
        this.settings.onProgress(`closing without a checkpoint: ${String(failure)}`)
      } finally {
        this.#database.close()
      }
    })
  }
}

const stopping = 'the hub is stopping'
const interrupted = /^INTERRUPT Error/
const fatal = /FATAL Error|has been invalidated/
const diskFull = /No space left on device|ENOSPC/

/**
 * DuckDB names the kind of an error first. These are the world's doing, as are the file system's errors, which have a
 * code such as ENOSPC; any other kind is a bug of ours.
 */
const outages =
  /^(IO|Out of Memory|TransactionContext|FATAL|Fatal|Connection|Interrupt) Error|has been invalidated/
