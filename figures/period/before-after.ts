/** Did a change in a street change its air or sound: the street beside a control street, before and after. */
import { notesOf } from '../left-out.ts'
import { dayMs, toIso, type UnixMs } from '../../model/time.ts'
import { beforeAfter, type BeforeAfter as Found, type NoBeforeAfter } from '../../science/before-after.ts'
import { FiguresRefusal } from '../refusal.ts'
import { rounded, type Unit } from '../unit.ts'
import { requireStreet } from './site-or-street.ts'
import type { PeriodDeps } from './deps.ts'
import { fixedSetMeans, noFixedSet, type FixedSetMeans, type FixedSetQuery } from './fixed-set.ts'
import { sitesOf, type SiteOrStreet } from './site-or-street.ts'
import type { BeforeAfter } from '../../contract/trend.ts'

export interface BeforeAfterQuery extends FixedSetQuery {
  street: string
  control: string | undefined
  at: UnixMs
  unit: Unit
}

/** Half a year on each side unless said otherwise: longer ones compare more of other things. */
const sideMs = 26 * 7 * dayMs

export async function streetBeforeAfter(deps: PeriodDeps, query: BeforeAfterQuery): Promise<BeforeAfter> {
  const { street, at, quantity, unit, timezone } = query
  requireStreet(deps, street)
  const control = controlOf(deps, query)
  const period = { ...query, within: { from: (at - sideMs) as UnixMs, until: (at + sideMs) as UnixMs } }
  const ours: SiteOrStreet = { kind: 'street', id: street }
  const theirs: SiteOrStreet = { kind: 'street', id: control }
  const means = await fixedSetMeans(deps, ours, 'day', period)
  const other = await fixedSetMeans(deps, theirs, 'day', period)
  const found = compare(deps, { means, subject: ours }, { means: other, subject: theirs }, at)
  const days = found.ok ? found.daysBefore + found.daysAfter : 0
  return {
    street,
    control,
    at: toIso(at),
    quantity,
    unit: unit.unit,
    timezone,
    from: means ? toIso(means.range.from) : null,
    until: means ? toIso(means.range.until) : null,
    averaging: 'daily means of fixed sets of sites, compared by weeks',
    coverage: means ? (rounded(Math.min(1, days / means.windows)) ?? 0) : 0,
    sites: means?.set?.siteIds.length ?? 0,
    controlSites: other?.set?.siteIds.length ?? 0,
    change: found.ok ? unit.difference(found.change) : null,
    interval: found.ok ? found.interval.map((end) => unit.difference(end)) : null,
    streetChange: found.ok ? unit.difference(found.streetChange) : null,
    weeksBefore: found.ok ? found.weeksBefore : null,
    weeksAfter: found.ok ? found.weeksAfter : null,
    daysBefore: found.ok ? found.daysBefore : null,
    daysAfter: found.ok ? found.daysAfter : null,
    verdict: found.ok ? found.verdict : 'notEnoughData',
    sentence: found.ok ? found.sentence : found.why,
    indicative: true,
    ...(await notesOf(
      deps.readings,
      [...sitesOf(deps, ours).siteIds, ...sitesOf(deps, theirs).siteIds],
      quantity,
      means?.range
    )),
    reason: found.ok ? null : found.why
  }
}

function controlOf(deps: PeriodDeps, { street, control }: BeforeAfterQuery): string {
  if (control === undefined) {
    throw new FiguresRefusal(
      'parameterMissing',
      'is missing: without an unchanged street, the change cannot be told from the weather. ' +
        'Name one nearby with as many sensors.',
      'control'
    )
  }
  if (control === street) {
    throw new FiguresRefusal(
      'parameterBad',
      'is the street itself. Name one that was not changed.',
      'control'
    )
  }
  return requireStreet(deps, control).streetId
}

interface Measured {
  means: FixedSetMeans | undefined
  subject: SiteOrStreet
}

function compare(deps: PeriodDeps, ours: Measured, theirs: Measured, at: UnixMs): Found | NoBeforeAfter {
  for (const { means, subject } of [ours, theirs]) {
    if (!means?.set)
      return { ok: false, why: `${subject.id}: ${noFixedSet(subject, sitesOf(deps, subject).sitesMin)}` }
  }
  const daily = ({ means }: Measured) => ({ day: means!.set!.time, value: means!.set!.value })
  return beforeAfter(daily(ours), daily(theirs), at)
}
