/** What the parts of the store share: the server, the state file, memory, the writer's turns, one policy for failures. */
import type { TimeRange } from '../../model/columns.ts'
import { dayMs, hourMs, type Clock, type UnixMs } from '../../model/time.ts'
import { isQuantity, rawOf } from '../../model/quantity.ts'
import { isSqliteOutage, outageWords } from '../../sqlite.ts'
import { Catalogue, type Channel } from '../memory/catalogue.ts'
import type { ComputedSeries, CorrectedSeries, CorrectionSource } from '../memory/corrections.ts'
import { StoreMemory, trimmedOf } from '../memory/memory.ts'
import { StoreUnavailable } from '../promise/unavailable.ts'
import { rollupCacheBytes } from '../memory.ts'
import type { RollupSource } from '../rollups/answers.ts'
import { RollupCache, type LoadRollups } from '../rollups/cache.ts'
import { Turns } from '../turns.ts'
import { AwakeDays } from './state/awake-days.ts'
import { Mounts } from './state/mounts.ts'
import { RecentLines } from './state/recent-lines.ts'
import { State, trimmedKey } from './state/state.ts'
import { TornLog } from './state/torn-log.ts'
import type { Buckets } from './wire/buckets.ts'
import type { Server } from './wire/server.ts'
import { LogTorn } from './wire/torn.ts'
import { trustMs } from '../limits.ts'

export interface CoreLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface CoreSettings {
  buckets: Buckets
  stateFile: string
  timezone: string
  clock: Clock
  random: () => number
  log: CoreLog
  memoryMb: number
}

/** What is made of the shared parts, handed in by who opens the store: the parts import the core, never the other way. */
export interface CoreSteps {
  /** Within the writer's turn: is what the server holds ours, and does memory know of all of it? Questions may follow. */
  recognise(core: Core): Promise<void>
  findLatest(core: Core): Promise<void>
  /** …and may it be written to? What was begun is finished. */
  resume(core: Core): Promise<void>
  computeCorrected(
    core: Core,
    wanted: readonly CorrectedSeries[],
    stretches: readonly (readonly [from: number, until: number])[]
  ): Promise<ComputedSeries[]>
  loadRollups(core: Core): LoadRollups
}

export class Core extends StoreMemory implements CorrectionSource, RollupSource {
  readonly settings: CoreSettings
  readonly buckets: Buckets
  readonly server: Server
  readonly state: State
  readonly tornLog: TornLog
  readonly turns = new Turns()
  /** Of computing hours and days, each of which takes many of the writer's turns. */
  readonly refreshes = new Turns()
  mounts = new Mounts(this.catalogue)
  readonly recent = new RecentLines()
  readonly awake = new AwakeDays()
  readonly cache: RollupCache
  /** How many readings there are; undefined while only the server knows. */
  readings: number | undefined
  /** What is wrong with the server, in a line; null while it answers. */
  trouble: string | null = null
  readonly #steps: CoreSteps
  /** Is what the server holds known to be ours, and its newest readings known? Only the writer's turn makes it so. */
  #trusted = false
  #askedAt = -Infinity
  #loaded = false
  #connecting: Promise<void> | undefined
  #closed = false

  constructor(settings: CoreSettings, server: Server, steps: CoreSteps) {
    super(settings.timezone)
    this.settings = settings
    this.buckets = settings.buckets
    this.server = server
    this.#steps = steps
    this.cache = new RollupCache(steps.loadRollups(this), rollupCacheBytes(settings.memoryMb))
    this.state = new State(settings.stateFile)
    this.tornLog = new TornLog(this.state)
    try {
      this.load()
    } catch (failure) {
      this.state.close()
      throw failure
    }
  }

