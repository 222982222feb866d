/** A sensor beside a reference: the hours or days in which both measured, compared as the US EPA does. */
import type { TimeRange } from '../../model/columns.ts'
import { notesOf } from '../left-out.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { clockHours, dayStarts, toIso, type UnixMs } from '../../model/time.ts'
import {
  collocation,
  collocationTargets,
  meetsTargets,
  pairsMin,
  type Collocation
} from '../../science/collocation.ts'
import { FiguresRefusal, refuseDirection } from '../refusal.ts'
import { reachOf, refuseLong } from './reach.ts'
import { rounded, type Unit } from '../unit.ts'
import { requireSite } from './site-or-street.ts'
import type { PeriodDeps } from './deps.ts'
import type { Colocation } from '../../contract/colocation.ts'
import { daysOf, validHours, type Hours } from './hours.ts'
import { counted } from '../../model/counted.ts'

export interface ColocationQuery {
  site: string
  reference: string
  quantity: Quantity
  unit: Unit
  window: 'hour' | 'day'
  from: UnixMs | undefined
  until: UnixMs | undefined
  timezone: string
}

/** Days that EPA asks for before its targets mean anything; its own published example has 29. */
const targetDays = 29

export async function colocation(deps: PeriodDeps, query: ColocationQuery): Promise<Colocation> {
  const { site, reference, quantity, unit, window, timezone } = query
  for (const siteId of [site, reference]) requireSite(deps, siteId)
  if (site === reference) {
    throw new FiguresRefusal(
      'parameterBad',
      'is the site itself. Name the site of the reference instrument.',
      'reference'
    )
  }
  refuseDirection(quantity)
  if (definitionOf(quantity).average === 'none') {
    throw new FiguresRefusal(
      'parameterBad',
      `is ${quantity}, which has no hourly means to compare.`,
      'quantity'
    )
  }
  const range = await rangeOf(deps, query)
  const clock = clockHours(deps.timezone)
  const means = await deps.readings.means({
    siteIds: [site, reference],
    quantities: [quantity],
    window: 'hour',
    from: clock.hourStart(range.from),
    until: range.until
  })
  const values = (siteId: string): Hours => {
    const hours = validHours(means.find((one) => one.siteId === siteId))
    return window === 'hour' ? hours : validHours(daysOf(hours, range, quantity, { timezone, clock }))
  }
  const [ours, theirs] = [values(site), values(reference)]
  const times = [...ours.keys()].filter((time) => theirs.has(time)).toSorted((a, b) => a - b)
  const shownOf = (of: Hours): number[] => times.map((time) => unit.shown(of.get(time)!)!)
  const found = collocation(shownOf(theirs), shownOf(ours))
  const expected =
    window === 'hour'
      ? clock.hourStarts(range.from, range.until).length
      : dayStarts(range.from, range.until, timezone).length
  return {
    site,
    reference,
    quantity,
    unit: unit.unit,
    window,
    timezone,
    from: toIso(range.from),
    until: toIso(range.until),
    n: times.length,
    expected,
    coverage: expected > 0 ? (rounded(Math.min(1, times.length / expected)) ?? 0) : 0,
    ...figuresOf(found),
    ...targetsOf(found, query),
    indicative: true,
    ...(await notesOf(deps.readings, [site, reference], quantity, range)),
    reason: found ? null : tooFew(times.length, window)
  }
}

/** Unless said otherwise, as long as both were there. */
async function rangeOf(deps: PeriodDeps, query: ColocationQuery): Promise<TimeRange> {
  const { site, reference, quantity, timezone } = query
  const [ours, theirs] = await Promise.all(
    [site, reference].map((siteId) => reachOf(deps, [siteId], quantity, timezone))
  )
  const now = deps.clock.now()
  const both = {
    from: Math.max(ours?.from ?? now, theirs?.from ?? now) as UnixMs,
    until: Math.min(ours?.until ?? now, theirs?.until ?? now) as UnixMs
  }
  const from = query.from ?? both.from
  // What was asked for may lie where only one of the two was, or none.
  return refuseLong({ from, until: Math.max(from, query.until ?? both.until) as UnixMs })
}

function figuresOf(found: Collocation | null) {
  return {
    slope: rounded(found?.slope ?? null),
    intercept: rounded(found?.intercept ?? null),
    r2: rounded(found?.r2 ?? null),
    rmse: rounded(found?.rmse ?? null),
    nrmsePercent: rounded(found?.nrmsePercent ?? null),
    mae: rounded(found?.mae ?? null),
    mbe: rounded(found?.mbe ?? null)
  }
}

function targetsOf(
  found: Collocation | null,
  { quantity, window, unit }: ColocationQuery
): Pick<Colocation, 'targets' | 'targetsReason'> {
  const none = (targetsReason: string) => ({ targets: null, targetsReason })
  if (!hasTargets(quantity) || window !== 'day' || unit.unit !== definitionOf(quantity).unit) {
    const named = Object.keys(collocationTargets).join(', ')
    return none(
      `EPA's targets are for daily means in the hub's own unit: ask with window=day, for one of ${named}.`
    )
  }
  if (!found || found.n < targetDays) {
    return none(`EPA's targets need about a month of days; ${found?.n ?? 0} count here.`)
  }
  return { targets: meetsTargets(found, quantity), targetsReason: null }
}

function hasTargets(quantity: string): quantity is keyof typeof collocationTargets {
  return Object.hasOwn(collocationTargets, quantity)
}

function tooFew(n: number, window: string): string {
  return (
    `Only ${counted(n, window)} ${n === 1 ? 'has' : 'have'} enough readings of both; with fewer than ${pairsMin}, a fitted line would ` +
    'look certain and mean nothing. Measure side by side for a month.'
  )
}
