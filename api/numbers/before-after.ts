/** Did a change in a street change its air or sound: the street beside a control street, before and after. */
import { correctedNote } from '../corrected.ts'
import { dayMs, toIso, type UnixMs } from '../../model/time.ts'
import { beforeAfter, type BeforeAfter as Found, type NoBeforeAfter } from '../../science/before-after.ts'
import { ApiProblem } from '../problem.ts'
import { rounded, streetFor, type NumbersDeps, type Unit } from './ask.ts'
import { courseOf, noSet, sitesOf, type Course, type CourseAsked, type Place } from './course.ts'
import type { BeforeAfter } from '../../contract/trend.ts'

export interface BeforeAfterAsked extends CourseAsked {
  street: string
  control: string | undefined
  at: UnixMs
  unit: Unit
}

/** Half a year on each side unless said otherwise: longer ones compare more of other things. */
const sideMs = 26 * 7 * dayMs

export async function streetBeforeAfter(deps: NumbersDeps, asked: BeforeAfterAsked): Promise<BeforeAfter> {
  const { street, at, quantity, unit, timezone } = asked
  streetFor(deps, street)
  const control = controlOf(deps, asked)
  const period = { ...asked, within: { from: (at - sideMs) as UnixMs, until: (at + sideMs) as UnixMs } }
  const ours: Place = { kind: 'street', id: street }
  const theirs: Place = { kind: 'street', id: control }
  const course = await courseOf(deps, ours, 'day', period)
  const other = await courseOf(deps, theirs, 'day', period)
  const found = compare(deps, { course, place: ours }, { course: other, place: theirs }, at)
  const days = found.ok ? found.daysBefore + found.daysAfter : 0
  return {
    street,
    control,
    at: toIso(at),
    quantity,
    unit: unit.unit,
    timezone,
    from: course ? toIso(course.range.from) : null,
    until: course ? toIso(course.range.until) : null,
    averaging: 'daily means of fixed sets of sites, compared by weeks',
    coverage: course ? (rounded(Math.min(1, days / course.windows)) ?? 0) : 0,
    sites: course?.set?.siteIds.length ?? 0,
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
    ...(await correctedNote(
      deps.readings,
      [...sitesOf(deps, ours).siteIds, ...sitesOf(deps, theirs).siteIds],
      quantity,
      course?.range
    )),
    reason: found.ok ? null : found.why
  }
}

function controlOf(deps: NumbersDeps, { street, control }: BeforeAfterAsked): string {
  if (control === undefined) {
    throw new ApiProblem(
      'parameterMissing',
      '"control" is missing: without a street that was not changed nobody can tell the change from the weather. ' +
        'Name one nearby with as many sensors.'
    )
  }
  if (control === street) {
    throw new ApiProblem('parameterBad', '"control" is the street itself. Name one that was not changed.')
  }
  return streetFor(deps, control).streetId
}

interface Measured {
  course: Course | undefined
  place: Place
}

function compare(deps: NumbersDeps, ours: Measured, theirs: Measured, at: UnixMs): Found | NoBeforeAfter {
  for (const { course, place } of [ours, theirs]) {
    if (!course?.set) return { ok: false, why: `${place.id}: ${noSet(place, sitesOf(deps, place).sitesMin)}` }
  }
  const daily = ({ course }: Measured) => ({ day: course!.set!.time, value: course!.set!.value })
  return beforeAfter(daily(ours), daily(theirs), at)
}
