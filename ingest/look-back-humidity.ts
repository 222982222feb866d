/** Brings a humidity that stays at an end of its scale, with the temperature beside it, before the judge of such stretches. */
import { quantities } from '../model/quantity.ts'
import type { SensorFamily } from '../model/sensor.ts'
import { hourMs } from '../model/time.ts'
import {
  dht22Highest,
  dry,
  judgeDry,
  judgeWet,
  pinnedReachMs,
  wet,
  type PinnedStretch,
  type PinnedVerdict
} from '../science/pinned-humidity.ts'
import { median } from '../science/street.ts'
import { own, type Work } from './look-back-work.ts'

export interface HumidityBox {
  humidity: Work
  /** Of the same box at the same site. */
  temperature: Work | undefined
  isOutdoor: boolean
  family: SensorFamily | undefined
}

export function markPinned(box: HumidityBox): void {
  const { humidity, isOutdoor, family } = box
  for (const run of runsOf(humidity, (value) => value >= wet.from, wet)) {
    markRun(box, run, (stretch, hasDoubted) => {
      const sticks = family ? family === 'dht22' : hasDoubted || isOfDht22(stretch)
      return judgeWet(stretch, { sticks, isOutdoor })
    })
  }
  const isFine = humidity.good.some((index) => !Number.isInteger(humidity.series.value[index]))
  for (const run of runsOf(humidity, (value) => value <= dry.until, dry)) {
    markRun(box, run, (stretch) => judgeDry(stretch, { isFine }))
  }
}

function isOfDht22({ lowest, highest }: PinnedStretch): boolean {
  return lowest === dht22Highest && highest === dht22Highest
}

/** Indexes into `good`: from `first` up to, not including, `after`. */
interface Run {
  first: number
  after: number
}

/** Unbroken runs of readings within limits that last long enough to be looked at. */
function* runsOf(
  { series: { time, value }, good }: Work,
  isWithin: (value: number) => boolean,
  { forMs, gapMs }: { forMs: number; gapMs: number }
): Generator<Run> {
  for (let first = 0, after = 0; first < good.length; first = after) {
    after = first + 1
    if (!isWithin(value[good[first]!]!)) continue
    while (after < good.length && isWithin(value[good[after]!]!)) {
      if (time[good[after]!]! - time[good[after - 1]!]! > gapMs) break
      after++
    }
    if (time[good[after - 1]!]! - time[good[first]!]! >= forMs) yield { first, after }
  }
}

/**
 * One verdict for each hour of the clock (UTC), from as much of the run as lies within the reach of that hour: so it is the
 * same however much of the run was loaded.
 */
function markRun(
  { humidity, temperature }: HumidityBox,
  run: Run,
  judge: (stretch: PinnedStretch, hasDoubted: boolean) => PinnedVerdict
): void {
  const hours = hoursOf(humidity, run, temperature)
  for (const { hour, first, after } of hours) {
    const near = hours.filter((other) => Math.abs(other.hour - hour) <= pinnedReachMs)
    const verdict = judge(
      stretchOf(near),
      near.some(({ hasDoubted }) => hasDoubted)
    )
    if (verdict === 'measured') continue
    for (let k = first; k < after; k++) {
      const index = humidity.good[k]!
      humidity.found[index]! |= own.stuck
      if (verdict === 'broken') humidity.failed[index] = true
    }
  }
}

/** What a run holds of one hour of the clock. */
interface RunHour extends Run {
  hour: number
  start: number
  end: number
  lowest: number
  highest: number
  /** One of its readings was doubted on the way in, as a DHT22's highest value is. */
  hasDoubted: boolean
  /** Median of the temperature while the run lasted; null where none was measured. */
  temperatureC: number | null
}

function hoursOf({ series, good, baseReasons }: Work, run: Run, temperature: Work | undefined): RunHour[] {
  const warmth = hourlyMedians(
    temperature,
    series.time[good[run.first]!]!,
    series.time[good[run.after - 1]!]!
  )
  const hours: RunHour[] = []
  for (let k = run.first; k < run.after; k++) {
    const index = good[k]!
    const [time, value] = [series.time[index]!, Math.min(series.value[index]!, quantities.humidity.figureMax)]
    const hour = Math.floor(time / hourMs) * hourMs
    const hasDoubted = (baseReasons[index]! & own.stuck) !== 0
    const last = hours.at(-1)
    if (last?.hour === hour) {
      last.after = k + 1
      last.end = time
      last.lowest = Math.min(last.lowest, value)
      last.highest = Math.max(last.highest, value)
      last.hasDoubted ||= hasDoubted
    } else {
      hours.push({
        hour,
        first: k,
        after: k + 1,
        start: time,
        end: time,
        lowest: value,
        highest: value,
        hasDoubted,
        temperatureC: warmth.get(hour) ?? null
      })
    }
  }
  return hours
}

function stretchOf(hours: readonly RunHour[]): PinnedStretch {
  return {
    lastedMs: hours.at(-1)!.end - hours[0]!.start,
    lowest: Math.min(...hours.map(({ lowest }) => lowest)),
    highest: Math.max(...hours.map(({ highest }) => highest)),
    hourlyC: hours.flatMap(({ temperatureC }) => temperatureC ?? [])
  }
}

/** Of the readings from `start` to `end`, both included, by the hour of the clock. */
function hourlyMedians(work: Work | undefined, start: number, end: number): Map<number, number> {
  if (!work) return new Map()
  const { series, good } = work
  const hours = new Map<number, number[]>()
  for (const index of good) {
    const time = series.time[index]!
    if (time < start || time > end) continue
    const hour = Math.floor(time / hourMs) * hourMs
    const values = hours.get(hour)
    if (values) values.push(series.value[index]!)
    else hours.set(hour, [series.value[index]!])
  }
  return new Map([...hours].map(([hour, values]) => [hour, median(values)!]))
}
