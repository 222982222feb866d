/** Keeps what failed only for lying at the end of a scale, or beyond it, where the readings around it lead there. */
import { reasonBits, type Reasons } from '../model/flag.ts'
import { isMeasured } from '../model/quantity.ts'
import { course, endsOfScale, type EndOfScale } from '../science/course.ts'
import { lookBackReachMs } from '../science/look-back-limits.ts'
import { failing, type Work } from './look-back-work.ts'

const saturated = reasonBits('saturated')
const sentinel = reasonBits('sentinel')
const endOfScale = reasonBits('outOfRange', 'saturated')

/** What one box measured at one site. All is decided by what came in, before any of it is kept. */
export function keepWhatLeadsThere(box: readonly Work[]): void {
  const kept = box.map((work) => whatLeadsThere(work, box))
  box.forEach(({ baseFlag, baseReasons }, i) => {
    for (const { index, reason } of kept[i]!) {
      baseFlag[index] = 3
      baseReasons[index] = (baseReasons[index]! & ~failing) | reason
    }
  })
}

function whatLeadsThere(work: Work, box: readonly Work[]): { index: number; reason: Reasons }[] {
  const { series, baseFlag, baseReasons, good } = work
  const end = isMeasured(series.quantity) ? endsOfScale[series.quantity] : undefined
  if (!end || good.length === series.time.length) return []
  const companions = box.filter(({ series: { quantity } }) =>
    end.company?.quantities.some((known) => known === quantity)
  )
  const doubtful = new Set(
    series.time.flatMap((_time, index) =>
      baseFlag[index] === 4 && canBe(end, series.value[index]!, baseReasons[index]!) ? [index] : []
    )
  )
  if (doubtful.size === 0) return []
  const [up, down] = [led(work, doubtful, 1, end), led(work, doubtful, -1, end)]
  return [...doubtful]
    .filter(
      (index) =>
        up.has(index) ||
        down.has(index) ||
        hasCompany(companions, series.time[index]!, series.value[index]!, end)
    )
    .map((index) => ({ index, reason: isError(end, series.value[index]!) ? 0 : saturated }))
}

/** Nothing but the end of a scale speaks against it, or that an error has the same digits. */
function canBe(end: EndOfScale, value: number, reasons: Reasons): boolean {
  if (value < end.min || value > end.max) return false
  const against = reasons & failing
  return (against & ~endOfScale) === 0 || (against === sentinel && isError(end, value))
}

function isError({ errors }: EndOfScale, value: number): boolean {
  return errors?.includes(value) ?? false
}

/**
 * Those of the doubtful that are led to by one of the good readings last met in this direction, or by the doubtful one before,
 * if that was led to. Between them there must be no silence, nor may the good ones lie beyond the reach of the look back, so
 * that the verdict does not depend on how much was loaded.
 */
function led(
  { series: { time, value }, good }: Work,
  doubtful: ReadonlySet<number>,
  step: 1 | -1,
  { leads }: EndOfScale
): Set<number> {
  const found = new Set<number>()
  const isGood = new Set(good)
  const apart = (a: number, b: number): number => Math.abs(time[a]! - time[b]!)
  /** Newest first; forgotten at a silence. */
  let met: number[] = []
  /** The first after the good ones: what is far from it leads nowhere. */
  let edge = -1
  const start = step === 1 ? 0 : time.length - 1
  for (let index = start; index >= 0 && index < time.length; index += step) {
    const before = index - step
    if (index !== start && apart(index, before) > course.gapMs) met = []
    if (isGood.has(index)) {
      met = [index, ...met].slice(0, course.readings)
      edge = index + step
    } else if (doubtful.has(index) && met.length > 0 && apart(met[0]!, index) <= lookBackReachMs) {
      const near = met.filter((one) => apart(one, edge) <= course.gapMs)
      const isOnTheWay = found.has(before) && leads(value[before]!, value[index]!)
      if (isOnTheWay || near.some((one) => leads(value[one]!, value[index]!))) found.add(index)
    }
  }
  return found
}

function hasCompany(
  companions: readonly Work[],
  time: number,
  value: number,
  { company }: EndOfScale
): boolean {
  if (!company) return false
  return companions.some(({ series, baseFlag }) => {
    const index = indexAt(series.time, time)
    return index !== undefined && baseFlag[index] !== 4 && company.leads(series.value[index]!, value)
  })
}

/** Of ascending times. */
function indexAt(times: readonly number[], time: number): number | undefined {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return times[low] === time ? low : undefined
}
