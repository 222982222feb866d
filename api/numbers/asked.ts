/** From the text of a query (or of a command line) to what the numbers are asked with; what cannot be read is refused. */
import { coverageMin as coverageMinUsual } from '../../model/limits.ts'
import type { UnixMs } from '../../model/time.ts'
import { profileBy, type ProfileBy } from '../../science/profile.ts'
import { ApiProblem } from '../problem.ts'
import { listOf, moment, quantityOf, refuseEmpty, shown } from '../query.ts'
import { coverageMinOf, unitFor, zoneFor, type NumbersDeps } from './ask.ts'
import type { BeforeAfterAsked } from './before-after.ts'
import type { ColocationAsked } from './colocation.ts'
import { indexScaleNames, type IndexAsked, type IndexScale } from './indices.ts'
import type { ExceedancesAsked } from './limits.ts'
import { bys, type By } from './periods.ts'
import type { ProfileAsked } from './profile.ts'
import type { SummaryAsked } from './summary.ts'
import type { TrendAsked } from './trend.ts'

export type AskedText = Partial<Record<string, string>>

export function summaryAsked(deps: NumbersDeps, text: AskedText): SummaryAsked {
  const quantity = quantityOf(required(text, 'quantity'))
  return {
    quantity,
    unit: unitFor(quantity, text['unit']),
    ...rangeAsked(text),
    by: oneOf<By>('by', text['by'] ?? 'all', bys),
    timezone: zoneFor(deps, text['timezone']),
    percentiles: percentilesOf(text['percentiles']),
    coverageMin: coverageMinOf(text['coverageMin'], coverageMinUsual)
  }
}

export function indexAsked(deps: NumbersDeps, text: AskedText): IndexAsked {
  return {
    scale: oneOf<IndexScale>('scale', required(text, 'scale'), indexScaleNames),
    at: text['at'] === undefined ? deps.clock.now() : sensible('at', text['at']),
    timezone: zoneFor(deps, text['timezone']),
    corrected: oneOf('values', text['values'] ?? 'raw', ['raw', 'corrected'] as const) === 'corrected'
  }
}

export function exceedancesAsked(deps: NumbersDeps, text: AskedText): ExceedancesAsked {
  const quantity = quantityOf(required(text, 'quantity'))
  return { quantity, ...rangeAsked(text), timezone: zoneFor(deps, text['timezone']) }
}

export function colocationAsked(deps: NumbersDeps, text: AskedText): ColocationAsked {
  const quantity = quantityOf(required(text, 'quantity'))
  return {
    site: required(text, 'site'),
    reference: required(text, 'reference'),
    quantity,
    unit: unitFor(quantity, text['unit']),
    window: oneOf('window', text['window'] ?? 'hour', ['hour', 'day'] as const),
    ...rangeAsked(text),
    timezone: zoneFor(deps, text['timezone'])
  }
}

export function trendAsked(deps: NumbersDeps, text: AskedText): TrendAsked {
  const quantity = quantityOf(required(text, 'quantity'))
  return {
    quantity,
    unit: unitFor(quantity, text['unit']),
    ...rangeAsked(text),
    timezone: zoneFor(deps, text['timezone'])
  }
}

export function profileAsked(deps: NumbersDeps, text: AskedText): ProfileAsked {
  return { ...trendAsked(deps, text), by: oneOf<ProfileBy>('by', text['by'] ?? 'hour', profileBy) }
}

export function beforeAfterAsked(deps: NumbersDeps, street: string, text: AskedText): BeforeAfterAsked {
  return {
    ...trendAsked(deps, text),
    street,
    control: text['control'],
    at: sensible('at', required(text, 'at'))
  }
}

/** undefined: what there is. */
export function rangeAsked(text: AskedText): { from: UnixMs | undefined; until: UnixMs | undefined } {
  const end = (name: 'from' | 'until'): UnixMs | undefined =>
    text[name] === undefined ? undefined : sensible(name, text[name])
  const [from, until] = [end('from'), end('until')]
  if (from !== undefined && until !== undefined) refuseEmpty(from, until)
  return { from, until }
}

/** Nobody measured before, and periods around a moment must still be moments that a calendar can name. */
const [firstYear, lastYear] = [1900, 2200]

function sensible(name: string, text: string): UnixMs {
  const at = moment(name, text)
  if (at >= Date.UTC(firstYear, 0) && at < Date.UTC(lastYear, 0)) return at
  throw new ApiProblem(
    'timeUnreadable',
    `"${name}" is "${shown(text)}", which lies outside of the years ${firstYear} to ${lastYear}.`
  )
}

export function required(text: AskedText, name: string): string {
  const value = text[name]
  if (value !== undefined && value !== '') return value
  throw new ApiProblem('parameterMissing', `"${name}" is missing. Add it to the query.`)
}

export function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value)
  if (found !== undefined) return found
  throw new ApiProblem('parameterBad', `"${name}" is "${shown(value)}". Give one of: ${known.join(', ')}.`)
}

const percentilesMax = 20

function percentilesOf(text: string | undefined): number[] {
  const parts = listOf('percentiles', text) ?? ['10', '50', '90']
  const percentiles = parts.map(Number)
  if (parts.length <= percentilesMax && percentiles.every((p) => p >= 0 && p <= 100)) return percentiles
  throw new ApiProblem(
    'parameterBad',
    `"percentiles" is "${shown(text ?? '')}". Give up to ${percentilesMax} numbers from 0 to 100, such as 10,50,90.`
  )
}
