/** Dew point, water in the air, and how much more of it than outdoors: hours and days of one site. */
import type { SiteRollupSeries } from '../../contract/series.ts'
import type { TimeRange, Window } from '../../model/columns.ts'
import { figureDecimals, finiteToDecimals } from '../../model/decimals.ts'
import { derived, type DerivedName } from '../../model/derived.ts'
import { dayValidHoursMin } from '../../model/limits.ts'
import { clockHours, type UnixMs } from '../../model/time.ts'
import { derivedValue } from '../../science/derived.ts'
import { median } from '../../science/street.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import { chartWindow, windowStarts } from '../grid.ts'
import { leftOutOf } from '../left-out.ts'
import { publicSitesOf, type Places } from '../places.ts'
import { FiguresRefusal } from '../refusal.ts'
import { validHours, type Hours } from './hours.ts'

export interface DerivedSeriesDeps {
  readings: Pick<ReadingReader, 'means' | 'failures'>
  places: Pick<Places, 'site' | 'sites'>
  timezone: string
}

/** The caller has seen to it that its audience may see the site. */
export interface DerivedSeriesQuery {
  siteId: string
  quantity: DerivedName
  range: TimeRange
  window: 'auto' | 'raw' | Window
}

const sources = ['temperature', 'humidity'] as const

export async function derivedSeries(
  deps: DerivedSeriesDeps,
  { siteId, quantity, range, window: asked }: DerivedSeriesQuery
): Promise<SiteRollupSeries> {
  if (asked === 'raw')
    throw new FiguresRefusal('parameterBad', `is raw; there are hours and days of ${quantity}.`, 'window')
  const window = asked === 'auto' ? chartWindow(range) : asked
  const time = windowStarts(range, window, deps.timezone)
  const from = time[0] ?? range.from
  const values = await hourly(deps, siteId, quantity, { from, until: range.until })
  const windows = time.map((start, i) =>
    within(values, window, start, time[i + 1] ?? range.until, deps.timezone)
  )
  const all = (of: (hours: number[]) => number | null): (number | null)[] =>
    windows.map(({ hours, isEnough }) => (isEnough ? finiteToDecimals(of(hours), figureDecimals) : null))
  const none = time.map(() => null)
  return {
    quantity,
    unit: derived[quantity].unit,
    window,
    time,
    mean: all((hours) => hours.reduce((sum, value) => sum + value, 0) / hours.length),
    min: all((hours) => Math.min(...hours)),
    max: all((hours) => Math.max(...hours)),
    p10: none,
    p50: none,
    p90: none,
    count: windows.map(({ hours }) => hours.length),
    coverage: windows.map(({ hours, expected }) => finiteToDecimals(hours.length / expected, figureDecimals)),
    leftOut: await leftOutOf(deps.readings, [siteId], sources, { from, until: range.until })
  }
}

/** From hours of which both were measured well enough. */
async function hourly(
  { readings, places }: DerivedSeriesDeps,
  siteId: string,
  quantity: DerivedName,
  range: TimeRange
): Promise<Hours> {
  const streetId = places.site(siteId)?.streetId
  const around = quantity === 'vapour_excess' && streetId !== undefined ? publicSitesOf(places, streetId) : []
  const outside = around.map((site) => site.siteId).filter((id) => id !== siteId)
  const means = await readings.means({
    siteIds: [siteId, ...outside],
    quantities: sources,
    window: 'hour',
    ...range
  })
  const of = (id: string, source: (typeof sources)[number]): Hours =>
    validHours(means.find((one) => one.siteId === id && one.quantity === source))
  const airOf = (id: string) => ({ temperature: of(id, 'temperature'), humidity: of(id, 'humidity') })
  const [inside, outdoors] = [airOf(siteId), outside.map(airOf)]
  const found = new Map<UnixMs, number>()
  for (const [time, temperatureC] of inside.temperature) {
    const water = outdoors.flatMap(({ temperature, humidity }) => {
      const air = { temperatureC: temperature.get(time) ?? null, humidity: humidity.get(time) ?? null }
      return derivedValue('absolute_humidity', { ...air, outdoorGm3: null }) ?? []
    })
    const humidity = inside.humidity.get(time) ?? null
    const value = derivedValue(quantity, { temperatureC, humidity, outdoorGm3: median(water) })
    if (value !== null) found.set(time, value)
  }
  return found
}

function within(values: Hours, window: Window, from: UnixMs, until: UnixMs, timezone: string) {
  const starts = window === 'hour' ? [from] : clockHours(timezone).hourStarts(from, until)
  const hours = starts.flatMap((start) => values.get(start) ?? [])
  return {
    hours,
    expected: starts.length,
    isEnough: hours.length >= (window === 'hour' ? 1 : dayValidHoursMin)
  }
}
