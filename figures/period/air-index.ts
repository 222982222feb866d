/** Air quality indices of one site at a moment: each pollutant over its own averaging period, the place by its worst. */
import type { TimeRange } from '../../model/columns.ts'
import { coverageMin, dayValidHoursMin } from '../../model/limits.ts'
import { correctedOf, definitionOf, isCorrectable, isQuantity, type Quantity } from '../../model/quantity.ts'
import {
  civilTime,
  clockHours,
  fromCivil,
  hourMs,
  toIso,
  zoneAheadMs,
  dayMs,
  type ClockHours,
  type UnixMs
} from '../../model/time.ts'
import type { MeanColumns } from '../../model/visibility.ts'
import { daqi, type DaqiPollutant } from '../../science/air.ts'
import { eaqi, eaqiPollutants, type EaqiPollutant } from '../../science/european-aqi.ts'
import { eightHours } from '../../science/running-hours.ts'
import { nowCast, usAqi } from '../../science/us-aqi.ts'
import type { CorrectionEntry } from '../../contract/correction.ts'
import { correctedNote } from '../corrections.ts'
import { leftOutOf } from '../left-out.ts'
import { rounded } from '../unit.ts'
import { quarterHours, quarterMs } from './quarter-hours.ts'
import { indexHours } from './index-hours.ts'
import { requireSite } from './site-or-street.ts'
import type { PeriodDeps } from './deps.ts'
import type { IndexPollutant, SiteIndex } from '../../contract/air-index.ts'

interface Graded {
  index: number
  word: string
}

interface Pollutant {
  quantity: Quantity
  averaging: string
  /** Hours are the hub's `clock`'s, civil days those of the zone that was asked for. */
  period(at: UnixMs, zones: { clock: ClockHours; timezone: string }): TimeRange
  hoursNeeded: number
  /** What the means are of. */
  window?: 'hour' | 'quarterHour'
  /** From the means of the period, oldest first, null where one has not enough coverage. */
  concentration(means: readonly (number | null)[]): number | null
  grade(concentration: number): Graded | null
  /** Said where there is no concentration. */
  rule: string
}

interface Scale {
  title: string
  source: string
  pollutants: readonly Pollutant[]
  /** Parts of the index that are not computed here, whatever was measured. */
  notComputed?: readonly Quantity[]
}

const lastHours =
  (hours: number) =>
  (at: UnixMs, { clock }: { clock: ClockHours }) => {
    const until = clock.hourStart(at)
    return { from: (until - hours * hourMs) as UnixMs, until }
  }

function meanOf(needed: number) {
  return (hours: readonly (number | null)[]): number | null => {
    const valid = hours.filter((mean) => mean !== null)
    return valid.length >= needed ? valid.reduce((sum, mean) => sum + mean, 0) / valid.length : null
  }
}

function runningDay(quantity: Quantity, grade: Pollutant['grade']): Pollutant {
  return {
    quantity,
    averaging: 'running mean of the last 24 hours',
    period: lastHours(24),
    hoursNeeded: dayValidHoursMin,
    concentration: meanOf(dayValidHoursMin),
    grade,
    rule: `${dayValidHoursMin} of the last 24 hours must have 75 % of their readings.`
  }
}

function lastHour(quantity: Quantity, grade: Pollutant['grade']): Pollutant {
  return {
    quantity,
    averaging: 'mean of the last full hour',
    period: lastHours(1),
    hoursNeeded: 1,
    concentration: meanOf(1),
    grade,
    rule: 'The last full hour must have 75 % of its readings.'
  }
}

/** Ozone: "running 8 hourly mean". */
function runningEightHours(quantity: Quantity, grade: Pollutant['grade']): Pollutant {
  const { hours, hoursMin } = eightHours
  return {
    quantity,
    averaging: `running mean of the last ${hours} hours`,
    period: lastHours(hours),
    hoursNeeded: hoursMin,
    concentration: meanOf(hoursMin),
    grade,
    rule: `${hoursMin} of the last ${hours} hours must have 75 % of their readings.`
  }
}

/** Sulphur dioxide comes in puffs: the worst quarter of the last hour. */
function lastQuarters(quantity: Quantity, grade: Pollutant['grade']): Pollutant {
  return {
    quantity,
    averaging: 'highest mean of 15 minutes of the last full hour',
    period: lastHours(1),
    hoursNeeded: 1,
    window: 'quarterHour',
    concentration: (means) => {
      const valid = means.filter((mean) => mean !== null)
      return valid.length > 0 ? Math.max(...valid) : null
    },
    grade,
    rule: 'At least one reading in each quarter of an hour is needed, and 75 % of the readings.'
  }
}

