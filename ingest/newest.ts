/** The newest reading of each site and quantity, for those who watch live. Pure. */
import type { Quantity } from '../model/quantity.ts'
import type { LatestReading } from '../store/promise/read.ts'

/** Of what was added since the last `take`. Readings with flag 4 are left out, as in the store's `latest`. */
export class Newest {
  #sites = new Map<string, Map<Quantity, LatestReading>>()

  /** At equal times the later one stands. */
  add(readings: readonly LatestReading[]): void {
    for (const reading of readings) {
      if (reading.flag === 4) continue
      let quantities = this.#sites.get(reading.siteId)
      if (!quantities) this.#sites.set(reading.siteId, (quantities = new Map()))
      const known = quantities.get(reading.quantity)
      if (!known || known.measuredAt <= reading.measuredAt) quantities.set(reading.quantity, reading)
    }
  }

  take(): LatestReading[] {
    const newest: LatestReading[] = []
    for (const quantities of this.#sites.values()) {
      for (const { siteId, deviceId, quantity, measuredAt, value, flag, reasons } of quantities.values()) {
        newest.push({ siteId, deviceId, quantity, measuredAt, value, flag, reasons })
      }
    }
    this.#sites = new Map()
    return newest
  }
}

export function newestOf(readings: readonly LatestReading[]): LatestReading[] {
  const newest = new Newest()
  newest.add(readings)
  return newest.take()
}
