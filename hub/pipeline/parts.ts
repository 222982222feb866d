/** What works in the pipeline's thread: the store, ingest that fills it, and the recurring work on what it holds. */
import { startIngest, type Ingest } from '../../ingest/follow.ts'
import type { Directory } from '../../ingest/ingest.ts'
import type { LookBackPlaces } from '../../ingest/look-back.ts'
import { openJournalReader, type OpenJournalReader } from '../../journal/reader.ts'
import type { Site } from '../../model/place.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import type { Clock } from '../../model/time.ts'
import type { DirectoryEntry } from '../../registry/registry.ts'
import { maySeeSite } from '../../model/visibility.ts'
import { notingStore, type NotingStore } from '../../store/changes/noting.ts'
import { openStore, type HubStore, type OpenStoreDeps } from '../../store/open.ts'
import { changedHealth } from './changed-health.ts'
import { coalesceLatest } from './coalesce.ts'
import { keepExamining } from './examining.ts'
import { keepLookingBack, lookBackPlaces } from './look-back.ts'
import type { PipelineEvents, PipelineOptions } from './pipeline.ts'
import type { Recurring } from '../../recurring.ts'
import { keepRollupsFresh } from './rollups.ts'
import { sampledTimes } from './sampled-times.ts'
import { syncStore, type StoreSync } from './sync-store.ts'

/** Tells the main thread. */
export type Tell = <Name extends keyof PipelineEvents>(
  name: Name,
  value: Parameters<PipelineEvents[Name]>[0]
) => void

export interface Surroundings {
  clock: Clock
  random: () => number
  tell: Tell
  /** We are wrong: the thread is to end. */
  onBug(cause: unknown): void
}

export interface Parts extends Surroundings {
  /** Are single readings told, and not only the newest? */
  observing: { isOn: boolean }
  timezone: string
  store: HubStore & { store: NotingStore }
  journal: OpenJournalReader
  known: Known
  sync: StoreSync
  ingest: Ingest
  rollups: Recurring<void>
  lookingBack: Recurring<number>
  examining: Recurring<void>
  /** Nothing where they run already. */
  beginRollups(): void
}

/** Where devices are, as the registry said last. */
export class Known {
  #directory: Directory
  #places: LookBackPlaces

  constructor(entries: readonly DirectoryEntry[], sites: readonly Site[]) {
    this.#directory = directoryOf(entries)
    this.#places = lookBackPlaces(sites, entries)
  }

  readonly directory = (): Directory => this.#directory
  readonly places = (): LookBackPlaces => this.#places

  set(entries: readonly DirectoryEntry[], sites: readonly Site[]): void {
    this.#directory = directoryOf(entries)
    this.#places = lookBackPlaces(sites, entries)
  }
}

/** Its changes are noted; it closes with the store. */
async function openNoting(
  { store: choice, changesFile }: PipelineOptions,
  deps: OpenStoreDeps
): Promise<HubStore & { store: NotingStore }> {
  const opened = await openStore(choice, deps)
  const store = notingStore(opened.store, { file: changesFile, close: () => opened.close(), ...deps })
  return { ...opened, store, close: () => store.close() }
}

/** By site its street, of those that everybody sees. */
export function streetsOfPublic(sites: readonly Site[]): Map<string, string> {
  const seen = sites.filter((site) => maySeeSite('public', site))
  return new Map(seen.map(({ siteId, streetId }) => [siteId, streetId]))
}

function directoryOf(entries: readonly DirectoryEntry[]): Directory {
  return new Map(entries.map((entry) => [entry.deviceId, entry]))
}

/** What others may hear of a reading. */
function observed({
  siteId,
  deviceId,
  quantity,
  measuredAt,
  value,
  flag,
  reasons
}: LatestReading): LatestReading {
  return { siteId, deviceId, quantity, measuredAt, value, flag, reasons }
}

export async function openParts(options: PipelineOptions, around: Surroundings): Promise<Parts> {
  const { clock, random, tell, onBug } = around
  const { timezone } = options
  const log = {
    info: (fields: object, message: string) => tell('log', { level: 'info', fields, message }),
    warn: (fields: object, message: string) => tell('log', { level: 'warn', fields, message })
  }
  const waits =
    (what: string) =>
    (cause: Error): void =>
      log.warn({ cause: cause.message }, `${what} until the store is available again.`)

  const store = await openNoting(options, {
    ...{ timezone, clock, random, log },
    hubMemoryMb: options.memoryMb
  })
  await store.store.setPublicSites(streetsOfPublic(options.sites))
  const sync = syncStore(store.store, waits('Changes of intervals and corrections are postponed'))
  // Before rollups begin: after a change of zone they keep the store busy for a while, and nobody should wait for them.
  await sync.intervals(options.directory)
  await sync.corrections(options.corrections)

  const journal = openJournalReader({
    ...options.journal,
    onCorrupt: (lost) =>
      tell('log', { level: 'error', fields: { ...lost }, message: 'A page of the journal is damaged.' })
  })
  const known = new Known(options.directory, options.sites)
  const observing = { isOn: false }
  const ingest = startIngest({
    journal,
    store: store.store,
    directory: known.directory,
    events: {
      stored: coalesceLatest((latest) => tell('stored', latest)),
      readings(readings) {
        if (observing.isOn) tell('readings', readings.map(observed))
      },
      problems: (problems) => tell('problems', problems),
      paused: (deviceIds) => tell('paused', deviceIds),
      health: changedHealth((healths) => tell('health', healths)),
      times: sampledTimes((times) => tell('times', times))
    },
    random,
    log,
    onBug,
    heldLimits: options.unplacedLimits
  })
  store.onReturn(() => ingest.tryNow())

  const begin = Promise.withResolvers<void>()
  if (!options.rollupsWait) begin.resolve()
  const rollups = keepRollupsFresh({
    store: store.store,
    clock,
    before: async () => {
      await begin.promise
      await sync.again()
    },
    touched: (touched) => tell('rollups', touched),
    intervalLearnt: (learnt) => tell('intervalLearnt', learnt),
    unavailable: waits('Rollups are postponed'),
    onBug
  })
  const lookingBack = keepLookingBack({
    store: store.store,
    places: known.places,
    clock,
    unavailable: waits('The second check of readings is postponed'),
    onBug
  })
  return {
    ...around,
    timezone,
    store,
    journal,
    known,
    sync,
    ingest,
    observing,
    rollups,
    lookingBack,
    examining: keepExamining({
      journal,
      file: store.file,
      clock,
      onUnreadable(cause) {
        log.warn({ cause: String(cause.cause) }, 'A part of the readings could not be read.')
        store.noteUnreadable(cause)
      },
      onBug
    }),
    beginRollups: begin.resolve
  }
}