function usDay(quantity: 'pm2_5' | 'pm10'): Pollutant {
  return {
    quantity,
    averaging: 'mean of the last whole day, midnight to midnight in local standard time',
    period: lastStandardDay,
    hoursNeeded: dayValidHoursMin,
    concentration: meanOf(dayValidHoursMin),
    grade: (ugm3) => usGrade(quantity, ugm3),
    rule: `${dayValidHoursMin} of the day's 24 hours must have 75 % of their readings.`
  }
}

function usNow(quantity: 'pm2_5' | 'pm10'): Pollutant {
  return {
    quantity,
    averaging: 'NowCast of the last 12 hours',
    period: lastHours(12),
    hoursNeeded: 2,
    concentration: nowCast,
    grade: (ugm3) => usGrade(quantity, ugm3),
    rule: 'Two of the latest three hours must have 75 % of their readings.'
  }
}

function usGrade(quantity: 'pm2_5' | 'pm10', ugm3: number): Graded | null {
  const graded = usAqi(quantity, ugm3)
  return graded && { index: graded.aqi, word: graded.category }
}

const ukGrade = (quantity: DaqiPollutant) => (ugm3: number) => {
  const { index, band } = daqi(quantity, ugm3)
  return { index, word: band }
}

const euGrade = (quantity: EaqiPollutant) => (ugm3: number) => {
  const { level, name } = eaqi(quantity, ugm3)
  return { index: level, word: name }
}

/** The US index has parts for these as well, which are not computed here. */
const usOthers: readonly Quantity[] = ['o3', 'no2', 'so2', 'co']

const usTable = '40 CFR Part 58 App. G as amended by 89 FR 16202, breakpoints valid from 2024-05-06'

export const indexScales = {
  'us-aqi': {
    title: 'US Air Quality Index of a day',
    source: usTable,
    pollutants: [usDay('pm2_5'), usDay('pm10')],
    notComputed: usOthers
  },
  nowcast: {
    title: 'US Air Quality Index now (NowCast)',
    source: `AirNow forum 172; ${usTable}`,
    pollutants: [usNow('pm2_5'), usNow('pm10')],
    notComputed: usOthers
  },
  'uk-daqi': {
    title: 'UK Daily Air Quality Index',
    source: 'Defra UK-AIR, bands of 2012; GOV.UK 2025-12-19. Of reference instruments; here indicative.',
    pollutants: [
      runningDay('pm2_5', ukGrade('pm2_5')),
      runningDay('pm10', ukGrade('pm10')),
      lastHour('no2', ukGrade('no2')),
      runningEightHours('o3', ukGrade('o3')),
      lastQuarters('so2', ukGrade('so2'))
    ]
  },
  'eu-aqi': {
    title: 'European Air Quality Index',
    source: 'European Environment Agency, hourly bands of 2024/25',
    pollutants: eaqiPollutants.map((quantity) => lastHour(quantity, euGrade(quantity)))
  }
} as const satisfies Record<string, Scale>

export type IndexScale = keyof typeof indexScales
export const indexScaleNames = Object.keys(indexScales) as IndexScale[]

export interface IndexQuery {
  scale: IndexScale
  at: UnixMs
  timezone: string
  /** Corrected values of those pollutants that a correction holds for; the others as they were measured. */
  corrected: boolean
}

