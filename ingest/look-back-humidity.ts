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
import {
  hoursOf,
  lastedMs,
  markHour,
  nearHours,
  runsOf,
  type Run,
  type RunHour,
  type RunRule
} from './look-back-runs.ts'
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
  const isWet = (value: number): boolean => value >= wet.from
  markRuns(box, { ...wet, belongs: isWet }, (stretch, hours) => {
    const sticks = family ? family === 'dht22' : hours.some(isDoubted) || isOfDht22(stretch)
    return judgeWet(stretch, { sticks, isOutdoor })
  })
  const { time, value } = humidity.series
  // Tenths show that the sensor gives tenths, so that one whole number for hours is no rounding.
  const fineAt = humidity.good.filter((index) => !Number.isInteger(value[index])).map((index) => time[index]!)
  const isDry = (value: number): boolean => value <= dry.until
  markRuns(box, { ...dry, belongs: isDry }, (stretch, _hours, { hour }) => {
    const isFine = fineAt.some((at) => at >= hour - pinnedReachMs && at < hour + hourMs + pinnedReachMs)
    return judgeDry(stretch, { isFine })
  })
}

function isOfDht22({ lowest, highest }: PinnedStretch): boolean {
  return lowest === dht22Highest && highest === dht22Highest
}

interface HumidHour extends RunHour {
  /** One of its readings was doubted on the way in, as a DHT22's highest value is. */
  isDoubted: boolean
  /** Median of the temperature while the run lasted; null where none was measured. */
  temperatureC: number | null
}

const isDoubted = (hour: HumidHour): boolean => hour.isDoubted

/** One verdict for each hour of each run. */
function markRuns(
  { humidity, temperature }: HumidityBox,
  rule: RunRule,
  judge: (stretch: PinnedStretch, near: readonly HumidHour[], hour: HumidHour) => PinnedVerdict
): void {
  for (const run of runsOf(humidity, rule)) {
    for (const { hour, near } of nearHours(humidHoursOf(humidity, run, temperature), pinnedReachMs)) {
      const verdict = judge(stretchOf(near), near, hour)
      if (verdict !== 'measured') markHour(humidity, hour, own.stuck, verdict === 'broken')
    }
  }
}

function humidHoursOf(humidity: Work, run: Run, temperature: Work | undefined): HumidHour[] {
  const { good, baseReasons } = humidity
  const hours = hoursOf(humidity, run)
  const warmth = hourlyMedians(temperature, hours[0]!.start, hours.at(-1)!.end)
  return hours.map((hour) => {
    let doubted = false
    for (let k = hour.first; k < hour.after; k++) doubted ||= (baseReasons[good[k]!]! & own.stuck) !== 0
    return { ...hour, isDoubted: doubted, temperatureC: warmth.get(hour.hour) ?? null }
  })
}

function stretchOf(hours: readonly HumidHour[]): PinnedStretch {
  const highest = Math.max(...hours.map((hour) => hour.highest))
  return {
    lastedMs: lastedMs(hours),
    lowest: Math.min(quantities.humidity.figureMax, ...hours.map((hour) => hour.lowest)),
    highest: Math.min(highest, quantities.humidity.figureMax),
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
