/**
 * A street's newest figures from its outdoor sites, pure: the middle of three or more sites where there is coverage,
 * otherwise the newest reading of one sensor, which never has a level (design: a street's value).
 */
import type { TimeRange } from '../../model/columns.ts'
import { figureDecimals, finiteToDecimals } from '../../model/decimals.ts'
import { coverageMin, dayValidHoursMin, streetSitesMin } from '../../model/limits.ts'
import { correctedOf, definitionOf, isCorrectable, rawOf, type Quantity } from '../../model/quantity.ts'
import { clockHours, hourMs, toIso, type ClockHours, type UnixMs } from '../../model/time.ts'
import type { MeanColumns } from '../../model/visibility.ts'
import { daqiAveragingHours, daqiMissing, daqiPollutants } from '../../science/air.ts'
import { levelFor } from '../../science/level.ts'
import { energyMean, lastNight } from '../../science/noise.ts'
import { median } from '../../science/street.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import type { StreetLatest } from '../../contract/street.ts'

/** Hours of one quantity, by site. */
export type HoursBySite = ReadonlyMap<string, MeanColumns>

export type Figures = Partial<Record<Quantity, StreetLatest>>

export interface Moment {
  now: UnixMs
  timezone: string
}

/** Particles are judged by a 24 h mean (Defra's DAQI), so that is what stands on the page. */
const particles: readonly Quantity[] = ['pm1', 'pm2_5', 'pm4', 'pm10']

/** What one site contributes to the street's value. */
interface Share {
  value: number
  coverage: number
  /** End of its newest hour. */
  until: UnixMs
}

interface Middle {
  period: string
  hasLevel: boolean
  shares: Share[]
}

/** The first hour whose rollup any figure needs: the last night that is over may have begun 32 hours ago, 24 h suffice else. */
export function hoursNeededFrom(quantity: Quantity, { now, timezone }: Moment): UnixMs {
  const clock = clockHours(timezone)
  const dayAgo = clock.hourStart(clock.hourStart(now) - 24 * hourMs)
  if (quantity !== 'laeq') return dayAgo
  return clock.hourStart(Math.min(dayAgo, lastNight(now, timezone).from))
}

/** How many sites had coverage and, where they were enough, the middle of them. */
export interface MiddleFigure {
  sites: number
  figure?: StreetLatest
}

export function middleFigure(quantity: Quantity, hours: HoursBySite, moment: Moment): MiddleFigure {
  const { period, hasLevel, shares } = middleOf(quantity, hours, moment)
  const sites = shares.length
  if (sites < streetSitesMin) return { sites }
  const value = finiteToDecimals(median(shares.map((share) => share.value)), figureDecimals)
  const figure: StreetLatest = {
    value,
    unit: definitionOf(quantity).unit,
    at: toIso(Math.max(...shares.map((share) => share.until)) as UnixMs),
    basis: 'sites',
    period,
    sites,
    sitesTotal: sites,
    coverage: finiteToDecimals(
      shares.reduce((sum, share) => sum + share.coverage, 0) / sites,
      figureDecimals
    ),
    level: hasLevel ? levelFor(quantity, value) : null,
    recent: hourlyMiddles(hours, moment)
  }
  return { sites, figure }
}

/** The newest reading of one outdoor sensor, with that sensor's own last 24 hours; `sites` had coverage, and were too few. */
export function sensorFigure(
  newest: LatestReading,
  hours: HoursBySite | undefined,
  moment: Moment,
  sites: number
): StreetLatest {
  return {
    value: newest.value,
    unit: definitionOf(newest.quantity).unit,
    at: toIso(newest.measuredAt),
    basis: 'sensor',
    period: 'one reading',
    sites,
    sitesTotal: sites,
    coverage: null,
    level: null,
    recent: hourlyValues(hours?.get(newest.siteId), lastFullHours(moment))
  }
}

function middleOf(quantity: Quantity, hours: HoursBySite, moment: Moment): Middle {
  const clock = clockHours(moment.timezone)
  const until = clock.hourStart(moment.now)
  if (particles.includes(rawOf(quantity))) {
    const day = { from: (until - 24 * hourMs) as UnixMs, until }
    const shares = sharesOf({ hours, clock }, day, dayValidHoursMin, arithmeticMean)
    return { period: 'last 24 hours', hasLevel: true, shares }
  }
  const hoursOfIndex = daqiHours(quantity)
  if (hoursOfIndex > 1) {
    const from = (until - hoursOfIndex * hourMs) as UnixMs
    const shares = sharesOf({ hours, clock }, { from, until }, hoursOfIndex * coverageMin, arithmeticMean)
    return { period: `last ${hoursOfIndex} hours`, hasLevel: true, shares }
  }
  if (quantity === 'laeq') {
    const night = lastNight(moment.now, moment.timezone)
    const needed = ((night.until - night.from) / hourMs) * coverageMin
    return {
      period: 'last night',
      hasLevel: true,
      shares: sharesOf({ hours, clock }, night, needed, energyMean)
    }
  }
  return {
    period: 'last hour',
    hasLevel: hoursOfIndex === 1,
    shares: lastHourShares({ hours, clock }, until)
  }
}