export async function siteIndex(
  deps: PeriodDeps,
  siteId: string,
  { scale, at, timezone, corrected }: IndexQuery
): Promise<SiteIndex> {
  requireSite(deps, siteId)
  const { title, source, pollutants, notComputed = [] }: Scale = indexScales[scale]
  const zones = { clock: clockHours(deps.timezone), timezone }
  const periods = pollutants.map((one) => one.period(at, zones))
  const range = {
    from: Math.min(...periods.map(({ from }) => from)) as UnixMs,
    until: Math.max(...periods.map(({ until }) => until)) as UnixMs
  }
  const raw = pollutants.map(({ quantity }) => quantity)
  const notes = corrected ? await notesOf(deps, siteId, raw, range) : undefined
  const quantities = raw.map((quantity) => notes?.correctedOf.get(quantity) ?? quantity)
  const asked = quantities.map((quantity, i) => ({ quantity, period: periods[i]! }))
  const means = await indexHours(deps, siteId, asked)
  const graded = await Promise.all(
    pollutants.map(async (one, i) => {
      const [quantity, period] = [quantities[i]!, periods[i]!]
      const isByQuarters = one.window === 'quarterHour'
      const columns = isByQuarters
        ? await quarterHours(deps.readings, { siteId, quantity }, period)
        : means[i]
      return gradeOne(one, period, columns, { quantity, stepMs: isByQuarters ? quarterMs : hourMs })
    })
  )
  const missing = [
    ...graded.filter(({ index }) => index === null).map(({ quantity }) => quantity),
    ...notComputed
  ]
  const indexed = graded.filter(({ index }) => index !== null)
  const worst = indexed.reduce<IndexPollutant | undefined>(
    (a, b) => (a === undefined || b.index! > a.index! ? b : a),
    undefined
  )
  return {
    site: siteId,
    scale,
    title,
    source,
    at: toIso(at),
    index: worst?.index ?? null,
    word: worst?.word ?? null,
    worst: worst?.quantity ?? null,
    missing,
    mayBeHigher: missing.length > 0,
    note: withoutText(missing),
    pollutants: graded,
    indicative: true,
    ...(notes && { corrections: notes.corrections, recomputing: notes.recomputing }),
    leftOut: await leftOutOf(deps.readings, [siteId], quantities, range),
    reason: worst ? null : 'No pollutant of this scale has enough readings before this moment.'
  }
}

/** Of each pollutant that has one in the range its corrected quantity, and what the answer says of the corrections. */
async function notesOf(
  { readings }: PeriodDeps,
  siteId: string,
  quantities: readonly Quantity[],
  range: TimeRange
): Promise<{
  correctedOf: Map<Quantity, Quantity>
  corrections: CorrectionEntry[]
  recomputing: boolean
}> {
  const found = new Map<Quantity, Quantity>()
  const corrections: CorrectionEntry[] = []
  let recomputing = false
  for (const quantity of quantities.filter(isCorrectable)) {
    const note = await correctedNote(readings, [siteId], correctedOf(quantity), range)
    recomputing ||= note.recomputing === true
    if (!note.corrections?.length) continue
    found.set(quantity, correctedOf(quantity))
    corrections.push(...note.corrections)
  }
  return { correctedOf: found, corrections, recomputing }
}

/** Of an index that is the highest of its parts, each of them can only make it higher. */
function withoutText(missing: readonly string[]): string | null {
  if (missing.length === 0) return null
  const names = missing.map((quantity) => (isQuantity(quantity) ? definitionOf(quantity).label : quantity))
  return `Without ${listed(names)}, which have no index here: with ${missing.length === 1 ? 'it' : 'them'} the index may be higher.`
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function gradeOne(
  pollutant: Pollutant,
  period: TimeRange,
  columns: MeanColumns | undefined,
  { quantity, stepMs }: { quantity: Quantity; stepMs: number }
): IndexPollutant {
  const { averaging, hoursNeeded, rule } = pollutant
  const length = Math.round((period.until - period.from) / stepMs)
  const means = Array.from({ length }, (_, i) => validMean(columns, (period.from + i * stepMs) as UnixMs))
  const valid = means.filter((mean) => mean !== null).length
  const concentration = pollutant.concentration(means)
  const grade = concentration === null ? null : pollutant.grade(concentration)
  return {
    quantity,
    concentration: rounded(concentration),
    unit: definitionOf(quantity).unit,
    averaging,
    from: toIso(period.from),
    until: toIso(period.until),
    hours: Math.ceil((valid * stepMs) / hourMs),
    hoursNeeded,
    coverage: rounded(valid / length) ?? 0,
    index: grade?.index ?? null,
    word: grade?.word ?? null,
    reason: grade ? null : concentration === null ? rule : 'A mean below zero has no index.'
  }
}

function validMean(means: MeanColumns | undefined, hour: UnixMs): number | null {
  const place = means?.time.indexOf(hour) ?? -1
  if (!means || place === -1) return null
  return (means.coverage[place] ?? 0) >= coverageMin ? (means.mean[place] ?? null) : null
}

/** Standard time is what clocks show when they are not put forward: the smaller offset of January and July. */
function lastStandardDay(at: UnixMs, { timezone }: { timezone: string }): TimeRange {
  const { year } = civilTime(at, timezone)
  const offsetIn = (month: number): number =>
    zoneAheadMs(fromCivil({ year, month, day: 1, hour: 12, minute: 0, second: 0 }, timezone), timezone)
  const standardMs = Math.min(offsetIn(1), offsetIn(7))
  const until = Math.floor((at + standardMs) / dayMs) * dayMs - standardMs
  return { from: (until - dayMs) as UnixMs, until: until as UnixMs }
}
