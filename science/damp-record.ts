/** What a log of a room shows of damp: hours and spells at risk at a surface, averages against criteria, whether to air now. */
import type { About } from './about.ts'
import { absoluteHumidity, dewPoint } from './damp.ts'
import { mouldIndex, type MouldClass } from './mould.ts'
import { median } from './street.ts'
import { estimatedSurface, surfaceHumidity, surfaceHumidityRisk, temperatureFactor } from './surface.ts'
import { coverageMin } from '../model/limits.ts'
import { dayMs, hourMs, type UnixMs } from '../model/time.ts'
import { isKnown, known } from '../model/known.ts'

/**
 * Moving-average criteria of Approved Document F (England, 2010): air at most 85 % over a day, 75 % over a week, 65 % over
 * a month; a surface 0.95, 0.85 and 0.75 as water activity. From the abstract of a UCL thesis (Altamirano-Medina 2012),
 * whose order is printed reversed: not checked in the document, to be checked before it is quoted.
 */
export const movingAverageCriteria = {
  day: { hours: 24, air: 85, surface: 95 },
  week: { hours: 168, air: 75, surface: 85 },
  month: { hours: 720, air: 65, surface: 75 }
} as const

export const airingDifferenceGm3 = 1

function listed(part: 'hours' | 'air' | 'surface'): string {
  const { day, week, month } = movingAverageCriteria
  return `${day[part]}, ${week[part]} and ${month[part]}`
}

/** What the page of methods says of these. */
export const about = {
  movingMeans: {
    title: 'Moving means of humidity',
    formula: `highest mean of ${listed('hours')} hours; air at most ${listed('air')} %, a surface ${listed('surface')} %`,
    range: 'windows of which 75 % of the hours were measured',
    source: 'Approved Document F (England, 2010), from a secondary source: to be checked before it is quoted',
    version: 1
  },
  airing: {
    title: 'Whether to air now',
    formula: `AH_{i} − AH_{e}: ${airingDifferenceGm3} g/m³ or more, and airing dries the room`,
    range: 'inside and outside of the same moment; by absolute humidity, never by relative',
    source: 'a convention of this project; sensors of ±3 % are ±0.6 g/m³ each',
    version: 1
  }
} as const satisfies Record<string, About>

export interface Air {
  temperatureC: number
  humidity: number
}

/** One hour of a room; null where the hour was not measured well enough. */
export interface RoomHour {
  time: UnixMs
  inside: Air | null
  /** Outdoor air of the same hour; only its temperature is needed for an estimated surface. */
  outsideC: number | null
  /** Measured at the coldest corner; null where it is to be estimated. */
  surfaceC: number | null
}

export interface SurfaceHour {
  time: UnixMs
  surfaceC: number
  /** %, not capped. */
  humidity: number
  estimated: boolean
}

/**
 * Each hour's surface, measured or estimated by T_si = T_e + fRsi·(T_i − T_e), with its relative humidity; null where
 * something is missing. `factor` is measured in the home or assumed (0.75 is what BRE IP 1/06 asks of a dwelling, and a
 * corner without insulation may have 0.5): an estimate says so wherever it is shown.
 */
export function surfaceHours(hours: readonly RoomHour[], factor: number | null): (SurfaceHour | null)[] {
  return hours.map(({ time, inside, outsideC, surfaceC }) => {
    if (inside === null || !isKnown(inside.temperatureC) || !isKnown(inside.humidity)) return null
    const estimated = !isKnown(surfaceC)
    if (estimated && (!isKnown(outsideC) || !isKnown(factor))) return null
    const at = estimated ? estimatedSurface(factor!, inside.temperatureC, outsideC!) : surfaceC
    return {
      time,
      surfaceC: at,
      humidity: surfaceHumidity(inside.temperatureC, inside.humidity, at),
      estimated
    }
  })
}

export interface RiskRecord {
  /** Hours that were measured, and all there should have been. */
  hours: number
  expected: number
  coverage: number
  /** Hours at or above 80 %, and those of condensation (100 % and more). */
  hoursAtRisk: number
  hoursCondensing: number
  /** Longest unbroken run of hours at risk; a missing hour ends it, so the true spell may be longer. */
  longestSpellHours: number
  longestSpellFrom: UnixMs | null
}

/** Hours and longest spell at or above 80 % at the surface. Risk of mould, never its presence. */
export function surfaceRisk(surface: readonly (SurfaceHour | null)[]): RiskRecord {
  const measured = surface.flatMap((hour) => (hour && isKnown(hour.humidity) ? [hour] : []))
  let [run, longest, longestFrom]: [number, number, UnixMs | null] = [0, 0, null]
  let previous: UnixMs | null = null
  for (const hour of surface) {
    if (hour === null || !isKnown(hour.humidity) || hour.humidity < surfaceHumidityRisk) {
      run = 0
      continue
    }
    run = run > 0 && previous !== null && hour.time - previous === hourMs ? run + 1 : 1
    previous = hour.time
    if (run > longest) [longest, longestFrom] = [run, (hour.time - (run - 1) * hourMs) as UnixMs]
  }
  return {
    hours: measured.length,
    expected: surface.length,
    coverage: surface.length === 0 ? 0 : measured.length / surface.length,
    hoursAtRisk: measured.filter(({ humidity }) => humidity >= surfaceHumidityRisk).length,
    hoursCondensing: measured.filter(({ humidity }) => humidity >= 100).length,
    longestSpellHours: longest,
    longestSpellFrom: longestFrom
  }
}

