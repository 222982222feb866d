/**
 * Whether a humidity that stays at the end of its scale is the air or a sensor that no longer measures. A wet sensor is not
 * a broken one: fog, a cellar and a bathroom stand at 100 % for days. What tells the two apart is the temperature beside it,
 * since air that warms by several degrees without water to take up is no longer saturated.
 */
import type { About } from './about.ts'
import { dewPoint } from './damp.ts'
import { hourMs, minuteMs } from '../model/time.ts'
import { isKnown } from '../model/known.ts'

/** Sensors that cut off at 100 % and at 99.9 %, with a digit to spare. */
export const wet = { from: 99.8, forMs: 6 * hourMs, gapMs: hourMs } as const

/** No inhabited place is as dry for long, deserts apart. */
export const dry = { until: 2, forMs: hourMs, gapMs: 30 * minuteMs } as const

/** Of a stretch, what lies within this before and after a reading is looked at: a night and the days beside it. */
export const pinnedReachMs = 24 * hourMs

/**
 * How far the hourly temperature may move, °C, while the humidity stays at the top. In two months of fog at a BME280
 * (Aberdeen, spring 2019) it moved by 3.4 at most; at a DHT22 of that town which stayed at 99.9 % for weeks, by 16.5. Fronts
 * warm saturated air by more than 8, but not up and down again within two days.
 */
const moves = { sticking: { outdoors: 4.5, indoors: 8 }, others: 8 } as const

/** A dew point that warm air has nowhere, deserts included, °C. */
const dewPointMinC = -35

/** So long has a value that never changes by a digit no measurement behind it, where there is no temperature to ask. */
const exactForMs = { wet: 24 * hourMs, dry: 3 * hourMs } as const

/** What the page of methods says of these. */
export const about = {
  pinnedWet: {
    title: 'Humidity at the top of its scale',
    formula: `RH ≥ ${wet.from} % for ${wet.forMs / hourMs} h while T rises and falls by ${moves.others} °C or more`,
    range:
      `outdoors, within ${pinnedReachMs / hourMs} h before and after; a DHT22 fails from ${moves.sticking.outdoors} °C ` +
      `outdoors and ${moves.sticking.indoors} °C indoors, and is doubted below that`,
    source: 'a convention of this project, from two months of DHT22 and BME280 in one town (Aberdeen 2019)',
    version: 2
  },
  pinnedDry: {
    title: 'Humidity at the bottom of its scale',
    formula:
      `RH ≤ ${dry.until} % for ${dry.forMs / hourMs} h with a dew point below −${-dewPointMinC} °C, ` +
      `or one value for ${exactForMs.dry / hourMs} h`,
    source: 'a convention of this project',
    version: 2
  }
} as const satisfies Record<string, About>

/** The highest value of a DHT22 (AM2302): a series that stays at exactly this is taken for one where no family is known. */
export const dht22Highest = 99.9

export interface PinnedStretch {
  lastedMs: number
  /** Lowest and highest humidity in it, %. */
  lowest: number
  highest: number
  /** Hourly medians of the temperature that the same box measured in it, °C, oldest first. */
  hourlyC: readonly number[]
}

export type PinnedVerdict = 'measured' | 'doubtful' | 'broken'

/** `sticks`: its family is known to stay at the end of its scale once it got wet, as a DHT22 does. */
export function judgeWet(
  { lastedMs, lowest, highest, hourlyC: given }: PinnedStretch,
  { sticks, isOutdoor }: { sticks: boolean; isOutdoor: boolean }
): PinnedVerdict {
  if (lastedMs < wet.forMs) return 'measured'
  const hourlyC = given.filter(isKnown)
  if (hourlyC.length === 0) {
    const isExact = lowest === highest && lastedMs >= exactForMs.wet
    return sticks || isExact ? 'doubtful' : 'measured'
  }
  if (sticks) {
    const allowed = isOutdoor ? moves.sticking.outdoors : moves.sticking.indoors
    return rangeOf(hourlyC) >= allowed ? 'broken' : 'doubtful'
  }
  if (isOutdoor) {
    if (turnOf(hourlyC) >= moves.others) return 'broken'
    return rangeOf(hourlyC) >= moves.others ? 'doubtful' : 'measured'
  }
  // Indoors a shower brings the warmth and the water together.
  return turnOf(hourlyC) >= moves.others ? 'doubtful' : 'measured'
}

/** `isFine`: the sensor gives tenths, so that one value for hours is no rounding. */
export function judgeDry(
  { lastedMs, lowest, highest, hourlyC: given }: PinnedStretch,
  { isFine }: { isFine: boolean }
): PinnedVerdict {
  if (lastedMs < dry.forMs) return 'measured'
  if (isFine && lowest === highest && lastedMs >= exactForMs.dry) return 'broken'
  const hourlyC = given.filter(isKnown)
  if (hourlyC.length === 0) return 'doubtful'
  // Of 0 % there is no dew point at all, and no such air.
  const warmest = dewPoint(Math.max(...hourlyC), highest)
  return warmest === null || warmest < dewPointMinC ? 'broken' : 'doubtful'
}

function rangeOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}

/** The largest rise that is followed by as large a fall, or fall by as large a rise: 0 where values only rise or only fall. */
export function turnOf(values: readonly number[]): number {
  const [lowestFrom, highestFrom] = [[...values], [...values]]
  for (let i = values.length - 2; i >= 0; i--) {
    lowestFrom[i] = Math.min(values[i]!, lowestFrom[i + 1]!)
    highestFrom[i] = Math.max(values[i]!, highestFrom[i + 1]!)
  }
  let [lowest, highest, turn] = [Infinity, -Infinity, 0]
  values.forEach((value, i) => {
    lowest = Math.min(lowest, value)
    highest = Math.max(highest, value)
    const peak = Math.min(value - lowest, value - lowestFrom[i]!)
    const trough = Math.min(highest - value, highestFrom[i]! - value)
    turn = Math.max(turn, peak, trough)
  })
  return turn
}
