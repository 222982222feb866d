/**
 * The datasets of a data folder: made one at a time, kept as they are, withdrawn when something that they hold is public no
 * longer (erased, made private, a withdrawn day), and then made again without it. What is known of each stands in a file beside
 * its folder, which is on disk before it counts.
 */
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  byVersion,
  type DatasetManifest,
  type DatasetProgress,
  type Datasets,
  type ListedDataset
} from '../../documents/dataset/datasets.ts'
import { dayMs, parseIsoZoned, toIso, type UnixMs } from '../../model/time.ts'
import { maySeeSite } from '../../model/visibility.ts'
import { syncPath } from '../../synced.ts'
import { copyInto, readKept, removeUnfinished, writeKept, type Kept } from './kept.ts'
import { makeDataset, type DatasetPlan, type MadeDataset, type MakeDeps } from './make.ts'

export interface DatasetsDeps extends MakeDeps {
  folder: string
  /** Where sensors are stays as it is until what it gives is called, unless a move does not wait any longer. */
  enter(overtaken: (cause: Error) => void): Promise<() => void>
  /** Resolves when nothing is left that is being erased: of a place that stays a dataset would still hold what goes. */
  erased(): Promise<void>
}

export interface KeptDatasets extends Datasets {
  /** The whole dataset is on disk when it resolves; with `copyTo` also there. */
  make(onProgress: (progress: DatasetProgress) => void, copyTo?: string): Promise<DatasetManifest>
  /** Those that hold something of these sites are gone when it resolves, also the one that is being made. */
  withdraw(siteIds: readonly string[]): Promise<void>
  /** Those that hold what is public no longer are gone when it returns; whether any has to be made again. */
  withdrawStale(): boolean
  /** Ends what is being made. */
  close(): Promise<void>
  /** Makes again what was withdrawn and has nothing in its place yet. */
  remake(): Promise<void>
}

/** Two at once would need twice the room, and have the same name. */
export class DatasetRuns extends Error {
  readonly code = 'datasetRuns'
}

export function openDatasets(deps: DatasetsDeps): KeptDatasets {
  return new DatasetFolder(deps)
}

class DatasetFolder implements KeptDatasets {
  readonly #deps: DatasetsDeps
  readonly #kept: Map<string, Kept>
  #running: Promise<unknown> | undefined
  #attempt: { stop: AbortController; ended: Promise<unknown> } | undefined
  #isClosing = false

  constructor(deps: DatasetsDeps) {
    this.#deps = deps
    removeUnfinished(deps.folder)
    this.#kept = new Map(readKept(deps.folder).map((one) => [one.version, one]))
  }

  list(): ListedDataset[] {
    // Whoever asks first after a change is not served what it took away.
    this.withdrawStale()
    return this.#newest().map(({ version, manifest, withdrawn }) => ({ version, manifest, withdrawn }))
  }

  find(version: string, path: string): ReturnType<Datasets['find']> {
    this.withdrawStale()
    const entry = this.#kept.get(version)?.manifest?.files.find((file) => file.path === path)
    return entry && { file: join(this.#deps.folder, version, entry.path), entry }
  }

  make(onProgress: (progress: DatasetProgress) => void, copyTo?: string): Promise<DatasetManifest> {
    const { folder, clock } = this.#deps
    return this.#alone(async () => {
      const manifest = await this.#make({ until: clock.now(), replaces: null }, onProgress)
      if (copyTo !== undefined) await copyInto(join(folder, manifest.version), copyTo)
      return manifest
    })
  }

