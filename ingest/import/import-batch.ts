/** Readings of an import on their way to the store: of two for one moment the later stands. */
import type { Quantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import type { UnixMs } from '../../model/time.ts'

export class ImportBatch {
  readonly readings: Reading[] = []
  /** Where each identity stands in it. A device is at one site at a time, so the site adds nothing. */
  readonly #places = new Map<string, Map<Quantity, Map<UnixMs, number>>>()

  /** The reading whose place it took, where there was one of the same moment. */
  put(reading: Reading): Reading | undefined {
    const times = this.#timesOf(reading)
    const place = times.get(reading.measuredAt)
    if (place !== undefined) {
      const before = this.readings[place]
      this.readings[place] = reading
      return before
    }
    times.set(reading.measuredAt, this.readings.length)
    this.readings.push(reading)
    return undefined
  }

  #timesOf({ deviceId, quantity }: Reading): Map<UnixMs, number> {
    let quantities = this.#places.get(deviceId)
    if (!quantities) this.#places.set(deviceId, (quantities = new Map()))
    let times = quantities.get(quantity)
    if (!times) quantities.set(quantity, (times = new Map()))
    return times
  }
}