/** Over how many whole hours a pollutant is averaged for the UK index; 0 where it has no part in it, or a quarter of an hour. */
function daqiHours(quantity: Quantity): number {
  const raw = rawOf(quantity)
  const pollutant = daqiPollutants.find((one) => one === raw)
  return pollutant === undefined ? 0 : Math.floor(daqiAveragingHours[pollutant])
}

/** Says of each level of the UK index which other parts of it this street has no level of. */
export function withMissingParts(figures: Figures): Figures {
  const leveled = (pollutant: Quantity): boolean =>
    [pollutant, isCorrectable(pollutant) ? correctedOf(pollutant) : pollutant].some(
      (quantity) => figures[quantity]?.level?.scale === 'uk-daqi'
    )
  const missing = daqiMissing(leveled)
  const entries = Object.entries(figures).map(([quantity, figure]) => {
    const level = figure.level?.scale === 'uk-daqi' ? { ...figure.level, missing } : figure.level
    return [quantity, { ...figure, level }]
  })
  return Object.fromEntries(entries) as Figures
}

// The hour that just ended is complete a minute later; until then the one before stands.
function lastHourShares(of: HoursOfClock, until: UnixMs): Share[] {
  const before = (end: UnixMs): Share[] =>
    sharesOf(of, { from: of.clock.hourStart(end - 1), until: end }, 1, arithmeticMean)
  const last = before(until)
  return last.length >= streetSitesMin ? last : before(of.clock.hourStart(until - 1))
}

interface HoursOfClock {
  hours: HoursBySite
  clock: ClockHours
}

function sharesOf(
  { hours, clock }: HoursOfClock,
  { from, until }: TimeRange,
  hoursNeeded: number,
  mean: (values: readonly number[]) => number | null
): Share[] {
  const shares: Share[] = []
  for (const columns of hours.values()) {
    const valid = validHours(columns, clock, { from, until })
    const value = valid.means.length >= hoursNeeded ? mean(valid.means) : null
    if (value === null) continue
    const coverage = Math.min(1, valid.measuredMs / (until - from))
    shares.push({ value, coverage, until: valid.until })
  }
  return shares
}

function validHours(columns: MeanColumns, clock: ClockHours, { from, until }: TimeRange) {
  const valid = { means: [] as number[], measuredMs: 0, until: from }
  columns.time.forEach((time, i) => {
    const mean = coveredMean(columns, i)
    if (time < from || time >= until || mean === null) return
    valid.means.push(mean)
    valid.until = clock.hourEnd(time)
    valid.measuredMs += (columns.coverage[i] ?? 0) * (valid.until - time)
  })
  return valid
}

/** No mean without coverage; an unknown coverage is none. */
export function coveredMean(columns: Pick<MeanColumns, 'mean' | 'coverage'>, i: number): number | null {
  const coverage = columns.coverage[i] ?? null
  return coverage !== null && coverage >= coverageMin ? (columns.mean[i] ?? null) : null
}

function hourlyMiddles(hours: HoursBySite, moment: Moment): (number | null)[] {
  const starts = lastFullHours(moment)
  const perSite = [...hours.values()].map((columns) => hourlyValues(columns, starts))
  return starts.map((_start, hour) => {
    const values = perSite.map((site) => site[hour]).filter((value) => value !== null && value !== undefined)
    return values.length >= streetSitesMin ? finiteToDecimals(median(values), figureDecimals) : null
  })
}

/** Starts of the last 24 full hours of the clock, oldest first. */
function lastFullHours({ now, timezone }: Moment): UnixMs[] {
  const clock = clockHours(timezone)
  const until = clock.hourStart(now)
  return clock.hourStarts((until - 26 * hourMs) as UnixMs, until).slice(-24)
}

function hourlyValues(columns: MeanColumns | undefined, starts: readonly UnixMs[]): (number | null)[] {
  const placeOf = new Map(columns?.time.map((time, i) => [time, i]))
  return starts.map((start) => {
    const i = placeOf.get(start)
    return i === undefined ? null : finiteToDecimals(coveredMean(columns!, i), figureDecimals)
  })
}

function arithmeticMean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
