/** Bootstrap: what a figure would have been with other luck. Randomness is handed in, so that a seed repeats a result. */
import { quantile } from './street.ts'

/** A number from 0 (inclusive) to 1 (exclusive), as Math.random gives it. */
export type Random = () => number

export type Interval = readonly [low: number, high: number]

/** mulberry32 (Ettinger 2017): small, and good enough to choose days by; the same seed gives the same numbers. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Places of one moving-block sample (Künsch 1989) of the same length: neighbours stay together, since months and days
 * that follow each other are alike and count for less than as many strangers.
 */
export function blockSample(count: number, blockLength: number, random: Random): number[] {
  const length = Math.min(Math.max(1, Math.round(blockLength)), count)
  const places: number[] = []
  while (places.length < count) {
    const start = Math.floor(random() * (count - length + 1))
    for (let i = 0; i < length && places.length < count; i++) places.push(start + i)
  }
  return places
}

/** The middle 95 % of what `repeats` samples gave; null without any. */
export function bootstrapInterval(sample: () => number | null, repeats: number): Interval | null {
  const results: number[] = []
  for (let i = 0; i < repeats; i++) {
    const one = sample()
    if (one !== null) results.push(one)
  }
  const [low, high] = [quantile(results, 0.025), quantile(results, 0.975)]
  return low === null || high === null ? null : [low, high]
}
