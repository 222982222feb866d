/**
 * Learns how often a series is measured from the times of its readings, stretch by stretch. It is shown the readings of
 * whole hours in the order of time, when those hours are computed, so that it learns from what is stored and from nothing
 * else: what comes late, is moved, erased or taken back is learnt again.
 *
 * A shorter interval is believed as soon as it makes up a fifth of the last twenty gaps, and begins with the first of them.
 * A longer one needs twenty gaps without any of the old length, most of them alike, or forty whatever they are: otherwise
 * a radio that loses most messages would pass for a device that measures less often, and nothing would be missing.
 */
import { intervalLearnReadings } from '../../model/limits.ts'
import { definitionOf } from '../../model/quantity.ts'
import { dayMs, secondMs } from '../../model/time.ts'
import { assumedIntervalS } from '../../science/interval.ts'
import { learnerRunsMax } from '../limits.ts'
import type { Catalogue, Series } from './catalogue.ts'
import type { Intervals, LearntInterval } from './intervals.ts'

export interface LearnerSource {
  readonly catalogue: Catalogue
  readonly intervals: Intervals
  /** Is there anything behind this moment that was shown before, or did it only not come yet? */
  isNewest(series: Series, until: number): boolean
}

export interface Stretch {
  from: number
  until: number
}

/** Intervals nearer to each other than this are one: clocks and radios jitter. */
const apart = 1.15

const gapsNeeded = intervalLearnReadings - 1
const gapsSure = 2 * intervalLearnReadings

/** Most of twenty gaps. */
const alikeShare = 0.6

/** A silence in which a run goes on; where a device is slow, forty of its intervals. */
const silenceMs = 2 * dayMs

export class IntervalLearner {
  readonly #source: LearnerSource
  readonly #runs = new Map<number, Run[]>()
  readonly #news = new Set<string>()

  constructor(source: LearnerSource) {
    this.#source = source
  }

  /**
   * All readings of a series in [from, until), oldest first. Gives the stretches for which another interval is known now;
   * nothing is learnt of what somebody said.
   */
  show(series: Series, from: number, until: number, times: ArrayLike<number>): Stretch[] {
    const { intervals } = this.#source
    const first = times[0]
    if (first === undefined || !intervals.isOpen(series, first)) return []
    const before = intervals.learnt(series)
    const isNewest = this.#source.isNewest(series, until)
    const run = this.#runFor(series, from, first)
    run.shownFrom = from
    run.shownUntil = Math.max(run.shownUntil, until)
    let rows = before
    for (let i = 0; i < times.length; i++) {
      const change = run.show(times[i]!, rows)
      if (change) rows = painted(rows, change, isNewest ? Infinity : run.shownUntil)
    }
    if (rows === before) return []
    intervals.setLearnt(series, rows)
    this.#news.add(series.deviceId)
    return differing(before, rows)
  }

  /** Devices of which something new was learnt since this was asked last: what holds now of the quickest they measure. */
  takeNews(): { deviceId: string; intervalS: number }[] {
    const devices = [...this.#news]
    this.#news.clear()
    return devices.flatMap((deviceId) => {
      const newest = this.#source.catalogue
        .seriesOfDevice(deviceId)
        .filter(({ channel }) => definitionOf(channel.quantity).subject !== 'device')
        .flatMap((series) => this.#source.intervals.learnt(series).at(-1)?.intervalS ?? [])
      return newest.length > 0 ? [{ deviceId, intervalS: Math.min(...newest) }] : []
    })
  }

  /** What was shown is forgotten, so that it is shown again. */
  clear(): void {
    this.#runs.clear()
    this.#news.clear()
  }

  /** The run that these readings continue (perhaps shown in part already), or a new one. */
  #runFor(series: Series, from: number, first: number): Run {
    const runs = this.#runs.get(series.id) ?? []
    this.#runs.set(series.id, runs)
    const newest = runs.reduce<Run | undefined>(
      (a, b) => (a && a.shownUntil >= b.shownUntil ? a : b),
      undefined
    )
    const continued = runs.find(
      (run) =>
        (run.shownFrom <= from && from <= run.shownUntil) ||
        (run === newest && from > run.shownUntil && from - run.shownUntil <= run.silenceMs)
    )
    if (continued) return continued
    const run = new Run(first)
    runs.unshift(run)
    if (runs.length > learnerRunsMax) runs.pop()
    return run
  }

  forget(series: Series): void {
    this.#runs.delete(series.id)
  }
}

/** Readings of one series that were shown one after the other. */
class Run {
  /** What was shown last. */
  shownFrom: number
  shownUntil: number
  readonly #first: number
  #last: number
  /** Of the newest gaps, where each begins and how long it is. */
  readonly #starts: number[] = []
  readonly #lengths: number[] = []
  /** In force at the newest reading. */
  #held: LearntInterval | undefined

