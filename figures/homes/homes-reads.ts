/** What the rule about homes is handed: the indoor sites of a street with the means of their days and hours. */
import type { TimeRange, Window } from '../../model/columns.ts'
import type { Site } from '../../model/place.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { HomeSite, MeanColumns } from '../../model/visibility.ts'
import type { ReadingReader } from '../../store/promise/read.ts'

/** Of each quantity the sites with their means. */
export type HomesMeans = (quantity: Quantity) => HomeSite[]

export async function readHomes(
  readings: Pick<ReadingReader, 'means'>,
  sites: readonly Site[],
  query: TimeRange & { quantities: readonly Quantity[]; windows: readonly Window[] }
): Promise<HomesMeans> {
  const { windows, ...asked } = query
  const siteIds = sites.map(({ siteId }) => siteId)
  const read = async (window: Window): Promise<Map<string, MeanColumns>> => {
    const means = windows.includes(window) ? await readings.means({ siteIds, window, ...asked }) : []
    return new Map(means.map((columns) => [`${columns.siteId} ${columns.quantity}`, columns]))
  }
  const days = await read('day')
  const hours = await read('hour')
  return (quantity) =>
    sites.map((site) => {
      const key = `${site.siteId} ${quantity}`
      return { ...site, days: days.get(key) ?? noMeans, hours: hours.get(key) ?? noMeans }
    })
}

const noMeans: MeanColumns = { time: [], mean: [], coverage: [] }