  async withdraw(siteIds: readonly string[]): Promise<void> {
    this.#attempt?.stop.abort(new Error('something that it holds is erased'))
    await this.#attempt?.ended
    const gone = new Set(siteIds)
    for (const { manifest, ...one } of this.#newest())
      if (manifest && one.siteIds.some((siteId) => gone.has(siteId))) this.#withdrawOne({ ...one, manifest })
  }

  withdrawStale(): boolean {
    for (const { manifest, ...one } of this.#newest().filter((kept) => this.#isStale(kept)))
      if (manifest) this.#withdrawOne({ ...one, manifest })
    return this.#newest().some(({ remakeUntil }) => remakeUntil !== null)
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.#attempt?.stop.abort(new Error('the hub stops'))
    await this.#attempt?.ended
  }

  async remake(): Promise<void> {
    await this.#running?.catch(() => undefined)
    await this.#alone(async () => {
      for (const one of this.#newest().toReversed()) {
        const until = one.remakeUntil === null ? undefined : parseIsoZoned(one.remakeUntil)
        if (until === undefined) continue
        await this.#make({ until, replaces: one.version }, () => undefined)
        this.#save({ ...one, remakeUntil: null })
      }
    })
  }

  #newest(): Kept[] {
    return [...this.#kept.values()].toSorted((a, b) => byVersion(b, a))
  }

  #save(one: Kept): void {
    writeKept(this.#deps.folder, one)
    this.#kept.set(one.version, one)
  }

  #goneDaysBefore(until: string): number {
    // A day's date is that of the hub's clock, which is less than a day from that of UTC.
    const last = toIso((parseIsoZoned(until)! + dayMs) as UnixMs).slice(0, 10)
    return this.#deps.registry.withdrawals().filter(({ date }) => date <= last).length
  }

  #isStale({ manifest, siteIds, withdrawnDays = 0 }: Kept): boolean {
    return (
      manifest !== null &&
      (this.#goneDaysBefore(manifest.until) > withdrawnDays ||
        siteIds.some((siteId) => {
          const site = this.#deps.registry.site(siteId)
          return site !== undefined && !maySeeSite('public', site)
        }))
    )
  }

  #withdrawOne(one: Kept & { manifest: DatasetManifest }): void {
    const { folder, clock } = this.#deps
    const withdrawn = toIso(clock.now())
    const gone = { ...one, manifest: null, siteIds: [], withdrawn, remakeUntil: one.manifest.until }
    // A disk that is full must not keep it: the note needs room, and without it the next start finds the same again.
    this.#kept.set(one.version, gone)
    rmSync(join(folder, one.version), { recursive: true, force: true })
    writeKept(folder, gone)
  }

  #nextVersion(): string {
    const day = toIso(this.#deps.clock.now()).slice(0, 10)
    for (let count = 1; ; count++) {
      const version = count === 1 ? day : `${day}.${count}`
      if (!this.#kept.has(version)) return version
    }
  }

  async #make(
    plan: Pick<DatasetPlan, 'until' | 'replaces'>,
    onProgress: (progress: DatasetProgress) => void
  ): Promise<DatasetManifest> {
    const { folder, erased, enter } = this.#deps
    await erased()
    if (this.#isClosing) throw new Error('the hub stops')
    const version = this.#nextVersion()
    const before = this.#newest().find(({ manifest }) => manifest !== null)?.manifest ?? undefined
    const making = join(folder, `${version}.making`)
    const stop = new AbortController()
    const leave = await enter((cause) => stop.abort(cause))
    const full = { ...plan, version, before, signal: stop.signal }
    const withdrawnDays = this.#goneDaysBefore(toIso(plan.until))
    const work = makeDataset(this.#deps, full, making, onProgress).finally(leave)
    this.#attempt = { stop, ended: work.catch(() => undefined) }
    let made: MadeDataset
    try {
      made = await work
    } catch (cause) {
      // Something was erased or moved meanwhile: again, as it is now.
      if (stop.signal.aborted && !this.#isClosing) return this.#make(plan, onProgress)
      throw cause
    }
    const one = { version, ...made, withdrawnDays, withdrawn: null, remakeUntil: null }
    if (this.#isStale(one)) {
      rmSync(making, { recursive: true, force: true })
      return this.#make(plan, onProgress)
    }
    renameSync(making, join(folder, version))
    syncPath(folder)
    this.#save(one)
    return made.manifest
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running) throw new DatasetRuns('A dataset is being made already. Wait until it is done.')
    const mine = work()
    this.#running = mine
    try {
      return await mine
    } finally {
      this.#running = undefined
    }
  }
}