/** The mould index at the end, as a range over materials: no log knows what the wall is made of. */
export function mouldRange(
  surface: readonly (SurfaceHour | null)[]
): { lowest: number; highest: number } | null {
  if (surface.length === 0 || surfaceRisk(surface).coverage < coverageMin) return null
  const classes: readonly MouldClass[] = ['resistant', 'mediumResistant', 'sensitive', 'verySensitive']
  const ends = classes.map((mouldClass) => mouldIndex(surface, { mouldClass }).at(-1)!)
  return { lowest: Math.min(...ends), highest: Math.max(...ends) }
}

export interface FactorHour {
  time: UnixMs
  surfaceC: number
  insideC: number
  outsideC: number
  /** Hour of the local clock. */
  hour: number
}

/** Conditions of a temperature factor measured at home (a convention of this project). */
export const factorConditions = {
  nightFromHour: 0,
  nightUntilHour: 6,
  differenceKMin: 10,
  nightsMin: 3
} as const

/**
 * fRsi of a corner: the median of nights' medians, of the hours 0 to 6 (no sun, and heating mostly off) with at least
 * 10 K between inside and outside, of three nights or more; else why not. Below 0.75 UK dwellings are prone to mould
 * (BRE IP 1/06). A radiator or a draught at the sensor makes it wrong, and nothing here can see that.
 */
export function measuredFactor(
  hours: readonly FactorHour[]
): { ok: true; factor: number; nights: number } | { ok: false; why: string } {
  const { nightFromHour, nightUntilHour, differenceKMin, nightsMin } = factorConditions
  const nights = new Map<number, number[]>()
  for (const { time, surfaceC, insideC, outsideC, hour } of hours) {
    if (hour < nightFromHour || hour >= nightUntilHour) continue
    const factor = temperatureFactor(surfaceC, insideC, outsideC, differenceKMin)
    if (factor === null) continue
    const night = Math.floor((time - hour * hourMs + 12 * hourMs) / dayMs)
    nights.set(night, [...(nights.get(night) ?? []), factor])
  }
  if (nights.size < nightsMin) {
    const why = `It takes ${nightsMin} nights with ${differenceKMin} °C between inside and outside; there ${nights.size === 1 ? 'is' : 'are'} ${nights.size}.`
    return { ok: false, why }
  }
  return {
    ok: true,
    factor: median([...nights.values()].map((factors) => median(factors)!))!,
    nights: nights.size
  }
}

export type MovingAverage = keyof typeof movingAverageCriteria

export interface CriterionResult {
  period: MovingAverage
  /** The highest moving mean, %; null where no window was covered. */
  highest: number | null
  limit: number
  /** null where nothing can be said. */
  met: boolean | null
}

/** Highest moving mean of hourly humidity (%, of the air or the surface) over each period with 75 % of its hours. */
export function movingAverages(hourly: readonly (number | null)[], of: 'air' | 'surface'): CriterionResult[] {
  return (['day', 'week', 'month'] as const).map((period) => {
    const { hours, [of]: limit } = movingAverageCriteria[period]
    const highest = highestMovingMean(hourly, hours)
    return { period, highest, limit, met: meets(highest, limit) }
  })
}

export function meets(highest: number | null | undefined, limit: number): boolean | null {
  return isKnown(highest) ? highest <= limit + 1e-9 : null
}

function highestMovingMean(hourly: readonly (number | null)[], length: number): number | null {
  let [sum, count]: [number, number] = [0, 0]
  let highest: number | null = null
  for (const [i, value] of hourly.entries()) {
    if (isKnown(value)) [sum, count] = [sum + value, count + 1]
    const leaving = i >= length ? known(hourly[i - length]) : null
    if (leaving !== null) [sum, count] = [sum - leaving, count - 1]
    if (i + 1 < length || count < length * coverageMin) continue
    highest = Math.max(highest ?? -Infinity, sum / count)
  }
  return highest
}

export interface Airing {
  advice: 'air' | 'wait' | 'noDifference'
  /** Water that a cubic metre of room air would lose, g/m³. */
  differenceGm3: number
  insideDewPointC: number | null
  sentence: string
}

/** Sensors of ±3 % are ±0.6 g/m³ each at 20 °C, so a smaller difference is none. */

/**
 * Would airing dry the room now? By absolute humidity inside and outside, g/m³, and never by relative: cold air of 95 %
 * holds less water than a room of 50 %. It tells of water alone, not of smoke, pollen or cold.
 */
export function airingAdvice(inside: Air, outside: Air): Airing {
  if (![inside, outside].every((air) => isKnown(air.temperatureC) && isKnown(air.humidity))) {
    throw new RangeError('Of air that was not measured nothing can be advised.')
  }
  const differenceGm3 =
    absoluteHumidity(inside.temperatureC, inside.humidity) -
    absoluteHumidity(outside.temperatureC, outside.humidity)
  const insideDewPointC = dewPoint(inside.temperatureC, inside.humidity)
  const grams = Math.abs(differenceGm3).toFixed(1)
  if (differenceGm3 >= airingDifferenceGm3) {
    const sentence = `Airing now dries the room: outside air holds ${grams} g/m³ less water.`
    return { advice: 'air', differenceGm3, insideDewPointC, sentence }
  }
  if (differenceGm3 <= -airingDifferenceGm3) {
    const sentence = `Airing now would bring water in: outside air holds ${grams} g/m³ more.`
    return { advice: 'wait', differenceGm3, insideDewPointC, sentence }
  }
  return {
    advice: 'noDifference',
    differenceGm3,
    insideDewPointC,
    sentence: 'Outside air holds about as much water as the room: airing would not dry it now.'
  }
}
