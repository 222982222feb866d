/** How often the devices of an import measure: as the mapping says, or as its rows look, for the report. */
import { intervalLearnReadings } from '../../model/limits.ts'
import { definitionOf } from '../../model/quantity.ts'
import { secondMs, type UnixMs } from '../../model/time.ts'
import type { Reading } from '../../model/reading.ts'
import type { DirectoryEntry } from '../../registry/registry.ts'
import { assumedIntervalS } from '../../science/interval.ts'
import type { SaidInterval } from '../../store/promise/keep.ts'

export class ImportIntervals {
  readonly #givenS: number | undefined
  /** Of devices whose interval nobody said. */
  readonly #open: ReadonlySet<string>
  /** By device and quantity, their first distinct times. */
  readonly #times = new Map<string, Set<UnixMs>>()
  /** By device, from the first reading to the last. */
  readonly #reaches = new Map<string, { from: UnixMs; through: UnixMs }>()
  /** Of the first device that has none; null when all have one. */
  intervalS: number | null = null

  /** `givenS` is the mapping's. */
  constructor(entries: readonly DirectoryEntry[], givenS: number | undefined) {
    this.#givenS = givenS
    const open = entries.filter(
      ({ intervalS, intervalSource }) => intervalS === null || intervalSource === 'learnt'
    )
    this.#open = new Set(open.map(({ deviceId }) => deviceId))
    if (givenS !== undefined && this.#open.size > 0) this.intervalS = givenS
  }

  observe({ deviceId, quantity, measuredAt }: Reading): void {
    const reach = this.#reaches.get(deviceId)
    if (!reach) this.#reaches.set(deviceId, { from: measuredAt, through: measuredAt })
    else {
      if (measuredAt < reach.from) reach.from = measuredAt
      if (measuredAt > reach.through) reach.through = measuredAt
    }
    if (this.intervalS !== null || !this.#open.has(deviceId)) return
    if (definitionOf(quantity).subject === 'device') return
    const key = `${deviceId} ${quantity}`
    const times = this.#times.get(key) ?? new Set()
    this.#times.set(key, times.add(measuredAt))
    if (times.size < intervalLearnReadings) return
    this.intervalS = assumedIntervalS(gapsOf([...times])) ?? null
    times.clear()
  }

  /** What the mapping says of the time of its rows. */
  said(): { deviceId: string; said: SaidInterval }[] {
    const intervalS = this.#givenS
    if (intervalS === undefined) return []
    return [...this.#reaches].map(([deviceId, { from, through }]) => ({
      deviceId,
      said: { intervalS, from, until: (through + intervalS * secondMs) as UnixMs }
    }))
  }
}

function gapsOf(times: readonly UnixMs[]): number[] {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted.slice(1).map((time, i) => time - sorted[i]!)
}
