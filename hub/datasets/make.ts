/** Makes a dataset: every file of it written, synced and counted, in a folder that gets its name only when it is whole. */
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { changesText, checksums, citation, dataPackage, readMe } from '../../documents/dataset/describe.ts'
import type { DatasetFile, DatasetManifest, DatasetProgress } from '../../documents/dataset/datasets.ts'
import { correctionsTable, homesTable, methodsText, sitesTable } from '../../documents/dataset/tables.ts'
import { readExportQuestion, type ExportQuestion } from '../../documents/export/read-request.ts'
import { exportCorrections } from '../../figures/period/export-corrections.ts'
import { isMeasured, quantityNames, type Quantity } from '../../model/quantity.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { programVersion } from '../version.ts'
import type { Registry } from '../../registry/registry.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import type { MakeExport } from '../exports/thread.ts'

export interface MakeDeps {
  registry: Registry
  readings: Pick<ReadingReader, 'corrections' | 'reach'>
  makeExport: MakeExport
  clock: Clock
  timezone: string
  hubName: string
  licence: string
  publicUrl: string | null
}

export interface DatasetPlan {
  version: string
  until: UnixMs
  /** Of those that are there the newest. */
  before: DatasetManifest | undefined
  replaces: string | null
  signal: AbortSignal
}

export interface MadeDataset {
  manifest: DatasetManifest
  /** Of which it holds something; told to nobody. */
  siteIds: string[]
}

/** Throws what stops it; the folder is gone then. */
export async function makeDataset(
  deps: MakeDeps,
  plan: DatasetPlan,
  folder: string,
  onProgress: (progress: DatasetProgress) => void
): Promise<MadeDataset> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    return await new Making(deps, plan, folder, onProgress).make()
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true })
    throw cause
  }
}

class Making {
  readonly #deps: MakeDeps
  readonly #plan: DatasetPlan
  readonly #folder: string
  readonly #onProgress: (progress: DatasetProgress) => void
  readonly #files: DatasetFile[] = []

  constructor(
    deps: MakeDeps,
    plan: DatasetPlan,
    folder: string,
    onProgress: (progress: DatasetProgress) => void
  ) {
    this.#deps = deps
    this.#plan = plan
    this.#folder = folder
    this.#onProgress = onProgress
  }

