/** What somebody says of a device's interval, checked, and taken into memory. */
import type { SaidInterval } from '../promise/keep.ts'
import type { Interval, Intervals } from './intervals.ts'

export interface IntervalPeriod {
  from: number
  until: number
}

/** `interval` is undefined where it is taken back. */
export interface CheckedInterval extends IntervalPeriod {
  interval: Interval | undefined
}

export function saidInterval(deviceId: string, said: number | SaidInterval): CheckedInterval {
  const { intervalS, onChange = false, from, until } = typeof said === 'number' ? { intervalS: said } : said
  const period = { from: from ?? -Infinity, until: until ?? Infinity }
  if (intervalS === null) {
    if (from === undefined && until === undefined) return { ...period, interval: undefined }
    throw new RangeError(`The interval of ${deviceId} can only be cleared for all time.`)
  }
  if (!Number.isFinite(intervalS) || intervalS <= 0) {
    throw new RangeError(
      `The interval of ${deviceId} must be a positive number of seconds, not ${intervalS}.`
    )
  }
  if (period.from >= period.until)
    throw new RangeError(`The interval of ${deviceId} was set for an empty period.`)
  return { ...period, interval: { intervalS, onChange } }
}

export function isAlways({ from, until }: IntervalPeriod): boolean {
  return from === -Infinity && until === Infinity
}

/** Is it known already? */
export function isSaid(intervals: Intervals, deviceId: string, said: CheckedInterval): boolean {
  const { interval, from, until } = said
  if (isAlways(said)) return isSame(intervals.said(deviceId), interval)
  return intervals
    .saidStretches(deviceId)
    .some((one) => one.from <= from && until <= one.until && isSame(one, interval))
}

function isSame(a: Interval | undefined, b: Interval | undefined): boolean {
  return a?.intervalS === b?.intervalS && a?.onChange === b?.onChange
}

export function takeSaid(intervals: Intervals, deviceId: string, said: CheckedInterval): void {
  const { interval, from, until } = said
  if (isAlways(said)) intervals.say(deviceId, interval)
  else if (interval) intervals.sayOf(deviceId, { ...interval, from, until })
}
