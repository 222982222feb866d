/** The joint between the settings and the stores: opens the one that is set, and watches a server that is not ours. */
import type { InfluxSettings } from './influx/check.ts'
import { openDuckDbStore } from './duckdb/open.ts'
import { openInfluxStore } from './influx/open.ts'
import type { StoreCopier } from './promise/copy.ts'
import type { ReadingExaminer } from './promise/examine.ts'
import type { Store } from './promise/store.ts'
import type { Clock } from '../model/time.ts'
import { watchInflux } from './influx/watch.ts'
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
  state(): StoreState
  /** Everything that the journal still holds was written again. */
  noteReplayed(): void
  /** Calls whoever waits when a server that was away, or did not fit, is seen to be as it should be. One listener. */
  onReturn(listener: () => void): void
  close(): Promise<void>
}

export interface OpenStoreDeps {
  timezone: string
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
  if (place.kind === 'duckdb') {
    const store = await openDuckDbStore({ file: place.readingsFile, timezone, memoryMb: storeMemoryMb() })
    const state: StoreState = { kind: 'duckdb', waiting: null, notes: [], refusedNote: null, refused: 0 }
    return {
      store,
      copier: store,
      state: () => state,
      noteReplayed: () => undefined,
      onReturn: () => undefined,
      close: () => store.close()
    }
  }
  const { settings, stateFile } = place
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
    log
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
    onReturn: (listener) => void (returned = listener),
    async close() {
      await watch.stop()
      await store.close()
    }
  }
}

function refusedWords(count: number, reason: string): string {
  return (
    `InfluxDB refused ${counted(count, 'reading')} permanently, the last because: ${reason.slice(0, 160)} … ` +
    'They were set aside; once the cause is fixed, write them again: npx lamppost replay'
  )
}
