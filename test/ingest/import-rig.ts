/** Imports into a store in memory, from fixtures and from files made for one test. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importFiles, type ImportReport, type ImportRequest } from '../../ingest/import/import.ts'
import type { Directory } from '../../ingest/ingest.ts'
import { reasonList } from '../../model/flag.ts'
import type { Deployment } from '../../model/place.ts'
import type { UnixMs } from '../../model/time.ts'
import type { ImportRecord } from '../../registry/registry.ts'
import { KeepingStore } from './keeping-store.ts'

export const now = Date.UTC(2026, 10, 22, 10) as UnixMs
export const fixture = (name: string): string =>
  join(import.meta.dirname, '../fixtures/import', `${name}.csv`)

export function directoryWith(span: Partial<Deployment> = {}, intervalS: number | null = null): Directory {
  const deployments = [{ deviceId: 'd-1', siteId: 's-1', from: null, until: null, ...span }]
  const intervalSource = intervalS === null ? null : 'given'
  const entry = {
    deviceId: 'd-1',
    dialect: 'lamppost',
    sensors: [],
    intervalS,
    intervalSource,
    deployments
  } as const
  return new Map([['d-1', entry]])
}

export function recordOf(files: readonly string[], change: Partial<ImportRecord> = {}): ImportRecord {
  return {
    importId: 5,
    deviceId: 'd-1',
    files: [...files],
    format: 'sensor-community-csv',
    startedAt: now,
    finishedAt: null,
    undoneAt: null,
    rowsDone: files.map(() => 0),
    taken: 0,
    repeated: 0,
    flagged: 0,
    refused: 0,
    ...change
  }
}

export function reasonsOf(report: ImportReport): string[] {
  return report.reasons.map(({ kind, code, count }) => `${kind} ${code} ${count}`)
}

export class ImportRig {
  store = new KeepingStore()
  saved: ImportRecord[] = []
  readonly folder: string

  static async open(): Promise<ImportRig> {
    return new ImportRig(await mkdtemp(join(tmpdir(), 'lamppost-import-')))
  }

  private constructor(folder: string) {
    this.folder = folder
  }

  run(files: readonly string[], change: Partial<ImportRequest> = {}): Promise<ImportReport> {
    return importFiles({
      files,
      format: 'sensor-community-csv',
      directory: () => directoryWith(),
      store: this.store,
      record: recordOf(files),
      saveRecord: (record) => void this.saved.push(record),
      sequence: 77,
      clock: { now: () => now },
      ...change
    })
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const file = join(this.folder, name)
    await writeFile(file, content)
    return file
  }

  /** "humidity 140 4 outOfRange", in the order of storing. */
  flags(): string[] {
    return [...this.store.kept.values()].map((r) =>
      `${r.quantity} ${r.value} ${r.flag} ${reasonList(r.reasons).join(' ')}`.trim()
    )
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true })
  }
}
