/** Takes the readings of a stopped hub from one store into the other: whole and compared, or not at all. */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock, type UnixMs } from '../../model/time.ts'
import { takeOverEarlierDays } from '../../figures/homes/earlier-days.ts'
import { openRegistry } from '../../registry/open.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { checkInflux, type InfluxSettings } from '../../store/influx/check.ts'
import { openInfluxStore } from '../../store/influx/open.ts'
import type { ReadingDumper } from '../../store/promise/copy.ts'
import type { Store } from '../../store/promise/store.ts'
import { fileNames, holdDataFolder, influxFileName } from '../../hub/data-folder.ts'
import { storeMemoryMb } from '../../store/memory.ts'
import type { StoreChoice } from '../../store/open.ts'
import { syncPath, writeWhole } from '../../synced.ts'
import { differences, sumsOf } from './sums.ts'

export type StoreKind = StoreChoice['kind']

export interface MigrateOptions {
  dataDir: string
  timezone: string
  from: StoreKind
  to: StoreKind
  influx: InfluxSettings
  random: () => number
  onProgress(progress: MigrateProgress): void
}

export interface MigrateProgress {
  doing: 'copying' | 'comparing' | 'computing hours and days'
  done: number
  total: number
}

export interface Migrated {
  readings: number
  series: number
  /** What the old store's file in the data folder is called now. */
  keptAs: string
}

/** Nothing was changed for the hub; the message says why and what to do. */
export class MigrationFailed extends Error {
  readonly code = 'migrationFailed'
}

type OpenStore = Store & ReadingDumper

/** What says in the data folder that the readings are in this store. */
const fileOf: Record<StoreKind, string> = { duckdb: fileNames.readings, influx: influxFileName }

export async function migrate(options: MigrateOptions): Promise<Migrated> {
  const folder = holdDataFolder(options.dataDir)
  try {
    return await migrateWithin(folder.path, folder.registryFile, options)
  } finally {
    folder.release()
  }
}

