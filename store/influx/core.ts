/** What the parts of the store share: the server, the state file, what is in memory, the writer's turns, one policy. */
import { minuteMs, type Clock } from '../../model/time.ts'
import { isSqliteOutage, outageWords } from '../../sqlite.ts'
import { Catalogue } from '../catalogue.ts'
import {
  Corrections,
  type ComputedSeries,
  type CorrectedPlace,
  type CorrectedSeries
} from '../corrections.ts'
import { MarkedHours } from '../marked-hours.ts'
import { StoreUnavailable } from '../promise/unavailable.ts'
import { Turns } from '../turns.ts'
import { isQuantity, sourceOf } from '../../model/quantity.ts'
import { computeCorrected } from './corrected-readings.ts'
import { findLatest } from './latest.ts'
import { checkMarker, renewMarker } from './marker.ts'
import { Mounts } from './mounts.ts'
import { changeTimezone, rebuild } from './rebuild.ts'
import { RollupCache } from './rollup-cache.ts'
import { readRollups } from './rollup-reader.ts'
import type { Server } from './server.ts'
import { State } from './state.ts'
import { checkLog, LogTorn, noteTornLog } from './torn-log.ts'
import { finishWork } from './work.ts'

export interface Buckets {
  readings: string
  hours: string
  days: string
}

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
}

/** A bucket that is emptied under a server that answers all the while is noticed within this time. */
const trustMs = minuteMs

export class Core implements CorrectedPlace {
  readonly settings: CoreSettings
  readonly buckets: Buckets
  readonly server: Server
  readonly state: State
  readonly turns = new Turns()
  catalogue = new Catalogue()
  mounts = new Mounts(this.catalogue)
  readonly corrections = new Corrections()
  /** Measured hours; the corrected ones made of them follow them. */
  readonly dirty = new MarkedHours()
  /** Corrected hours whose correction changed: marks of the same table. */
  readonly recorrecting = new MarkedHours()
  readonly unexamined = new MarkedHours()
  /** Seconds between the readings of a device, where known. */
  readonly intervals = new Map<string, number>()
  /** When the day that still runs was last computed for a channel: see pending-days.ts. */
  readonly runningDayAt = new Map<number, number>()
  readonly cache: RollupCache
  replacements = 0
  /** How many readings there are; undefined while only the server knows. */
  readings: number | undefined
  /** What is wrong with the server, in a line; null while it answers. */
  trouble: string | null = null
  /** Its log may be torn, so that it must not be written to: see torn-log.ts. */
  isLogTorn = false
  /** Is what the server holds known to be ours, and its newest readings known? Only the writer's turn makes it so. */
  #trusted = false
  #askedAt = -Infinity
  #loaded = false
  #connecting: Promise<void> | undefined
  #closed = false

  constructor(settings: CoreSettings, server: Server) {
    this.settings = settings
    this.buckets = settings.buckets
    this.server = server
    this.cache = new RollupCache((...asked) => readRollups(this, ...asked))
    this.state = new State(settings.stateFile)
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
    const dirty = state.marks('dirty')
    this.dirty.replace(dirty.filter(({ channelId }) => !this.#isCorrected(channelId)))
    this.recorrecting.replace(dirty.filter(({ channelId }) => this.#isCorrected(channelId)))
    this.unexamined.replace(state.marks('unexamined'))
    this.intervals.clear()
    for (const { device, interval_s } of state.all('SELECT * FROM intervals')) {
      this.intervals.set(String(device), Number(interval_s))
    }
    this.corrections.take(state.corrections())
    this.replacements = Number(state.meta('replacements') ?? 0)
    const counted = state.meta('readings')
    this.readings = counted === undefined ? undefined : Number(counted)
    this.#loaded = false
  }

  #isCorrected(channelId: number): boolean {
    const channel = this.catalogue.channelById(channelId)
    return channel !== undefined && sourceOf(channel.quantity) !== undefined
  }

  compute(
    wanted: readonly CorrectedSeries[],
    stretches: readonly (readonly [from: number, until: number])[]
  ): Promise<ComputedSeries[]> {
    return this.read('correcting readings', () => computeCorrected(this, wanted, stretches))
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

  /** Whoever comes while a connection is being made waits for that one. */
  connect(): Promise<void> {
    this.#connecting ??= this.alone('connecting', async () => undefined).finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(): Promise<void> {
    await checkMarker(this)
    if (this.state.meta('rebuilt') === undefined) await rebuild(this)
    await changeTimezone(this)
    if (!this.#loaded) await findLatest(this, this.catalogue.channels())
    this.#loaded = true
    await checkLog(this)
    await finishWork(this)
    await renewMarker(this)
    this.#trusted = true
    this.#askedAt = this.settings.clock.now()
  }

  #refuseWhenClosed(doing: string): void {
    if (this.#closed) throw new StoreUnavailable(doing, 'it is closed')
  }

  /** What the caller is told: an outage as StoreUnavailable, everything else (a bug of ours) as it is. */
  #noted(doing: string, failure: unknown): unknown {
    const told = isSqliteOutage(failure)
      ? new StoreUnavailable(doing, new Error(outageWords(failure).why, { cause: failure }))
      : failure
    if (!(told instanceof StoreUnavailable)) return told
    if (told.cause instanceof LogTorn) noteTornLog(this)
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