  /** Memory as the state file has it. The newest readings come from the server. */
  load(): void {
    const { state } = this
    const catalogue = new Catalogue()
    for (const { channel, site, quantity } of state.all('SELECT * FROM channels')) {
      // A quantity that this version does not know stays where it is, unseen, for one that does.
      const name = String(quantity)
      if (isQuantity(name)) catalogue.putChannel(Number(channel), String(site), name)
    }
    for (const row of state.all('SELECT * FROM series')) {
      const channel = catalogue.channelById(Number(row.channel))
      if (!channel) continue
      const series = catalogue.putSeries(Number(row.series), channel, String(row.device))
      if (row.low === null || row.high === null) continue
      series.low = Number(row.low)
      series.high = Number(row.high)
    }
    this.catalogue = catalogue
    this.mounts = new Mounts(catalogue)
    this.recent.clear()
    this.takeMarks(state.marks('dirty'), state.marks('unexamined'))
    this.trimmed = trimmedOf(state.meta(trimmedKey))
    this.intervals.clear()
    this.learner.clear()
    for (const { device, from, until, ...interval } of state.saidIntervals()) {
      if (from === -Infinity && until === Infinity) this.intervals.say(device, interval)
      else this.intervals.sayOf(device, { ...interval, from, until })
    }
    for (const [id, rows] of state.learntIntervals()) {
      const series = catalogue.seriesById(id)
      if (series) this.intervals.setLearnt(series, rows)
    }
    this.recomputed.begin(state.meta('recomputing') !== undefined)
    this.recomputing()
    this.corrections.take(state.corrections())
    this.replacements = Number(state.meta('replacements') ?? 0)
    const counted = state.meta('readings')
    this.readings = counted === undefined ? undefined : Number(counted)
    this.#loaded = false
  }

  compute(
    wanted: readonly CorrectedSeries[],
    stretches: readonly (readonly [from: number, until: number])[]
  ): Promise<ComputedSeries[]> {
    return this.read('correcting readings', () => this.#steps.computeCorrected(this, wanted, stretches))
  }

  /** Work in the writer's turn, alone, once the server is known to hold what we think; failures are told and noted. */
  alone<T>(doing: string, work: () => Promise<T>): Promise<T> {
    return this.turns.take(async () => {
      try {
        this.#refuseWhenClosed(doing)
        const now = this.settings.clock.now()
        const isLongAgo = Math.abs(now - this.#askedAt) > trustMs
        if (!this.#trusted || isLongAgo) await this.#connect()
        const result = await work()
        this.trouble = null
        return result
      } catch (failure) {
        throw this.#noted(doing, failure)
      }
    })
  }

  /** A question. It waits for nothing but, once, for the newest readings to be known. */
  async read<T>(doing: string, question: () => Promise<T>): Promise<T> {
    try {
      this.#refuseWhenClosed(doing)
      if (!this.#loaded) await this.connect()
      return await question()
    } catch (failure) {
      throw this.#noted(doing, failure)
    }
  }

  ready(doing: string): Promise<void> {
    return this.read(doing, async () => undefined)
  }

  /** A day may begin before its first reading. */
  rollupRange(channels: readonly Channel[], range: TimeRange): TimeRange | undefined {
    const series = channels
      .flatMap(({ siteId, quantity }) => this.catalogue.seriesAt(siteId, rawOf(quantity)))
      .filter(({ low, high }) => low <= high)
    if (series.length === 0) return undefined
    const from = Math.max(Math.ceil(range.from), Math.min(...series.map(({ low }) => low)) - 26 * hourMs)
    const until = Math.min(Math.ceil(range.until), Math.max(...series.map(({ high }) => high)) + dayMs)
    return from < until ? { from: from as UnixMs, until: until as UnixMs } : undefined
  }

  /** Whoever comes while a connection is being made waits for that one. */
  connect(): Promise<void> {
    this.#connecting ??= this.alone('connecting', async () => undefined).finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(): Promise<void> {
    await this.#steps.recognise(this)
    if (!this.#loaded) await this.#steps.findLatest(this)
    this.#loaded = true
    await this.#steps.resume(this)
    this.#trusted = true
    this.#askedAt = this.settings.clock.now()
  }

  #refuseWhenClosed(doing: string): void {
    if (this.#closed) throw new StoreUnavailable(doing, 'it is closed')
  }

  /** What the caller is told: an outage as StoreUnavailable, everything else (a bug of ours) as it is. */
  #noted(doing: string, failure: unknown): unknown {
    // How far came what was under way, nobody knows.
    this.recent.clear()
    const told = isSqliteOutage(failure)
      ? new StoreUnavailable(doing, new Error(outageWords(failure).why, { cause: failure }))
      : failure
    if (!(told instanceof StoreUnavailable)) return told
    if (told.cause instanceof LogTorn) this.tornLog.note()
    // A server that was away may come back as another one, or empty.
    this.#trusted = false
    if (!this.#closed) this.trouble = told.cause instanceof Error ? told.cause.message : told.message
    return told
  }

  async close(): Promise<void> {
    this.server.close()
    await this.turns.take(async () => {
      if (this.#closed) return
      this.#closed = true
      if (this.readings !== undefined) this.state.setMeta('readings', String(this.readings))
      this.state.close()
    })
  }
}
