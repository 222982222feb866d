/** What the page of methods shows of each subject, gathered from the places that compute it. */
import { flagNames, isReason, reasons, type Flag } from '../../model/flag.ts'
import { coverageMin } from '../../model/limits.ts'
import { quantities, measuredNames } from '../../model/quantity.ts'
import type { About } from '../../science/about.ts'
import { about as air } from '../../science/air.ts'
import { about as airingEffect } from '../../science/airing-effect.ts'
import { about as beforeAfter } from '../../science/before-after.ts'
import { about as collocation } from '../../science/collocation.ts'
import { about as convert } from '../../science/convert.ts'
import { formulas } from '../../science/correction.ts'
import { about as course } from '../../science/course.ts'
import { about as damp } from '../../science/damp.ts'
import { about as dampRecord } from '../../science/damp-record.ts'
import { about as drift } from '../../science/drift.ts'
import { about as europeanAqi } from '../../science/european-aqi.ts'
import { limits, limitSets, type Limit } from '../../science/guidelines.ts'
import { about as mould } from '../../science/mould.ts'
import { about as noise } from '../../science/noise.ts'
import { about as noiseLevels } from '../../science/noise-levels.ts'
import { about as pinnedHumidity } from '../../science/pinned-humidity.ts'
import { about as runningHours } from '../../science/running-hours.ts'
import { about as profile } from '../../science/profile.ts'
import { sentinels } from '../../science/quality.ts'
import { about as seriesQuality } from '../../science/series-quality.ts'
import { about as street } from '../../science/street.ts'
import { about as surface } from '../../science/surface.ts'
import { about as trend } from '../../science/trend.ts'
import { about as usAqi } from '../../science/us-aqi.ts'
import { about as wind } from '../../science/wind.ts'
import { about as yearPercentile } from '../../science/year-percentile.ts'
import { numberText, unitLabel } from '../format.ts'
import type { Chapters } from '../words.ts'
import type { Table } from './bands.ts'

type MethodsWords = Chapters<'common' | 'methods'>

const all = (...parts: Record<string, About>[]): About[] => parts.flatMap((part) => Object.values(part))

export const abouts = {
  checks: all(seriesQuality, pinnedHumidity, course),
  coverage: [street.coverage, wind.meanDirection],
  street: [street.quantile],
  air: all(air, usAqi, europeanAqi, convert),
  noise: all(noise, noiseLevels),
  damp: all(damp, surface, mould, dampRecord, airingEffect),
  change: all(trend, beforeAfter, profile, collocation, drift),
  limits: all(yearPercentile, runningHours)
} satisfies Record<string, About[]>

export function coveragePercent(words: MethodsWords): string {
  return numberText(words, 100 * coverageMin, 0)
}

export function quantityTable(words: MethodsWords): Table {
  const { common, methods } = words
  const number = (value: number): string => numberText(words, value, Number.isInteger(value) ? 0 : 1)
  const span = (low: number, high: number): string => methods.span(number(low), number(high))
  return {
    columns: [methods.columns.quantity, methods.columns.possible, methods.columns.usual],
    rows: measuredNames.map((name) => {
      const { unit, possibleMin, possibleMax, usualMin, usualMax } = quantities[name]
      const label = common.labels[name]
      const shown = unitLabel(words, unit)
      return [
        shown === '' ? label : `${label}, ${shown}`,
        span(possibleMin, possibleMax),
        span(usualMin, usualMax)
      ]
    })
  }
}

const flagOrder = [1, 2, 3, 4, 9] as const satisfies readonly Flag[]

export function flagTable({ methods }: MethodsWords): Table {
  return {
    columns: [methods.columns.flag, methods.columns.meaning],
    rows: flagOrder
      .filter((flag) => flag in flagNames)
      .map((flag) => {
        const [name, means] = methods.checks.flags[flag]
        return [`${flag} ${name}`, means]
      })
  }
}

export function reasonEntries({
  methods,
  street
}: Chapters<'methods' | 'street'>): [name: string, text: string][] {
  return Object.keys(reasons).flatMap((name) =>
    isReason(name) ? [[methods.checks.reasons[name], street.reasons[name]]] : []
  )
}

/** A sentinel is known by its digits, so none is rounded away or grouped. */
const asSent = (value: number): string => `${value}`.replace('-', '−')

export function sentinelTable({ methods }: MethodsWords): Table {
  return {
    columns: [methods.columns.value, methods.columns.meaning, methods.columns.flag],
    rows: sentinels.map(({ values, why, flag }) => [
      methods.or(values.map(asSent)),
      why,
      methods.checks.flags[flag][0]
    ])
  }
}

export const corrections = Object.entries(formulas).map(([id, formula]) => ({ id, ...formula }))

export interface LimitGroup {
  set: string
  title: string
  limits: Limit[]
}

/** Limits by the document they stand in, in the order of the table. */
export function limitGroups(): LimitGroup[] {
  return Object.entries(limitSets).map(([set, title]) => ({
    set,
    title,
    limits: limits.filter((limit) => limit.set === set)
  }))
}
