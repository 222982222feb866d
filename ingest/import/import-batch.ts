/** Readings of an import on their way to the store: of two for one moment the later stands. */
import type { Quantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import type { UnixMs } from '../../model/time.ts'

/** Where the readings of one device and quantity stand in the batch. */
interface Series {
  newest: UnixMs
  indexes: number[]
  /** By time; made when the first reading comes that is not later than all before, which in most files never does. */
  byTime: Map<UnixMs, number> | undefined
}

export class ImportBatch {
  readonly readings: Reading[] = []
  /** A device is at one site at a time, so the site adds nothing. */
  readonly #series = new Map<string, Map<Quantity, Series>>()

  /** The reading whose place it took, where there was one of the same moment. */
  put(reading: Reading): Reading | undefined {
    const series = this.#seriesOf(reading)
    const { measuredAt } = reading
    if (measuredAt > series.newest) series.newest = measuredAt
    else {
      series.byTime ??= new Map(series.indexes.map((index) => [this.readings[index]!.measuredAt, index]))
      const index = series.byTime.get(measuredAt)
      if (index !== undefined) {
        const before = this.readings[index]
        this.readings[index] = reading
        return before
      }
    }
    series.byTime?.set(measuredAt, this.readings.length)
    series.indexes.push(this.readings.length)
    this.readings.push(reading)
    return undefined
  }

  #seriesOf({ deviceId, quantity }: Reading): Series {
    let quantities = this.#series.get(deviceId)
    if (!quantities) this.#series.set(deviceId, (quantities = new Map()))
    let series = quantities.get(quantity)
    if (!series)
      quantities.set(quantity, (series = { newest: -Infinity as UnixMs, indexes: [], byTime: undefined }))
    return series
  }
}
