/** How often the devices of an import measure: as the mapping says, or learnt from the rows. */
import type { Reading } from '../../model/reading.ts'
import type { DirectoryEntry } from '../../registry/registry.ts'
import { IntervalLearner } from '../interval.ts'

export class ImportIntervals {
  readonly #learner = new IntervalLearner()
  readonly #known = new Set<string>()
  readonly #tell: (deviceId: string, intervalS: number) => void
  /** Of the first device that had none; null when all had one. */
  intervalS: number | null = null

  /** `givenS` is the mapping's; devices that have no interval are told it at once. */
  constructor(
    entries: readonly DirectoryEntry[],
    givenS: number | undefined,
    tell: (deviceId: string, intervalS: number) => void
  ) {
    this.#tell = tell
    for (const { deviceId, intervalS } of entries) {
      if (intervalS !== null) this.#known.add(deviceId)
      else if (givenS !== undefined) this.#settle(deviceId, givenS)
    }
  }

  observe({ deviceId, quantity, measuredAt }: Reading): void {
    if (this.#known.has(deviceId)) return
    const intervalS = this.#learner.observe(deviceId, quantity, measuredAt)
    if (intervalS !== undefined) this.#settle(deviceId, intervalS)
  }

  #settle(deviceId: string, intervalS: number): void {
    this.#known.add(deviceId)
    this.intervalS ??= intervalS
    this.#tell(deviceId, intervalS)
  }
}

/** Coverage is counted against the device's interval: one that the file does not keep makes it look wrong. */
export function intervalNotes(entries: readonly DirectoryEntry[], givenS: number | undefined): string[] {
  return entries
    .filter(({ intervalS }) => givenS !== undefined && intervalS !== null && intervalS !== givenS)
    .map(
      ({ deviceId, intervalS }) =>
        `${deviceId} is expected every ${intervalS} s and this file has a row every ${givenS} s, so its coverage will look wrong. Give the file a sensor of its own.`
    )
}
