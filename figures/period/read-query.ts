/** From the words of a query string or a command line to the query of a figure; what cannot be read is refused. */
import { percentilesMax } from '../limits.ts'
import { coverageMin as coverageMinUsual } from '../../model/limits.ts'
import { isTimeZone, type UnixMs } from '../../model/time.ts'
import { profileBy, type ProfileBy } from '../../science/profile.ts'
import { FiguresRefusal } from '../refusal.ts'
import {
  oneOf,
  readCoverageMin,
  readList,
  readMoment,
  readQuantity,
  refuseEmpty,
  required,
  type QueryText
} from '../parameters.ts'
import { shown } from '../shown.ts'
import { unitFor } from '../unit.ts'
import type { PeriodDeps } from './deps.ts'
import type { BeforeAfterQuery } from './before-after.ts'
import type { ColocationQuery } from './colocation.ts'
import { indexScaleNames, type IndexQuery, type IndexScale } from './air-index.ts'
import type { ExceedancesQuery } from './exceedances.ts'
import { periodLengths, type PeriodLength } from './periods.ts'
import type { ProfileQuery } from './profile.ts'
import type { SummaryQuery } from './summary-query.ts'
import type { TrendQuery } from './trend.ts'

export function readSummaryQuery(deps: PeriodDeps, text: QueryText): SummaryQuery {
  const quantity = readQuantity(required(text, 'quantity'))
  return {
    quantity,
    unit: unitFor(quantity, text['unit']),
    ...readRange(deps, text),
    by: oneOf<PeriodLength>('by', text['by'] ?? 'all', periodLengths),
    timezone: readTimezone(deps, text['timezone']),
    percentiles: readPercentiles(text['percentiles']),
    coverageMin: readCoverageMin(text['coverageMin'], coverageMinUsual)
  }
}

export function readIndexQuery(deps: PeriodDeps, text: QueryText): IndexQuery {
  return {
    scale: oneOf<IndexScale>('scale', required(text, 'scale'), indexScaleNames),
    at: text['at'] === undefined ? deps.clock.now() : readMeasuredMoment(deps, text, 'at', text['at']),
    timezone: readTimezone(deps, text['timezone']),
    corrected: oneOf('values', text['values'] ?? 'raw', ['raw', 'corrected'] as const) === 'corrected'
  }
}

export function readExceedancesQuery(deps: PeriodDeps, text: QueryText): ExceedancesQuery {
  const quantity = readQuantity(required(text, 'quantity'))
  return { quantity, ...readRange(deps, text), timezone: readTimezone(deps, text['timezone']) }
}

export function readColocationQuery(deps: PeriodDeps, text: QueryText): ColocationQuery {
  const quantity = readQuantity(required(text, 'quantity'))
  return {
    site: required(text, 'site'),
    reference: required(text, 'reference'),
    quantity,
    unit: unitFor(quantity, text['unit']),
    window: oneOf('window', text['window'] ?? 'hour', ['hour', 'day'] as const),
    ...readRange(deps, text),
    timezone: readTimezone(deps, text['timezone'])
  }
}

export function readTrendQuery(deps: PeriodDeps, text: QueryText): TrendQuery {
  const quantity = readQuantity(required(text, 'quantity'))
  return {
    quantity,
    unit: unitFor(quantity, text['unit']),
    ...readRange(deps, text),
    timezone: readTimezone(deps, text['timezone'])
  }
}

export function readProfileQuery(deps: PeriodDeps, text: QueryText): ProfileQuery {
  return { ...readTrendQuery(deps, text), by: oneOf<ProfileBy>('by', text['by'] ?? 'hour', profileBy) }
}

export function readBeforeAfterQuery(deps: PeriodDeps, street: string, text: QueryText): BeforeAfterQuery {
  return {
    ...readTrendQuery(deps, text),
    street,
    control: text['control'],
    at: readMeasuredMoment(deps, text, 'at', required(text, 'at'))
  }
}

/** undefined: what there is. */
export function readRange(
  deps: PeriodDeps,
  text: QueryText
): { from: UnixMs | undefined; until: UnixMs | undefined } {
  const end = (name: 'from' | 'until'): UnixMs | undefined =>
    text[name] === undefined ? undefined : readMeasuredMoment(deps, text, name, text[name])
  const [from, until] = [end('from'), end('until')]
  if (from !== undefined && until !== undefined) refuseEmpty(from, until)
  return { from, until }
}

/** Nobody measured before, and periods around a moment must still be moments that a calendar can name. */
const [firstYear, lastYear] = [1900, 2200]

/** A bare date is a civil day of the zone that the query asks for. */
function readMeasuredMoment(deps: PeriodDeps, query: QueryText, name: string, text: string): UnixMs {
  const at = readMoment(name, text, readTimezone(deps, query['timezone']))
  if (at >= Date.UTC(firstYear, 0) && at < Date.UTC(lastYear, 0)) return at
  throw new FiguresRefusal(
    'timeUnreadable',
    `is "${shown(text)}", which lies outside of the years ${firstYear} to ${lastYear}.`,
    name
  )
}

function readPercentiles(text: string | undefined): number[] {
  const parts = readList('percentiles', text) ?? ['10', '50', '90']
  const percentiles = parts.map(Number)
  if (parts.length <= percentilesMax && percentiles.every((p) => p >= 0 && p <= 100)) return percentiles
  throw new FiguresRefusal(
    'parameterBad',
    `is "${shown(text ?? '')}". Give up to ${percentilesMax} numbers from 0 to 100, such as 10,50,90.`,
    'percentiles'
  )
}

function readTimezone(deps: PeriodDeps, text: string | undefined): string {
  if (text === undefined || isTimeZone(text)) return text ?? deps.timezone
  throw new FiguresRefusal(
    'parameterBad',
    `is "${shown(text)}". Give a name of the tz database, such as Europe/London or UTC.`,
    'timezone'
  )
}
