/** The figures of damp in one room: dew point, hours and spells at risk at a surface, the mould index as a range. */
import type { TimeRange } from '../../model/columns.ts'
import { coverageMin } from '../../model/limits.ts'
import { clockHours, toIso, type UnixMs } from '../../model/time.ts'
import { absoluteHumidity, dewPoint } from '../../science/damp.ts'
import {
  airingAdvice,
  mouldRange,
  movingAverages,
  surfaceHours,
  surfaceRisk,
  type Air,
  type RoomHour,
  type SurfaceHour
} from '../../science/damp-record.ts'
import { mouldIndex } from '../../science/mould.ts'
import { median } from '../../science/street.ts'
import { temperatureFactorMin } from '../../science/surface.ts'
import { leftOutOf } from '../left-out.ts'
import { FiguresRefusal } from '../refusal.ts'
import { reachOf, refuseLong } from './reach.ts'
import { rounded } from '../unit.ts'
import { requireSite, streetSiteIds } from './site-or-street.ts'
import type { PeriodDeps } from './deps.ts'
import type { RoomDamp } from '../../contract/damp.ts'
import { validHours, type Hours } from './hours.ts'
import { counted } from '../../model/counted.ts'

export interface DampQuery {
  site: string
  /** Sites of the outdoor air; the street's outdoor sites unless given. */
  outside: readonly string[] | undefined
  /** Temperature factor of the coldest corner, 0 to 1. */
  factor: number
  /** Its host measured it; else it is assumed. */
  isFactorMeasured?: boolean
  from: UnixMs | undefined
  until: UnixMs | undefined
  timezone: string
}

/** What BRE IP 1/06 asks of a dwelling: a corner without insulation may have 0.5. */
export const factorAssumed = temperatureFactorMin

export async function roomDamp(deps: PeriodDeps, query: DampQuery): Promise<RoomDamp> {
  return (await roomDampByHours(deps, query)).figures
}

/** …and the hours that the figures are made of, for a chart. */
export async function roomDampByHours(
  deps: PeriodDeps,
  query: DampQuery
): Promise<{ figures: RoomDamp; room: Room; surface: (SurfaceHour | null)[] }> {
  const { site, factor, timezone } = query
  const { streetId } = requireSite(deps, site)
  if (!(factor > 0 && factor <= 1)) {
    throw new FiguresRefusal(
      'parameterBad',
      'must be a share from 0 to 1, such as 0.75 for a corner of a dwelling.',
      'factor'
    )
  }
  const reach = await reachOf(deps, [site], 'humidity', timezone)
  const from = query.from ?? reach?.from
  const until = query.until ?? reach?.until
  const range =
    from !== undefined && until !== undefined && from < until ? refuseLong({ from, until }) : undefined
  const outside = query.outside?.map((id) => requireSite(deps, id).siteId) ?? streetSiteIds(deps, streetId)
  const room = await roomOf(deps, site, outside, range)
  const surface = surfaceHours(room.hours, factor)
  const leftOut = await leftOutOf(deps.readings, [site], roomQuantities, range)
  return { figures: { ...figuresOf(query, room, surface, range), leftOut }, room, surface }
}

const roomQuantities = ['temperature', 'humidity', 'surface_temperature'] as const

export interface Room {
  hours: RoomHour[]
  outsideAir: (Air | null)[]
  outside: string[]
}

async function roomOf(
  { readings, timezone }: PeriodDeps,
  site: string,
  outside: readonly string[],
  range: TimeRange | undefined
): Promise<Room> {
  if (!range) return { hours: [], outsideAir: [], outside: [] }
  const times = clockHours(timezone).hourStarts(range.from, range.until)
  const means = await readings.means({
    siteIds: [...new Set([site, ...outside])],
    quantities: roomQuantities,
    window: 'hour',
    from: times[0]!,
    until: range.until
  })
  const of = (siteId: string, quantity: string): Hours =>
    validHours(means.find((one) => one.siteId === siteId && one.quantity === quantity))
  const [temperature, humidity, wall] = [
    of(site, 'temperature'),
    of(site, 'humidity'),
    of(site, 'surface_temperature')
  ]
  const measuring = outside.filter((siteId) => of(siteId, 'temperature').size > 0)
  const outsideC = measuring.map((siteId) => of(siteId, 'temperature'))
  const outsideHumidity = measuring.map((siteId) => of(siteId, 'humidity'))
  const hours = times.map((time): RoomHour => {
    const [temperatureC, percent] = [temperature.get(time), humidity.get(time)]
    const inside =
      temperatureC === undefined || percent === undefined ? null : { temperatureC, humidity: percent }
    return { time, inside, outsideC: middleAt(outsideC, time), surfaceC: wall.get(time) ?? null }
  })
  const outsideAir = times.map((time): Air | null => {
    const [temperatureC, percent] = [middleAt(outsideC, time), middleAt(outsideHumidity, time)]
    return temperatureC === null || percent === null ? null : { temperatureC, humidity: percent }
  })
  return { hours, outsideAir, outside: measuring }
}

function middleAt(sites: readonly Hours[], time: UnixMs): number | null {
  return median(sites.flatMap((hours) => hours.get(time) ?? []))
}

