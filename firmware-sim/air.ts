/** Particles: what drifts over the whole neighbourhood, and what each street and site adds. */
import { dayMs, hourMs, minuteMs } from '../model/time.ts'
import type { Moment } from './environment.ts'
import { createRandom, noiseKey, normalAt, smoothAt, uniformAt, type NoiseKey } from './random.ts'
import { bonfireStrength, type Story } from './scenario.ts'
import type { StreetCharacter } from './street-kind.ts'
import { humidityPct } from './vapour.ts'
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
export function hygroscopicGrowth(humidity: number): number {
  const activity = Math.min(0.95, Math.max(0, humidity / 100))
  return 1 + (0.09 * activity) / (1 - activity)
}

/** What an air box would measure if it were perfect but for its own gain and noise. */
export interface AirSample {
  pm1: number
  pm2_5: number
  pm10: number
  temperature: number
  humidity: number
  pressure: number
}

/** One outdoor place with its neighbours' chimneys and one box with its own faults of calibration. */
export class AirSite {
  readonly #street: StreetCharacter
  readonly #wander: NoiseKey
  readonly #sample: NoiseKey
  readonly #traffic: number
  readonly #smoke: number
  readonly #bonfire: number
  readonly #gain: number
  readonly #coarseGain: number
  readonly #fineShare: number
  readonly #warmC: number
  readonly #humidityOffset: number
  readonly #pressureOffset: number
  readonly #dampC: number

  constructor(seed: number, name: string, street: StreetCharacter) {
    const key = noiseKey(seed, `air site ${name}`)
    const random = createRandom(key)
    this.#street = street
    this.#wander = noiseKey(key, 'wander')
    this.#sample = noiseKey(key, 'sample')
    this.#traffic = Math.exp(random.normal(0, 0.22))
    this.#smoke = Math.exp(random.normal(0, 0.45))
    this.#bonfire = Math.exp(random.normal(0, 0.2))
    // Boxes of one type differ by 10 % or so (the SPS30's own specification); cheaper ones more.
    this.#gain = Math.min(1.35, Math.max(0.75, random.normal(1, 0.09)))
    this.#coarseGain = random.between(0.7, 1.1)
    this.#fineShare = random.between(0.66, 0.76)
    this.#warmC = random.between(0.2, 1)
    this.#humidityOffset = random.normal(0, 1.6)
    this.#pressureOffset = random.normal(0, 0.5)
    this.#dampC = random.between(-0.3, 0.4)
  }

  at(moment: Moment, into: AirSample): void {
    const seconds = Math.floor(moment.t / 1_000)
    const minutes = moment.t / minuteMs
    const local = 1 + 0.12 * smoothAt(this.#wander, minutes / 23)
    const driven = this.#street.traffic * moment.trafficFlow + 0.9 * this.#street.school * moment.schoolRun
    const exhaust = 3.1 * this.#traffic * driven * moment.dispersion
    const smoke =
      this.#street.woodSmoke * this.#smoke * moment.woodSmokePm +
      this.#street.bonfire * this.#bonfire * moment.bonfirePm
    const fine = (moment.finePm + exhaust + smoke) * local
    const shown = fine * this.#gain * moment.growth * (1 + 0.035 * normalAt(this.#sample, seconds))
    const dust = moment.coarsePm + 4 * driven * (1 - clamp01(2 * moment.rainMmH))

    into.pm2_5 = Math.max(0.2, shown)
    into.pm1 = into.pm2_5 * (this.#fineShare + 0.07 * smoothAt(this.#wander, 5_000 + minutes / 180))
    into.pm10 =
      into.pm2_5 + dust * this.#coarseGain * (1 + 0.1 * Math.abs(normalAt(this.#sample, seconds ^ 0x5bd1)))

    // A box in the sun is an oven of its own, and its humidity is that of the warmer air inside.
    into.temperature =
      moment.temperatureC + this.#warmC + 2.2 * moment.sun + 0.06 * normalAt(this.#sample, seconds ^ 0x2f11)
    const humidity = humidityPct(into.temperature, moment.dewPointC + this.#dampC) + this.#humidityOffset
    into.humidity = Math.min(100, Math.max(5, humidity))
    into.pressure = moment.pressureHpa + this.#pressureOffset
  }
}
