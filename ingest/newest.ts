/** The newest reading of each site and quantity of a batch, for those who watch live. Pure. */
import type { Quantity } from '../model/quantity.ts'
import type { Reading } from '../model/reading.ts'
import type { LatestReading } from '../store/store.ts'

/** Readings with flag 4 are left out, as in the store's `latest`; at equal times the later in the batch stands. */
export function newestOf(readings: readonly Reading[]): LatestReading[] {
  const sites = new Map<string, Map<Quantity, Reading>>()
  for (const reading of readings) {
    if (reading.flag === 4) continue
    let quantities = sites.get(reading.siteId)
    if (!quantities) sites.set(reading.siteId, (quantities = new Map()))
    const known = quantities.get(reading.quantity)
    if (!known || known.measuredAt <= reading.measuredAt) quantities.set(reading.quantity, reading)
  }
  const newest: LatestReading[] = []
  for (const quantities of sites.values()) {
    for (const { siteId, deviceId, quantity, measuredAt, value, flag, reasons } of quantities.values()) {
      newest.push({ siteId, deviceId, quantity, measuredAt, value, flag, reasons })
    }
  }
  return newest
}