async function migrateWithin(path: string, registryFile: string, options: MigrateOptions): Promise<Migrated> {
  const { from, to, onProgress } = options
  const state = new MigrationState(path, from, to)
  if (state.isSwitching) return state.switchOver()
  const sourceFile = join(path, fileOf[from])
  if (!existsSync(sourceFile)) {
    throw new MigrationFailed(
      `The readings of ${path} are not in ${from === 'duckdb' ? 'DuckDB' : 'InfluxDB'}: there is no ${fileOf[from]}. ` +
        'Give the other direction, or the right folder with --data.'
    )
  }
  if (existsSync(join(path, fileOf[to]))) {
    throw new MigrationFailed(`${path} already has a ${fileOf[to]}. Move it away first.`)
  }
  await checkInflux(options.influx, systemClock)
  const source = await openOne(from, sourceFile, options)
  try {
    await takeOverDays(source, registryFile, options.timezone)
    const target = await openOne(to, state.workFile, options)
    try {
      await copy(source, target, state, onProgress)
      const { readings, series } = await compare(source, target, state, onProgress)
      for (const { deviceId, said } of await source.saidIntervals()) await target.setInterval(deviceId, said)
      await computeRollups(target, registryFile, onProgress)
      state.note({ result: { readings, series } })
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
  return state.switchOver()
}

/** A folder of an earlier version: what everybody saw of homes is in the hours and days of its store, which the other makes anew. */
async function takeOverDays(source: OpenStore, registryFile: string, timezone: string): Promise<void> {
  const registry = openRegistry({ file: registryFile, clock: systemClock })
  try {
    await takeOverEarlierDays({ readings: source, registry, clock: systemClock, timezone })
  } finally {
    registry.close()
  }
}

async function openOne(
  kind: StoreKind,
  file: string,
  { timezone, influx, random }: MigrateOptions
): Promise<OpenStore> {
  if (kind === 'duckdb') return openDuckDbStore({ file, timezone, memoryMb: storeMemoryMb() })
  const { url, token, org, bucket } = influx
  const store = await openInfluxStore({
    ...{ url, token, org, bucket, stateFile: file, timezone, random },
    clock: systemClock,
    log: { info: () => undefined, warn: () => undefined }
  })
  const trouble = store.trouble()
  if (trouble === null) return store
  await store.close()
  throw new MigrationFailed(`InfluxDB is not usable: ${trouble}`)
}

/** Writing a piece twice leaves it there once, so a copy that was cut short goes on at its last whole piece. */
async function copy(
  source: OpenStore,
  target: OpenStore,
  state: MigrationState,
  onProgress: MigrateOptions['onProgress']
): Promise<void> {
  const total = await source.dumpSize(null)
  const left = state.doneUntil === null ? total : await source.dumpSize(state.doneUntil)
  let done = total - left
  onProgress({ doing: 'copying', done, total })
  for await (const { readings, until } of source.dump(state.doneUntil)) {
    await target.write(readings)
    state.note({ doneUntil: until })
    done += readings.length
    onProgress({ doing: 'copying', done, total })
  }
}

/** Both are read back whole. What differs is copied anew: a hub may have run on the original since the copy began. */
async function compare(
  source: OpenStore,
  target: OpenStore,
  state: MigrationState,
  onProgress: MigrateOptions['onProgress']
): Promise<{ readings: number; series: number }> {
  const total = 2 * (await source.dumpSize(null))
  let done = 0
  const step = (readings: number): void => {
    done += readings
    onProgress({ doing: 'comparing', done: Math.min(done, total), total })
  }
  const [there, here] = [await sumsOf(source, step), await sumsOf(target, step)]
  const differing = differences(there, here)
  if (differing.length === 0) {
    const readings = [...here.values()].reduce((sum, one) => sum + one.readings, 0)
    return { readings, series: here.size }
  }
  for (const siteId of new Set(differing.map((one) => one.siteId))) await target.erase(siteId)
  state.note({ doneUntil: null })
  const shown = differing.slice(0, 3).map(({ words }) => words)
  throw new MigrationFailed(
    `The copy differs from the original in ${differing.length} series (${shown.join('; ')}). ` +
      'The differing series were removed from the copy, and the original was not changed. Run the command again. A hub running on the ' +
      'folder at the same time can be the cause.'
  )
}

/** As the hub does after its start, so that its pages are whole at once. */
async function computeRollups(
  target: OpenStore,
  registryFile: string,
  onProgress: MigrateOptions['onProgress']
): Promise<void> {
  const registry = openRegistry({ file: registryFile, clock: systemClock })
  try {
    for (const { deviceId, intervalS, intervalSource } of registry.directory()) {
      if (intervalS !== null && intervalSource !== 'learnt') await target.setInterval(deviceId, intervalS)
    }
  } finally {
    registry.close()
  }
  const total = (await target.stats()).dirtyHours
  for (let more = true; more;) {
    ;({ more } = await target.refreshRollups(systemClock.now()))
    const { dirtyHours } = await target.stats()
    onProgress({ doing: 'computing hours and days', done: Math.max(0, total - dirtyHours), total })
  }
}

interface Noted {
  from: StoreKind
  to: StoreKind
  doneUntil: UnixMs | null
  /** Set when all is copied and compared, and only names are left to be changed. */
  result: { readings: number; series: number } | null
}

/** How far it is, in a file beside the data. */
class MigrationState {
  readonly workFile: string
  readonly #path: string
  readonly #file: string
  #noted: Noted

  constructor(path: string, from: StoreKind, to: StoreKind) {
    this.#path = path
    this.#file = join(path, 'migrating.json')
    this.workFile = join(path, `${fileOf[to]}.migrating`)
    const begun = existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, 'utf8')) as Noted) : undefined
    if (begun && begun.from !== from) {
      throw new MigrationFailed(
        `A migration from ${begun.from} to ${begun.to} is unfinished here. Finish it first: ` +
          `npx lamppost migrate --from ${begun.from} --to ${begun.to}`
      )
    }
    // Without the file that was written to, nothing of it is done.
    const goesOn = begun && (begun.result !== null || existsSync(this.workFile))
    this.#noted = goesOn ? begun : { from, to, doneUntil: null, result: null }
  }

  get doneUntil(): UnixMs | null {
    return this.#noted.doneUntil
  }

  get isSwitching(): boolean {
    return this.#noted.result !== null
  }

  note(more: Partial<Noted>): void {
    this.#noted = { ...this.#noted, ...more }
    writeWhole(this.#file, JSON.stringify(this.#noted))
  }

  /** Two names change; cut short between them, it is gone on with. */
  switchOver(): Migrated {
    const { from, to, result } = this.#noted
    const keptAs = `${fileOf[from]}.migrated`
    move(join(this.#path, fileOf[from]), join(this.#path, keptAs))
    move(this.workFile, join(this.#path, fileOf[to]))
    syncPath(this.#path)
    rmSync(this.#file, { force: true })
    return { ...result!, keptAs }
  }
}

/** With the logs that may lie beside a database's file. */
function move(file: string, target: string): void {
  for (const end of ['', '.wal', '.map', '-wal', '-shm']) {
    if (existsSync(file + end)) renameSync(file + end, target + end)
  }
}
