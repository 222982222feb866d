/**
 * How often devices measure, for each stretch of time. What was said of a device holds for all of its quantities: for all
 * time, or for the stretch of an import. Where nothing was said each series has what was learnt from its readings
 * (interval-learner.ts): a board may send particles every 145 seconds and its climate every minute.
 */
import type { UnixMs } from '../../model/time.ts'
import type { SaidInterval } from '../promise/keep.ts'
import type { Series } from './catalogue.ts'

export interface Interval {
  /** Seconds between two readings, or the longest silence where `onChange`. */
  intervalS: number
  /** The device speaks when something changed, and otherwise only after the longest silence. */
  onChange: boolean
}

/** Half-open; the first and the last may reach to -Infinity and Infinity. */
export interface IntervalStretch extends Interval {
  from: number
  until: number
}

/** Of a series, from here on. */
export interface LearntInterval {
  from: number
  intervalS: number
}

export class Intervals {
  /** Said of a device for all time. */
  readonly #said = new Map<string, Interval>()
  /** Said of a device for a stretch of time (an import); in order, none overlapping. */
  readonly #saidOf = new Map<string, IntervalStretch[]>()
  /** By series, oldest first; the first begins with the first reading that it was learnt from. */
  readonly #learnt = new Map<number, LearntInterval[]>()
  /** What `of` gave, until something changes. */
  readonly #known = new Map<number, readonly IntervalStretch[]>()

  clear(): void {
    for (const map of [this.#said, this.#saidOf, this.#learnt, this.#known]) map.clear()
  }

  said(deviceId: string): Interval | undefined {
    return this.#said.get(deviceId)
  }

  /** undefined takes it back. */
  say(deviceId: string, interval: Interval | undefined): void {
    if (interval) this.#said.set(deviceId, interval)
    else this.#said.delete(deviceId)
    this.#known.clear()
  }

  /** All of it, what holds for all time first. */
  allSaid(): { deviceId: string; said: SaidInterval }[] {
    const always = [...this.#said].map(([deviceId, said]) => ({ deviceId, said }))
    const stretches = [...this.#saidOf].flatMap(([deviceId, of]) =>
      of.map(({ intervalS, onChange, from, until }) => ({
        deviceId,
        said: {
          intervalS,
          onChange,
          ...(from !== -Infinity && { from: from as UnixMs }),
          ...(until !== Infinity && { until: until as UnixMs })
        }
      }))
    )
    return [...always, ...stretches]
  }

  saidStretches(deviceId: string): readonly IntervalStretch[] {
    return this.#saidOf.get(deviceId) ?? []
  }

  /** The newest word on a stretch is the one that holds. */
  sayOf(deviceId: string, stretch: IntervalStretch): void {
    const before = this.saidStretches(deviceId).flatMap((one) => outsideOf(one, stretch))
    this.#saidOf.set(
      deviceId,
      [...before, stretch].sort((a, b) => a.from - b.from)
    )
    this.#known.clear()
  }

  learnt({ id }: Pick<Series, 'id'>): readonly LearntInterval[] {
    return this.#learnt.get(id) ?? []
  }

  setLearnt({ id }: Pick<Series, 'id'>, rows: readonly LearntInterval[]): void {
    if (rows.length > 0) this.#learnt.set(id, [...rows])
    else this.#learnt.delete(id)
    this.#known.delete(id)
  }

  /** All that is known, oldest first, without a gap unless nothing is known of a stretch. */
  of(series: Series): readonly IntervalStretch[] {
    let known = this.#known.get(series.id)
    if (!known) this.#known.set(series.id, (known = this.#collect(series)))
    return known
  }

  #collect(series: Series): IntervalStretch[] {
    const said = this.#said.get(series.deviceId)
    const learnt = this.learnt(series)
    const base: IntervalStretch[] = said
      ? [{ ...said, from: -Infinity, until: Infinity }]
      : learnt.map(({ from, intervalS }, i) => ({
          // Too little was measured before to learn from.
          from: i === 0 ? -Infinity : from,
          until: learnt[i + 1]?.from ?? Infinity,
          intervalS,
          onChange: false
        }))
    const own = this.saidStretches(series.deviceId)
    if (own.length === 0) return base
    const rest = own.reduce((left, one) => left.flatMap((stretch) => outsideOf(stretch, one)), base)
    return [...rest, ...own].sort((a, b) => a.from - b.from)
  }

  at(series: Series, time: number): Interval | undefined {
    return this.of(series).find(({ from, until }) => from <= time && time < until)
  }

  /** What holds now. */
  newest(series: Series): Interval | undefined {
    return this.of(series).at(-1)
  }

  /** May it be learnt, as nobody said it of this moment? */
  isOpen({ deviceId }: Series, time: number): boolean {
    if (this.#said.has(deviceId)) return false
    return !this.saidStretches(deviceId).some(({ from, until }) => from <= time && time < until)
  }

  /** What was said of a device that is gone for good. */
  forgetDevice(deviceId: string): void {
    this.#said.delete(deviceId)
    this.#saidOf.delete(deviceId)
    this.#known.clear()
  }

  forget(series: Series): void {
    this.#learnt.delete(series.id)
    this.#known.delete(series.id)
  }
}

/** What of a stretch lies outside of another. */
function outsideOf(one: IntervalStretch, other: { from: number; until: number }): IntervalStretch[] {
  if (other.until <= one.from || one.until <= other.from) return [one]
  const parts: IntervalStretch[] = []
  if (one.from < other.from) parts.push({ ...one, until: other.from })
  if (other.until < one.until) parts.push({ ...one, from: other.until })
  return parts
}
