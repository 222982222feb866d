/** From what a clock showed to the moment it showed it: a fixed offset, or a zone with its clock changes. Pure. */
import { minuteMs, secondMs, zoneAheadMs, type UnixMs } from '../../model/time.ts'
import { roundsOf, type DoubledRun, type Round } from './doubled-hours.ts'

/** The moment, or why there is none: the clock left that time out, or showed it twice and nothing says which is meant. */
export type Moment = UnixMs | 'neverShown' | 'shownTwice'

/** `series` tells the rows of one sensor and quantity, which come in an order, from those of others. */
export type LocalClock = (wallMs: number, series: string) => Moment

export function fixedClock(aheadMs: number): LocalClock {
  return (wallMs) => (wallMs - aheadMs) as UnixMs
}

/** Of each series of a file, in its order, the rounds of the rows whose time was shown twice. */
export type DoubledRounds = ReadonlyMap<string, readonly Round[]>

/** Reads a whole file's times as they come, to say afterwards which rounds its doubled hours are of. */
export class DoubledHourSurvey {
  readonly #offsets: (wallMs: number) => readonly number[]
  readonly #intervalMs: number | undefined
  readonly #series = new Map<string, { rounds: Round[]; run: OpenRun | undefined; lastMs: number | null }>()

  constructor(zone: string, intervalS?: number) {
    this.#offsets = offsetsIn(zone)
    this.#intervalMs = intervalS === undefined ? undefined : intervalS * secondMs
  }

  /** A moment for a first look: of a time that was shown twice the first. */
  readonly clock: LocalClock = (wallMs, name) => {
    const [first, second] = this.#offsets(wallMs)
    if (first === undefined) return 'neverShown'
    let series = this.#series.get(name)
    if (!series) this.#series.set(name, (series = { rounds: [], run: undefined, lastMs: null }))
    const moment = wallMs - first
    if (series.run && !(second !== undefined && series.run.isOf(first, second, wallMs))) {
      series.rounds.push(...series.run.end(moment))
      series.run = undefined
    }
    if (second !== undefined) {
      series.run ??= new OpenRun(first, second, series.lastMs, this.#intervalMs)
      series.run.add(wallMs)
    }
    series.lastMs = moment
    return moment as UnixMs
  }

  rounds(): DoubledRounds {
    const found = new Map<string, Round[]>()
    for (const [name, { rounds, run }] of this.#series) {
      const all = run ? [...rounds, ...run.end(null)] : rounds
      if (all.length > 0) found.set(name, all)
    }
    return found
  }
}

/** Two clock changes back lie months apart, so times within a day of each other are of one. */
const sameChangeMs = 24 * 60 * minuteMs

class OpenRun {
  readonly #firstAhead: number
  readonly #secondAhead: number
  readonly #beforeMs: number | null
  readonly #intervalMs: number | undefined
  readonly #wallMs: number[] = []

  constructor(
    firstAhead: number,
    secondAhead: number,
    beforeMs: number | null,
    intervalMs: number | undefined
  ) {
    this.#firstAhead = firstAhead
    this.#secondAhead = secondAhead
    this.#beforeMs = beforeMs
    this.#intervalMs = intervalMs
  }

  isOf(firstAhead: number, secondAhead: number, wallMs: number): boolean {
    const isSameChange = firstAhead === this.#firstAhead && secondAhead === this.#secondAhead
    return isSameChange && Math.abs(wallMs - this.#wallMs[0]!) < sameChangeMs
  }

  add(wallMs: number): void {
    this.#wallMs.push(wallMs)
  }

  /** In moments of the first round, so that the rows around, which have one moment each, are on the same scale. */
  end(afterMs: number | null): Round[] {
    const run: DoubledRun = {
      wallMs: this.#wallMs.map((wallMs) => wallMs - this.#firstAhead),
      laterMs: this.#firstAhead - this.#secondAhead,
      beforeMs: this.#beforeMs,
      afterMs,
      intervalMs: this.#intervalMs
    }
    return roundsOf(run)
  }
}

/** `rounds` are those of a survey of the same rows in the same order. */
export function zoneClock(zone: string, rounds: DoubledRounds): LocalClock {
  const offsets = offsetsIn(zone)
  const next = new Map<string, number>()
  return (wallMs, series) => {
    const [first, second] = offsets(wallMs)
    if (first === undefined) return 'neverShown'
    if (second === undefined) return (wallMs - first) as UnixMs
    const index = next.get(series) ?? 0
    next.set(series, index + 1)
    const round = rounds.get(series)?.[index] ?? null
    if (round === null) return 'shownTwice'
    return (wallMs - (round === 'first' ? first : second)) as UnixMs
  }
}

/** Offsets at which the clock shows a time: none in the gap of spring, two in autumn (the summer one first). */
function offsetsIn(zone: string): (wallMs: number) => readonly number[] {
  // All clock changes of this century lie on a quarter of an hour, and rows come in order, so the last answer serves.
  const bucketMs = 15 * minuteMs
  let bucket = NaN
  let offsets: readonly number[] = []
  return (wallMs) => {
    const asked = Math.floor(wallMs / bucketMs)
    if (asked !== bucket) {
      bucket = asked
      offsets = offsetsAt(asked * bucketMs, zone)
    }
    return offsets
  }
}

/** No offset is beyond 14 hours, so one before and one after the change are among these two. */
function offsetsAt(wallMs: number, zone: string): number[] {
  const aroundMs = 16 * 60 * minuteMs
  const candidates = new Set([
    zoneAheadMs((wallMs - aroundMs) as UnixMs, zone),
    zoneAheadMs((wallMs + aroundMs) as UnixMs, zone)
  ])
  return [...candidates]
    .filter((ahead) => zoneAheadMs((wallMs - ahead) as UnixMs, zone) === ahead)
    .toSorted((a, b) => b - a)
}
