/** What drifts over the whole neighbourhood: particles of traffic far away, of stoves, of bonfires. */
import { dayMs, hourMs } from '../model/time.ts'
import { noiseKey, smoothAt, uniformAt, type NoiseKey } from './random.ts'
import { bonfireStrength, type Story } from './scenario.ts'
import { clamp01, type Weather } from './weather.ts'

/** The share of the air that neighbours have in common; µg/m³ of dry particles. */
export interface SharedAir {
  /** How little the air is stirred: 1 on an ordinary day, 3 on a calm frosty evening. */
  dispersion: number
  finePm: number
  coarsePm: number
  /** Of the stoves of an ordinary terrace. */
  woodSmokePm: number
  bonfirePm: number
  /** How much larger an optical sensor sees the particles because they took up water. */
  growth: number
}

/** One episode of continental air begins in each of these periods: a handful in a season, as in the UK. */
const episodePeriodMs = 20 * dayMs
const bonfirePmPeak = 105

export class AirMass {
  readonly #story: Story
  readonly #slow: NoiseKey
  readonly #quick: NoiseKey
  readonly #coarse: NoiseKey
  readonly #episode: NoiseKey

  constructor(seed: number, story: Story) {
    this.#story = story
    this.#slow = noiseKey(seed, 'air slow')
    this.#quick = noiseKey(seed, 'air quick')
    this.#coarse = noiseKey(seed, 'air coarse')
    this.#episode = noiseKey(seed, 'air episode')
  }

  at(t: number, localHour: number, weather: Weather): SharedAir {
    const days = t / dayMs
    const dispersion = Math.min(1.7, 2.9 / (weather.windMs + 1.1)) * (1 + 1.1 * weather.inversion)
    const washedOut = 1 - 0.5 * clamp01(weather.rainMmH)
    const background =
      4.9 * Math.exp(0.5 * smoothAt(this.#slow, days / 2.6) + 0.2 * smoothAt(this.#quick, days * 3))
    const cold = clamp01((13 - weather.temperatureC) / 10)
    return {
      dispersion,
      finePm: (background * dispersion ** 0.35 + this.#episodePm(t)) * washedOut,
      coarsePm: 3.4 * Math.exp(0.5 * smoothAt(this.#coarse, days / 1.8)) * washedOut,
      woodSmokePm: 4.2 * stoves(localHour) * cold * dispersion ** 1.4,
      bonfirePm: bonfirePmPeak * this.#bonfires(t) * Math.min(2, dispersion ** 0.5),
      growth: hygroscopicGrowth(weather.humidityPct)
    }
  }

  /** Two days or so of dirty air from far away, the same for all: rising and falling as a squared sine. */
  #episodePm(t: number): number {
    const period = Math.floor(t / episodePeriodMs)
    const lengthMs = (44 + 30 * uniformAt(this.#episode, period * 3)) * hourMs
    const from = (period + uniformAt(this.#episode, period * 3 + 1) * 0.8) * episodePeriodMs
    const part = (t - from) / lengthMs
    if (part <= 0 || part >= 1) return 0
    const peak = 15 + 20 * uniformAt(this.#episode, period * 3 + 2)
    return peak * Math.sin(Math.PI * part) ** 2
  }

  #bonfires(t: number): number {
    let sum = 0
    for (const { at, size } of this.#story.bonfires) sum += size * bonfireStrength(t - at)
    return sum
  }
}

/** Stoves are lit when people come home: from five, most at eight, out by one. */
function stoves(localHour: number): number {
  const since = (localHour + 24 - 16.5) % 24
  return since > 9 ? 0 : Math.sin((Math.PI * since) / 9) ** 1.5
}

/**
 * κ-Köhler growth of the scattering volume, as Crilley et al. (2018, Atmos. Meas. Tech. 11, 709) use it to correct
 * optical counters; κ/1.65 = 0.09 here, at the low end, and never beyond 95 % humidity, where they saturate.
 */
function hygroscopicGrowth(humidity: number): number {
  const activity = Math.min(0.95, Math.max(0, humidity / 100))
  return 1 + (0.09 * activity) / (1 - activity)
}