  async make(): Promise<MadeDataset> {
    const { registry, clock, hubName, licence, publicUrl } = this.#deps
    const { version, until, before, replaces } = this.#plan
    const everything = this.#question({ from: '0', until: String(until) })
    const parts = await this.#parts(everything)
    for (const [i, part] of parts.entries()) {
      this.#onProgress({ doing: `${part.quantity}, ${part.month}`, done: i, total: parts.length })
      await this.#writePart(part)
    }
    const corrections = await exportCorrections(this.#deps.readings, {
      ...everything,
      quantities: quantityNames.filter((name) => !isMeasured(name))
    })
    await this.#write('sites.csv', [sitesTable(everything.places)])
    await this.#write('corrections.csv', [correctionsTable(corrections)])
    await this.#write('homes.csv', [homesTable(publishedDays(registry, until))])
    await this.#write('methods.json', [methodsText(programVersion())])
    const manifest: DatasetManifest = {
      version,
      made: toIso(clock.now()),
      until: toIso(until),
      publisher: hubName,
      licence,
      lamppost: programVersion(),
      sites: everything.siteIds.length,
      rows: this.#files.reduce(
        (sum, { part, rows = 0 }) =>
          sum + (part?.format === 'parquet' && part.table === 'readings' ? rows : 0),
        0
      ),
      files: this.#files,
      replaces
    }
    const url = publicUrl === null ? undefined : `${publicUrl.replace(/\/$/, '')}/datasets/${version}`
    const about = { ...manifest, ...(url === undefined ? {} : { url }) }
    await this.#write('CHANGES.md', [changesText(manifest, before)])
    await this.#write('CITATION.cff', [citation(about)])
    await this.#write('README.md', [readMe(about)])
    await this.#write('datapackage.json', [`${JSON.stringify(dataPackage(about), null, 1)}\n`])
    await this.#write('SHA256SUMS', [checksums(this.#files)])
    return { manifest, siteIds: [...everything.siteIds] }
  }

  /** For the public: what nobody may download is in no dataset either. */
  #question(text: Record<string, string>): ExportQuestion {
    const { registry, clock, timezone } = this.#deps
    return readExportQuestion({ places: registry, clock, timezone, audience: 'public' }, text)
  }

  async #parts({ siteIds }: ExportQuestion): Promise<Part[]> {
    const parts: Part[] = []
    for (const quantity of quantityNames) {
      let [low, high] = [Infinity, -Infinity]
      for (const siteId of siteIds) {
        const reach = await this.#deps.readings.reach(siteId, quantity)
        if (!reach) continue
        low = Math.min(low, reach.from)
        high = Math.max(high, Math.min(reach.until, this.#plan.until))
      }
      for (let from = monthOf(low, 0); from < high; from = monthOf(from, 1))
        parts.push({ quantity, month: toIso(from).slice(0, 7), from, until: monthOf(from, 1) })
    }
    return parts
  }

  async #writePart({ quantity, month, from, until }: Part): Promise<void> {
    const table = isMeasured(quantity) ? 'readings' : 'corrected'
    const end = Math.min(until, this.#plan.until)
    const question = this.#question({ quantity, from: String(from), until: String(end) })
    const corrections = await exportCorrections(this.#deps.readings, question)
    for (const format of ['parquet', 'csv'] as const) {
      const root = format === 'csv' ? `csv/${table}` : table
      const path = `${root}/quantity=${quantity}/month=${month}/readings.${format}`
      const request = { ...question, format, corrections, metadata: this.#metadata() }
      // The folder is the column of a Parquet dataset.
      const without = format === 'parquet' ? { without: ['quantity'] } : {}
      const part = { table, quantity, month, format } as const
      await this.#writeExport(path, part, this.#deps.makeExport({ ...request, ...without }))
    }
  }

  /** Without the version: a part that did not change is the same file in the next dataset. */
  #metadata(): Record<string, string> {
    const { hubName, licence } = this.#deps
    return { 'lamppost.publisher': hubName, 'lamppost.licence': licence }
  }

  async #writeExport(
    path: string,
    part: NonNullable<DatasetFile['part']>,
    pieces: ReturnType<MakeExport>
  ): Promise<void> {
    let rows = 0
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces)
        if (piece instanceof Uint8Array) yield piece
        else ({ rows } = piece)
    }
    await this.#write(path, bytes(), () => ({ part, rows }))
    if (rows > 0) return
    this.#files.pop()
    rmSync(join(this.#folder, path))
  }

  async #write(
    path: string,
    pieces: AsyncIterable<Uint8Array> | Iterable<string>,
    more: () => Pick<DatasetFile, 'part' | 'rows'> = () => ({})
  ): Promise<void> {
    const file = join(this.#folder, path)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const handle = await open(file, 'wx', 0o600)
    const hash = createHash('sha256')
    let bytes = 0
    try {
      for await (const piece of pieces) {
        this.#plan.signal.throwIfAborted()
        const taken = typeof piece === 'string' ? Buffer.from(piece) : piece
        hash.update(taken)
        bytes += taken.length
        await handle.writeFile(taken)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    this.#files.push({ path, bytes, sha256: hash.digest('hex'), ...more() })
  }
}

interface Part {
  quantity: Quantity
  month: string
  from: UnixMs
  until: UnixMs
}

/** Months of UTC: a folder must not depend on whose clock it is. */
function monthOf(at: number, later: number): UnixMs {
  if (!Number.isFinite(at)) return Infinity as UnixMs
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later) as UnixMs
}

function publishedDays(registry: Registry, until: UnixMs) {
  return registry
    .streets()
    .flatMap(({ streetId }) =>
      registry
        .publishedQuantities(streetId)
        .flatMap((quantity) => registry.publishedDays({ streetId, quantity, from: 0 as UnixMs, until }))
    )
}
