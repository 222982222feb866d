/** Ingest on a real journal in a folder of its own, with a store in memory and ears for what it tells. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startIngest, type Ingest, type IngestDeps } from '../../ingest/follow.ts'
import type { Directory, Health } from '../../ingest/ingest.ts'
import type { Journal, JournalReader } from '../../journal/journal.ts'
import { openJournal } from '../../journal/open.ts'
import { openJournalReader } from '../../journal/reader.ts'
import type { IncomingMessage } from '../../model/message.ts'
import type { Problem } from '../../model/fault.ts'
import type { Deployment } from '../../model/place.ts'
import type { UnixMs } from '../../model/time.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import { KeepingStore } from './keeping-store.ts'

export const start = Date.UTC(2026, 10, 22, 10) as UnixMs

export function installed(deviceId: string, siteId: string, span: Partial<Deployment> = {}): Directory {
  const deployments = [{ deviceId, siteId, from: null, until: null, ...span }]
  return new Map([
    [
      deviceId,
      { deviceId, dialect: 'lamppost', sensors: [], intervalS: 60, intervalSource: 'given', deployments }
    ]
  ])
}

/** Time between retries does not pass by itself: the store comes back when the test says so, then a turn later it is tried. */
const turn: IngestDeps['sleep'] = () => new Promise((resolve) => setImmediate(resolve))

export class IngestRig {
  readonly store = new KeepingStore()
  directory: Directory = installed('d-1', 's-1')
  readonly told = {
    stored: [] as LatestReading[][],
    problems: [] as Problem[],
    paused: [] as string[][],
    health: [] as [string, Health][],
    bugs: [] as unknown[],
    warnings: [] as string[]
  }
  readonly journal: Journal
  readonly reader: JournalReader
  /** The journal's, for who is in its way. */
  readonly journalFile: string
  readonly #folder: string
  readonly #running: Ingest[] = []
  #sent = 0

  static async open(): Promise<IngestRig> {
    const folder = await mkdtemp(join(tmpdir(), 'lamppost-ingest-'))
    const clock = { now: () => start }
    return new IngestRig(folder, await openJournal({ dataFile: join(folder, 'journal.sqlite'), clock }))
  }

  private constructor(folder: string, journal: Journal) {
    this.#folder = folder
    this.journalFile = join(folder, 'journal.sqlite')
    this.journal = journal
    this.reader = openJournalReader(journal.connectReader())
  }

  follow(change: Partial<IngestDeps> = {}): Ingest {
    const { told } = this
    const ingest = startIngest({
      journal: this.reader,
      store: this.store,
      directory: () => this.directory,
      events: {
        stored: (latest) => told.stored.push(latest),
        problems: (problems) => told.problems.push(...problems),
        paused: (deviceIds) => told.paused.push(deviceIds),
        health: (healths) => told.health.push(...healths),
        times: () => undefined
      },
      random: () => 0.5,
      log: { info: () => undefined, warn: (_fields, message) => told.warnings.push(message) },
      onBug: (cause) => told.bugs.push(cause),
      sleep: turn,
      ...change
    })
    this.#running.push(ingest)
    return ingest
  }

  /** Resolves when the message is on disk. Each is received a second after the one before. */
  send(body: unknown, deviceId = 'd-1', kind = 'readings'): Promise<void> {
    const payload = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
    const receivedAt = (start + this.#sent++ * 1_000) as UnixMs
    return this.append({ deviceId, topic: `sensors/${deviceId}/${kind}`, payload, receivedAt })
  }

  append(message: IncomingMessage): Promise<void> {
    return new Promise((resolve, reject) =>
      this.journal.append(message, (failure) => (failure ? reject(failure) : resolve()))
    )
  }

  async close(): Promise<void> {
    for (const ingest of this.#running) await ingest.stop()
    await this.reader.close()
    await this.journal.close()
    await rm(this.#folder, { recursive: true })
  }
}