function figuresOf(
  { site, factor, isFactorMeasured = false, timezone }: DampQuery,
  room: Room,
  surface: readonly (SurfaceHour | null)[],
  range: TimeRange | undefined
): Omit<RoomDamp, 'leftOut'> {
  const measured = room.hours.flatMap(({ inside }) => inside ?? [])
  const expected = room.hours.length
  const coverage = expected > 0 ? measured.length / expected : 0
  const enough = coverage >= coverageMin
  const spread = (of: (air: Air) => number | null) => spreadOf(enough ? measured.map(of) : [])
  return {
    site,
    timezone,
    from: range ? toIso(range.from) : null,
    until: range ? toIso(range.until) : null,
    hours: measured.length,
    expected,
    coverage: rounded(coverage) ?? 0,
    temperatureC: spread((air) => air.temperatureC),
    humidity: spread((air) => air.humidity),
    dewPointC: spread((air) => dewPoint(air.temperatureC, air.humidity)),
    absoluteHumidityGm3: spread((air) => absoluteHumidity(air.temperatureC, air.humidity)),
    excessGm3: excessOf(room),
    surface: surfaceFigures(surface, factor, room.outside),
    mouldIndex: mouldOf(surface),
    criteria: {
      air: movingAverages(
        room.hours.map(({ inside }) => inside?.humidity ?? null),
        'air'
      ),
      surface: movingAverages(
        surface.map((hour) => (hour ? Math.min(100, hour.humidity) : null)),
        'surface'
      )
    },
    airing: airingOf(room),
    notes: notesOf(surface, factor, isFactorMeasured),
    indicative: true,
    reason: enough
      ? null
      : `${measured.length} of ${counted(expected, 'hour')} with temperature and humidity; 75 % are needed for figures of the period.`
  }
}

function spreadOf(values: readonly (number | null)[]): RoomDamp['temperatureC'] {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return { mean: null, min: null, max: null }
  return {
    mean: rounded(known.reduce((sum, value) => sum + value, 0) / known.length),
    min: rounded(known.reduce((a, b) => Math.min(a, b))),
    max: rounded(known.reduce((a, b) => Math.max(a, b)))
  }
}

/** Of hours in which both were measured; with fewer than three quarters of them there is none. */
function excessOf({ hours, outsideAir }: Room): RoomDamp['excessGm3'] {
  const grams = (air: Air): number => absoluteHumidity(air.temperatureC, air.humidity)
  const both = hours.flatMap(({ inside }, i) => {
    const outside = outsideAir[i] ?? null
    return inside && outside ? [{ gm3: grams(inside) - grams(outside), outsideC: outside.temperatureC }] : []
  })
  if (hours.length === 0 || both.length < hours.length * coverageMin) return { mean: null, outsideC: null }
  const mean = (of: (one: (typeof both)[number]) => number): number | null =>
    rounded(both.reduce((sum, one) => sum + of(one), 0) / both.length)
  return { mean: mean(({ gm3 }) => gm3), outsideC: mean(({ outsideC }) => outsideC) }
}

function surfaceFigures(
  surface: readonly (SurfaceHour | null)[],
  factor: number,
  outside: string[]
): RoomDamp['surface'] {
  const known = surface.filter((hour) => hour !== null)
  const risk = surfaceRisk(surface)
  const estimated = known.some((hour) => hour.estimated)
  const has = known.length > 0
  return {
    basis: !has ? 'none' : estimated ? 'estimated' : 'measured',
    factor: has && estimated ? factor : null,
    outside: has && estimated ? outside : [],
    hours: risk.hours,
    coverage: rounded(risk.coverage) ?? 0,
    lowestC: has ? rounded(known.reduce((low, hour) => Math.min(low, hour.surfaceC), Infinity)) : null,
    hoursAtRisk: has ? risk.hoursAtRisk : null,
    hoursCondensing: has ? risk.hoursCondensing : null,
    longestSpellHours: has ? risk.longestSpellHours : null,
    longestSpellFrom: risk.longestSpellFrom === null ? null : toIso(risk.longestSpellFrom)
  }
}

function mouldOf(surface: readonly (SurfaceHour | null)[]): RoomDamp['mouldIndex'] {
  const range = mouldRange(surface)
  if (!range) return null
  // What grew in a wet January may have gone back by May: the worst material's highest day is told as well.
  const indices = mouldIndex(surface, { mouldClass: 'verySensitive' })
  const peak = indices.reduce((a, b) => Math.max(a, b), 0)
  return {
    lowest: rounded(range.lowest) ?? 0,
    highest: rounded(range.highest) ?? 0,
    peak: rounded(peak) ?? 0
  }
}

/** Of the newest hour with both airs. */
function airingOf({ hours, outsideAir }: Room): string | null {
  const last = hours.findLastIndex(({ inside }, i) => inside !== null && (outsideAir[i] ?? null) !== null)
  const [inside, outside] = [hours[last]?.inside, outsideAir[last]]
  return inside && outside ? `${toIso(hours[last]!.time)}: ${airingAdvice(inside, outside).sentence}` : null
}

function notesOf(
  surface: readonly (SurfaceHour | null)[],
  factor: number,
  isFactorMeasured: boolean
): string[] {
  const notes = [
    'A log is supporting evidence of conditions. It does not show mould, or whose fault it is.',
    'The moving-average criteria come from a secondary source; check Approved Document F before quoting them.'
  ]
  if (surface.every((hour) => hour === null)) {
    return [
      ...notes,
      'There is no surface temperature and no outdoor temperature, so nothing can be said about the coldest corner: name an outdoor site with --outside.'
    ]
  }
  if (surface.some((hour) => hour?.estimated)) {
    return [
      ...notes,
      isFactorMeasured
        ? `The corner is estimated with a temperature factor of ${factor}, which its host measured with a thermometer.`
        : `The corner is estimated with a temperature factor of ${factor}, which was not measured here; without insulation it may be 0.5.`
    ]
  }
  return notes
}