  constructor(first: number) {
    this.#first = first
    this.#last = first
    this.shownFrom = first
    this.shownUntil = first
  }

  get silenceMs(): number {
    return Math.max(silenceMs, gapsSure * (this.#held?.intervalS ?? 0) * secondMs)
  }

  /** `known` is what is known of the series. Gives what holds from another moment on. */
  show(time: number, known: readonly LearntInterval[]): LearntInterval | undefined {
    const start = this.#last
    if (time <= start) return undefined
    this.#last = time
    if (time - start < secondMs) return undefined
    const held = known.findLast(({ from }) => from <= start)
    if (held !== this.#held && held) this.#begin(held)
    if (this.#starts.push(start) > gapsSure) this.#starts.shift()
    if (this.#lengths.push(time - start) > gapsSure) this.#lengths.shift()
    return this.#judge(held?.intervalS)
  }

  /** Gaps of before belong to the interval of before. */
  #begin(held: LearntInterval): void {
    this.#held = held
    const old = this.#starts.filter((start) => start < held.from).length
    this.#starts.splice(0, old)
    this.#lengths.splice(0, old)
  }

  #judge(heldS: number | undefined): LearntInterval | undefined {
    // Nearly all readings come when they are expected, and of those there is nothing to learn.
    if (heldS !== undefined && isAlike(this.#lengths.at(-1)!, heldS * secondMs)) return undefined
    const newest = this.#lengths.slice(-intervalLearnReadings)
    if (newest.length < gapsNeeded) return undefined
    const intervalS = assumedIntervalS(newest)
    if (intervalS === undefined) return undefined
    if (heldS === undefined) return { from: this.#first, intervalS }
    if (intervalS * apart < heldS) {
      const first = newest.findIndex((ms) => ms < intervalS * secondMs * apart)
      return { from: this.#starts.at(first - newest.length)!, intervalS }
    }
    return intervalS > heldS * apart ? this.#longer(newest, heldS, intervalS) : undefined
  }

  #longer(newest: readonly number[], heldS: number, intervalS: number): LearntInterval | undefined {
    const isOld = (ms: number): boolean => ms <= heldS * secondMs * apart
    const alike = newest.filter((ms) => isAlike(ms, intervalS * secondMs)).length
    const isClear = !newest.some(isOld) && alike >= newest.length * alikeShare
    const isSure = this.#lengths.length === gapsSure && !this.#lengths.some(isOld)
    if (!isClear && !isSure) return undefined
    return { from: this.#starts[this.#lengths.findLastIndex(isOld) + 1]!, intervalS }
  }
}

function isAlike(a: number, b: number): boolean {
  return a * apart > b && a < b * apart
}

/** `before` with another interval from a moment to `until`; what was known of the time after that holds there again. */
export function painted(
  before: readonly LearntInterval[],
  change: LearntInterval,
  until: number
): LearntInterval[] {
  const rows = [...before.filter(({ from }) => from < change.from), change]
  const after = until === Infinity ? undefined : before.findLast(({ from }) => from <= until)
  if (after) rows.push({ ...after, from: until })
  const end = until === Infinity ? change.from : until
  rows.push(...before.filter(({ from }) => from > end))
  return rows.filter((row, i) => i === 0 || row.intervalS !== rows[i - 1]!.intervalS)
}

/** Stretches in which two answers differ; the first interval that is known holds for all time before as well. */
export function differing(before: readonly LearntInterval[], after: readonly LearntInterval[]): Stretch[] {
  const bounds = [-Infinity, ...[...before, ...after].map(({ from }) => from)].sort((a, b) => a - b)
  const at = (rows: readonly LearntInterval[], time: number): number | undefined =>
    (rows.findLast(({ from }) => from <= time) ?? rows[0])?.intervalS
  const found: Stretch[] = []
  bounds.forEach((from, i) => {
    const until = bounds[i + 1] ?? Infinity
    if (from === until || at(before, from) === at(after, from)) return
    if (found.at(-1)?.until === from) found.at(-1)!.until = until
    else found.push({ from, until })
  })
  return found
}
