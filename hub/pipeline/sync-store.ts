/** What the store must know of the registry: how often devices measure, and which corrections hold. Told until it has taken it. */
import { dialectOf } from '../../ingest/decode.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import type { DirectoryEntry } from '../../registry/registry.ts'
import type { ReadingKeeper, SaidInterval } from '../../store/promise/keep.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'

type Entry = Pick<DirectoryEntry, 'deviceId' | 'dialect' | 'intervalS' | 'intervalSource'>

export interface StoreSync {
  /** Of these devices; the store counts coverage against them. Resolves without it too where the store is away. */
  intervals(entries: readonly Entry[]): Promise<void>
  /** Of a stretch of time, as an import says it. */
  interval(deviceId: string, said: SaidInterval): Promise<void>
  /** These hold, and no others; as for intervals. */
  corrections(rows: readonly CorrectionRow[]): Promise<void>
  /** What was told newest and the store has not taken yet. */
  again(): Promise<void>
}

/** What is said of a device for all time: by who added it, or by its family. What was learnt the store knows itself. */
export function saidOf({ dialect, intervalS, intervalSource }: Omit<Entry, 'deviceId'>): SaidInterval {
  if (intervalS !== null && intervalSource !== 'learnt') return { intervalS }
  const { intervalSDefault, silenceSMax } = dialectOf(dialect)
  if (silenceSMax !== null) return { intervalS: silenceSMax, onChange: true }
  return { intervalS: intervalSDefault }
}

export function syncStore(
  store: Pick<ReadingKeeper, 'setInterval' | 'setCorrections'>,
  unavailable: (cause: StoreUnavailable) => void
): StoreSync {
  const wanted = new Map<string, SaidInterval>()
  const taken = new Map<string, string>()
  const stretches: { deviceId: string; said: SaidInterval }[] = []
  let untakenRows: readonly CorrectionRow[] | undefined

  const unlessAway = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (cause) {
      if (!(cause instanceof StoreUnavailable)) throw cause
      unavailable(cause)
    }
  }
  const tellIntervals = async (): Promise<void> => {
    for (const deviceId of wanted.keys()) {
      // Another may be wanted by the time that one is taken.
      for (let said = wanted.get(deviceId)!; taken.get(deviceId) !== JSON.stringify(said);) {
        await store.setInterval(deviceId, said)
        taken.set(deviceId, JSON.stringify(said))
        said = wanted.get(deviceId)!
      }
    }
    for (let [next] = stretches; next; [next] = stretches) {
      await store.setInterval(next.deviceId, next.said)
      if (stretches[0] === next) stretches.shift()
    }
  }
  const tellCorrections = async (): Promise<void> => {
    const rows = untakenRows
    if (!rows) return
    await store.setCorrections(rows)
    if (untakenRows === rows) untakenRows = undefined
  }

  return {
    intervals(entries) {
      for (const entry of entries) wanted.set(entry.deviceId, saidOf(entry))
      return unlessAway(tellIntervals)
    },
    interval(deviceId, said) {
      stretches.push({ deviceId, said })
      return unlessAway(tellIntervals)
    },
    corrections(rows) {
      untakenRows = rows
      return unlessAway(tellCorrections)
    },
    again: () =>
      unlessAway(async () => {
        await tellIntervals()
        await tellCorrections()
      })
  }
}
