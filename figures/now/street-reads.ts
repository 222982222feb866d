/**
 * What the figures of streets need from the store, asked for together: a list of seventy streets is two questions and
 * not 1,750. Streets asked for in one turn of the event loop share them.
 */
import type { TimeRange } from '../../model/columns.ts'
import { quantities, quantityNames, type Quantity } from '../../model/quantity.ts'
import type { LatestReading, ReadingReader, SiteMeans } from '../../store/promise/read.ts'

export interface StreetRead {
  newest: LatestReading[]
  hours: SiteMeans[]
}

export type ReadStreetSites = (siteIds: readonly string[], range: TimeRange) => Promise<StreetRead>

/** How a box is doing is no figure of its street. */
export function isStreetQuantity(quantity: Quantity): boolean {
  return quantities[quantity].subject !== 'device'
}

export const streetQuantities = quantityNames.filter(isStreetQuantity)

interface Asked extends TimeRange {
  siteIds: readonly string[]
}

export function gatherReads(readings: Pick<ReadingReader, 'latest' | 'means'>): ReadStreetSites {
  let asked: Asked[] = []
  let answer: Promise<BySite> | undefined

  const ask = async (): Promise<BySite> => {
    await new Promise((resolve) => setImmediate(resolve))
    const together = asked
    asked = []
    answer = undefined
    return readTogether(readings, together)
  }

  return async (siteIds, range) => {
    if (siteIds.length === 0) return { newest: [], hours: [] }
    asked.push({ siteIds, ...range })
    const bySite = await (answer ??= ask())
    const own = siteIds.map((siteId) => bySite(siteId))
    return { newest: own.flatMap(({ newest }) => newest), hours: own.flatMap(({ hours }) => hours) }
  }
}

type BySite = (siteId: string) => StreetRead

/** Hours of the widest period asked for: who needs less passes over the rest. */
async function readTogether(
  readings: Pick<ReadingReader, 'latest' | 'means'>,
  asked: readonly Asked[]
): Promise<BySite> {
  const siteIds = [...new Set(asked.flatMap((one) => one.siteIds))]
  const from = asked.reduce((a, b) => (b.from < a.from ? b : a)).from
  const until = asked.reduce((a, b) => (b.until > a.until ? b : a)).until
  const [newest, hours] = await Promise.all([
    readings.latest(siteIds),
    readings.means({ siteIds, quantities: streetQuantities, window: 'hour', from, until })
  ])
  const newestOf = Map.groupBy(newest, (one) => one.siteId)
  const hoursOf = Map.groupBy(hours, (one) => one.siteId)
  return (siteId) => ({ newest: newestOf.get(siteId) ?? [], hours: hoursOf.get(siteId) ?? [] })
}
