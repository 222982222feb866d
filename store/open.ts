/** The joint between the settings and the stores: opens the one that is set, and watches a server that is not ours. */
import type { InfluxSettings } from './influx/check.ts'
import { forgetLogCut, logCutOf, type LogCut } from './duckdb/file/log.ts'
import type { StoreCopier } from './promise/copy.ts'
import type { FileExaminer, ReadingExaminer } from './promise/examine.ts'
import type { Store } from './promise/store.ts'
import type { StoreUnavailable } from './promise/unavailable.ts'
import { toIso, type Clock } from '../model/time.ts'
import { storeMemoryMb } from './memory.ts'
import { readOut } from './read-out.ts'
import { counted } from '../model/counted.ts'

export type { InfluxSettings }

/** Where readings are kept. */
export type StoreChoice =
  { kind: 'duckdb'; readingsFile: string } | { kind: 'influx'; stateFile: string; settings: InfluxSettings }

/** What the hub asks of a store beyond its promise. */
export interface StoreState {
  kind: StoreChoice['kind']
  /** Why it can take nothing now, in a line that says what to do; null while it can. */
  waiting: string | null
  /** What else is not as it should be, and what it no longer has: one line each. */
  notes: string[]
  /** Of readings that a server refused for good, with its reason, which may quote them. */
  refusedNote: string | null
  /** Readings that it refused for good; they are kept aside, with the reason. */
  refused: number
}

export interface HubStore {
  store: Store & ReadingExaminer
  copier: StoreCopier
  /** undefined where the files are a server's, which looks after them itself. */
  file: FileExaminer | undefined
  state(): StoreState
  /** Everything that the journal still holds was written again. */
  noteReplayed(): void
  /** Part of it was not readable when it was examined: a note, until the next start. */
  noteUnreadable(cause: StoreUnavailable): void
  /** What could not be read when it was opened, until what the journal has of that time was written again. */
  logCut(): LogCut | undefined
  /** Calls whoever waits when a server that was away, or did not fit, is seen to be as it should be. One listener. */
  onReturn(listener: () => void): void
  /** It is to close: from now on what takes long is ended, as far as nobody was told that it is done. */
  hurry(): void
  close(): Promise<void>
}

export interface OpenStoreDeps {
  timezone: string
  /** Megabytes that the hub may take; null: what there is. */
  hubMemoryMb: number | null
  clock: Clock
  random: () => number
  log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
}

/** A server that does not answer is waited for; settings that do not fit are thrown. */
export async function openStore(place: StoreChoice, deps: OpenStoreDeps): Promise<HubStore> {
  const { timezone, clock, random, log } = deps
  const memoryMb = storeMemoryMb(deps.hubMemoryMb)
  // Either store loads its own client, and nobody the other's.
  if (place.kind === 'duckdb') {
    const { openDuckDbStore } = await import('./duckdb/open.ts')
    const store = await openDuckDbStore({ file: place.readingsFile, timezone, memoryMb })
    const state: StoreState = { kind: 'duckdb', waiting: null, notes: [], refusedNote: null, refused: 0 }
    const cut = logCutOf(place.readingsFile)
    if (cut && !cut.isUnfinished) state.notes.push(commitsLost(cut))
    return {
      store,
      copier: store,
      file: store,
      state: () => state,
      noteReplayed: () => forgetLogCut(place.readingsFile),
      logCut: () => logCutOf(place.readingsFile),
      noteUnreadable(cause) {
        if (damage.test(String(cause.cause)) && !state.notes.includes(readingsUnreadable))
          state.notes.push(readingsUnreadable)
      },
      onReturn: () => undefined,
      hurry: () => store.hurry(),
      close: () => store.close()
    }
  }
  const { settings, stateFile } = place
  const { watchInflux } = await import('./influx/watch.ts')
  const { openInfluxStore } = await import('./influx/open.ts')
  const watch = await watchInflux(settings, { clock, log })
  const { url, token, org, bucket } = settings
  const store = await openInfluxStore({
    url,
    token,
    org,
    bucket,
    stateFile,
    timezone,
    random,
    clock,
    log,
    memoryMb
  }).catch(async (cause: unknown) => {
    await watch.stop()
    throw cause
  })
  let refusedBefore = 0
  let isRefused = false
  let returned: () => void = () => undefined
  watch.keepLooking({
    isAmiss() {
      const isMoreRefused = isRefused
      isRefused = false
      return isMoreRefused || store.trouble() !== null
    },
    onReturn: () => returned()
  })
  return {
    store,
    file: undefined,
    copier: { copyTo: (file, options) => readOut(store, file, timezone, options) },
    state() {
      const { count, lines } = store.refused(1)
      // What is refused may have a line of its own: a retention, a right, a clock.
      isRefused ||= count > refusedBefore
      refusedBefore = count
      const refused = count === 0 ? null : refusedWords(count, lines[0]?.reason ?? 'it did not say why')
      return {
        kind: 'influx',
        waiting: watch.misfit() ?? store.trouble() ?? watch.waiting(),
        notes: [...watch.warnings(), store.lost()].filter((note) => note !== null),
        refusedNote: refused,
        refused: count
      }
    },
    noteReplayed: () => store.noteReplayed(),
    logCut: () => undefined,
    noteUnreadable: () => undefined,
    onReturn: (listener) => void (returned = listener),
    hurry: () => store.hurry(),
    async close() {
      await watch.stop()
      await store.close()
    }
  }
}

/** An outage of another kind passes, and is told where it is met. */
const damage = /Corrupt|checksum/

const readingsUnreadable =
  'A part of the readings can no longer be read: the disk may be failing. Everything else is served as before. ' +
  'Copy the data folder, and restore a backup into another one: npx lamppost restore FILE --data DIR'

/** Stays until the next start, so that somebody reads it. */
function commitsLost({ since }: LogCut): string {
  return (
    `The disk changed what was written to the readings after ${toIso(since)}, and that part was taken away. ` +
    'What sensors sent is decoded again from the journal. Repeat what was imported since then (npx lamppost import list), ' +
    'and check the disk.'
  )
}

function refusedWords(count: number, reason: string): string {
  return (
    `InfluxDB refused ${counted(count, 'reading')} permanently, the last because: ${reason.slice(0, 160)} … ` +
    'They were set aside; once the cause is fixed, write them again: npx lamppost replay'
  )
}
