/** What the store must know of the registry: how often devices measure, and which corrections hold. Told until it has taken it. */
import type { CorrectionRow } from '../../model/correction.ts'
import type { DirectoryEntry } from '../../registry/registry.ts'
import type { ReadingKeeper } from '../../store/promise/keep.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'

type Interval = Pick<DirectoryEntry, 'deviceId' | 'intervalS'>

export interface StoreSync {
  /** Of these devices; the store counts coverage against them. Resolves without it too where the store is away. */
  intervals(entries: readonly Interval[]): Promise<void>
  /** These hold, and no others; as for intervals. */
  corrections(rows: readonly CorrectionRow[]): Promise<void>
  /** What was told newest and the store has not taken yet. */
  again(): Promise<void>
}

export function syncStore(
  store: Pick<ReadingKeeper, 'setInterval' | 'setCorrections'>,
  unavailable: (cause: StoreUnavailable) => void
): StoreSync {
  const wanted = new Map<string, number>()
  const taken = new Map<string, number>()
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
      for (let intervalS = wanted.get(deviceId)!; taken.get(deviceId) !== intervalS;) {
        await store.setInterval(deviceId, intervalS)
        taken.set(deviceId, intervalS)
        intervalS = wanted.get(deviceId)!
      }
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
      for (const { deviceId, intervalS } of entries) if (intervalS !== null) wanted.set(deviceId, intervalS)
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
