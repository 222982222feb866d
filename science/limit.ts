/** What a limit is: dated, averaged over some time, with what may exceed it, and how far its source was seen. */
import { roundHalfUp } from './air.ts'
import { isKnown } from '../model/known.ts'
import { civilTime, type UnixMs } from '../model/time.ts'

/** Air of which there are limits. */
export const limitedAir = ['pm2_5', 'pm10', 'no2', 'o3', 'so2', 'co'] as const
export type LimitQuantity = (typeof limitedAir)[number] | 'lden' | 'lnight' | 'laeq24h'

/** What each mean is of. `8hours`: the highest running mean of eight hours of each day. */
export type Averaging = '15minutes' | 'hour' | '8hours' | 'day' | 'year'

export const limitSets = {
  'who-2021': 'WHO global air quality guidelines (2021)',
  'who-2005': 'WHO air quality guidelines, global update (2005), kept in 2021',
  uk: 'Limit values in England (Air Quality Standards Regulations 2010)',
  'uk-objectives': 'UK objectives (Air Quality Strategy 2007)',
  'england-targets': 'England: Environmental Targets (Fine Particulate Matter) 2023',
  'england-interim': 'England: interim target of the Environmental Improvement Plan 2025',
  'eu-2030': 'Directive (EU) 2024/2881, to be attained by 2030',
  'us-naaqs': 'US National Ambient Air Quality Standards, primary',
  'who-noise-2018': 'WHO Environmental Noise Guidelines for the European Region (2018)',
  'who-noise-2009': 'WHO Night Noise Guidelines for Europe (2009)'
} as const
export type LimitSet = keyof typeof limitSets

/** Whose percentile it is: the two laws count differently, and are a day apart for some numbers of days (year-percentile.ts). */
export type PercentileBy = 'Decision 97/101/EC' | '40 CFR Part 50'

/** What of a period is held against the value. */
export type Rule =
  | { kind: 'mean' }
  | { kind: 'allowed'; timesAYear: number; percentileWhenIncomplete?: number }
  | { kind: 'percentile'; percent: number; by: PercentileBy; of?: 'dailyMax' }

/** Parts of a limit that nobody has seen in a copy of the document (grade R of the reference): to check before quoting. */
export type Part = 'value' | 'rule' | 'from'

export interface Limit {
  id: string
  set: LimitSet
  quantity: LimitQuantity
  /** What each mean is of; `rule` then says what becomes of a year of them. */
  averaging: Averaging
  /** Years that must be averaged before the limit applies; 1 where nothing is said. */
  years: number
  value: number
  unit: string
  /** The value in the unit that readings are stored in: a limit in ppb goes the way that ppb readings went. */
  stored: number
  /** What a figure is rounded to, half up, before it is compared, in the limit's unit; null where no rule was seen. */
  roundedTo: number | null
  rule: Rule
  /** Share of the year that must have been measured, and the share of a day or hour before its mean counts. */
  captureMin: number
  coverageMin: number
  /**
   * The share of a year that whoever made the limit goes by in practice, where that is another: a verdict by it stands beside
   * the one by `captureMin`. null where they are the same.
   */
  ownCaptureMin: number | null
  /** Interim targets 1 to 4 of WHO, highest first. */
  interim: readonly number[]
  /** Civil days, the first inclusive and the last exclusive; null: no end is known. */
  from: string
  until: string | null
  /** V2: two copies seen; V3: one. */
  grade: 'V2' | 'V3'
  unchecked: readonly Part[]
  source: string
  note: string
}

export type Row = Pick<Limit, 'quantity' | 'averaging' | 'value'> & Partial<Omit<Limit, 'id' | 'set'>>

/** Fills in what most limits of one document share; the id is set, quantity and averaging ("uk/no2/hour"). */
export function limitsOf(
  set: LimitSet,
  common: Pick<Limit, 'from' | 'source'> & Partial<Limit>,
  rows: Row[]
): Limit[] {
  return rows.map((row) => ({
    years: 1,
    unit: row.quantity.startsWith('l') ? 'dB(A)' : row.quantity === 'co' ? 'mg/m³' : 'µg/m³',
    stored: row.value,
    roundedTo: null,
    rule: { kind: 'mean' },
    captureMin: 0.9,
    coverageMin: 0.75,
    ownCaptureMin: null,
    interim: [],
    until: null,
    grade: 'V2',
    unchecked: [],
    note: '',
    ...common,
    ...row,
    set,
    id: [set, row.quantity, row.averaging, ...(row.until ? [`until-${row.until}`] : [])].join('/')
  }))
}

/** Those of `limits` that held for a quantity on the civil day of `at` in `timezone`. */
export function heldAt(
  limits: readonly Limit[],
  quantity: LimitQuantity,
  at: UnixMs,
  timezone: string
): Limit[] {
  const day = civilDay(at, timezone)
  return limits.filter((limit) => limit.quantity === quantity && holdsOn(limit, day))
}

export function holdsOn({ from, until }: Limit, day: string): boolean {
  return from <= day && (until === null || day < until)
}

/** "2026-11-23": the civil day of a moment. */
export function civilDay(at: UnixMs, timezone: string): string {
  const { year, month, day } = civilTime(at, timezone)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/**
 * Is a figure, in the unit of the readings, above the limit once both are written as the document prescribes? Where no rule
 * of rounding was seen every digit counts, but for what binary fractions add to a sum.
 */
export function isAbove({ value, stored, roundedTo }: Limit, figure: number): boolean {
  if (!isKnown(figure)) throw new RangeError('What is no number is neither above a limit nor below.')
  const inUnit = (figure * value) / stored
  const compared = roundedTo === null ? inUnit : roundHalfUp(inUnit / roundedTo) * roundedTo
  return compared > value * (1 + 1e-9)
}
