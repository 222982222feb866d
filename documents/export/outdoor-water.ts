/** Water in the outdoor air of streets hour by hour, beside which that of rooms stands: the middle of each street's sites. */
import type { TimeRange } from '../../model/columns.ts'
import { derivedValue } from '../../science/derived.ts'
import { median } from '../../science/street.ts'
import type { ReadingExporter } from '../../store/promise/export.ts'
import { opened, type ExportPlaces, type OutdoorGm3 } from './source.ts'
import { coveredMeans, coverageOf } from './windows-table.ts'

interface Request extends TimeRange {
  /** By street. */
  outdoor: Readonly<Record<string, readonly string[]>>
  places: ExportPlaces
  coverageMin: number
}

export async function outdoorWater(store: ReadingExporter, request: Request): Promise<OutdoorGm3> {
  const { outdoor, places, from, until, coverageMin } = request
  const siteIds = Object.values(outdoor).flat()
  const query = {
    siteIds,
    quantities: ['temperature', 'humidity'] as const,
    window: 'hour' as const,
    from,
    until
  }
  const { head, rows } = await opened(store.exportWindows(query), (part) => part.kind === 'windows')
  const airs = new Map<string, { temperatureC: number | null; humidity: number | null }>()
  const bySiteAndTime = (siteId: string, time: number): string => `${siteId} ${time}`
  for await (const part of rows) {
    const mean = coveredMeans(part.mean, coverageOf(part), coverageMin)
    for (let i = 0; i < mean.length; i++) {
      const { siteId, quantity } = head.series[part.series[i]!]!
      const key = bySiteAndTime(siteId, part.time[i]!)
      const air = airs.get(key) ?? { temperatureC: null, humidity: null }
      air[quantity === 'temperature' ? 'temperatureC' : 'humidity'] = Number.isNaN(mean[i]!) ? null : mean[i]!
      airs.set(key, air)
    }
  }
  return (siteId, time) => {
    const around = outdoor[places[siteId]?.street ?? ''] ?? []
    // An outdoor site stands beside the others, as in its series.
    const water = around.flatMap((id) => {
      if (id === siteId) return []
      const air = airs.get(bySiteAndTime(id, time))
      return (air && derivedValue('absolute_humidity', { ...air, outdoorGm3: null })) ?? []
    })
    return median(water)
  }
}
