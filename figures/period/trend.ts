/** Does it get better over the years: months of one fixed set of sensors, their slope and how sure it is. */
import { notesOf } from '../left-out.ts'
import { coverageMin } from '../../model/limits.ts'
import { civilTime, toIso } from '../../model/time.ts'
import { seededRandom } from '../../science/resample.ts'
import {
  trend as trendOf,
  trendClaimMonthsMin,
  type NoTrend,
  type Trend as Found
} from '../../science/trend.ts'
import type { PeriodDeps } from './deps.ts'
import type { Unit } from '../unit.ts'
import { rounded } from '../unit.ts'
import { fixedSetMeans, noFixedSet, type FixedSetMeans, type FixedSetQuery } from './fixed-set.ts'
import { sitesOf, type SiteOrStreet } from './site-or-street.ts'
import { seed } from './profile.ts'
import type { Trend } from '../../contract/trend.ts'
import { counted } from '../../model/counted.ts'

export interface TrendQuery extends FixedSetQuery {
  unit: Unit
}

export async function placeTrend(deps: PeriodDeps, subject: SiteOrStreet, query: TrendQuery): Promise<Trend> {
  const { quantity, unit, timezone } = query
  const means = await fixedSetMeans(deps, subject, 'month', query)
  const set = means?.set
  const found = foundIn(means, subject, sitesOf(deps, subject).sitesMin, timezone)
  const sure = found.ok && found.verdict !== 'tooShort' ? { ...found, verdict: found.verdict } : undefined
  const months = set?.value.filter((value) => value !== null).length ?? 0
  return {
    street: subject.kind === 'street' ? subject.id : null,
    site: subject.kind === 'site' ? subject.id : null,
    quantity,
    unit: unit.unit,
    timezone,
    from: means ? toIso(means.range.from) : null,
    until: means ? toIso(means.range.until) : null,
    averaging: 'monthly means, seasons taken out (STL); Theil–Sen slope with a block bootstrap',
    coverage: means ? (rounded(months / means.windows) ?? 0) : 0,
    sites: set?.siteIds.length ?? 0,
    sitesLeftOut: set?.leftOut.length ?? 0,
    months,
    slopePerYear: sure ? unit.difference(sure.slopePerYear) : null,
    interval: sure ? sure.interval.map((end) => unit.difference(end)) : null,
    p: sure ? rounded(sure.p) : null,
    verdict: sure?.verdict ?? 'notYet',
    sentence: sentenceOf(found, unit),
    monthly: {
      time: set?.time ?? [],
      mean: set?.value.map((value) => unit.shown(value)) ?? []
    },
    indicative: true,
    ...(await notesOf(deps.readings, sitesOf(deps, subject).siteIds, quantity, means?.range)),
    reason: sure ? null : sentenceOf(found, unit)
  }
}

function foundIn(
  means: FixedSetMeans | undefined,
  subject: SiteOrStreet,
  sitesMin: number,
  timezone: string
): Found | NoTrend {
  const set = means?.set
  if (!set)
    return { ok: false, why: `No trend can be shown yet: ${lowerFirst(noFixedSet(subject, sitesMin))}` }
  const months = set.time.map((time, i) => {
    const { year, month } = civilTime(time, timezone)
    // The set has already left out months with too little.
    return { year, month, mean: set.value[i] ?? null, coverage: set.value[i] === null ? null : coverageMin }
  })
  return trendOf(months, seededRandom(seed))
}

function lowerFirst(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1)
}

function sentenceOf(found: Found | NoTrend, unit: Unit): string {
  if (!found.ok) return found.why
  const shown = (value: number): string => String(Math.round(unit.difference(value) * 100) / 100)
  const [low, high] = found.interval
  switch (found.verdict) {
    case 'tooShort':
      return `No trend can be shown yet: there ${found.span === 1 ? 'is' : 'are'} ${counted(found.span, 'month')}, and a trend needs ${trendClaimMonthsMin}.`
    case 'noTrend':
      return `No trend can be distinguished from chance in ${found.span} months (indicative).${gapsText(found)}`
    default: {
      const word = found.verdict === 'rising' ? 'Rising' : 'Falling'
      return `${word} by ${shown(Math.abs(found.slopePerYear))} ${unit.unit} a year (95 %: ${shown(low)} to ${shown(high)}), over ${found.span} months; indicative.${gapsText(found)}`
    }
  }
}

/** A trend elsewhere may keep such months, and then differs: so it says that they are not in it. */
function gapsText({ months, span }: Found): string {
  const missing = span - months
  if (missing === 0) return ''
  return ` Left out for less than ${100 * coverageMin} % of ${missing === 1 ? 'its' : 'their'} readings: ${counted(missing, 'month')}.`
}
