/** What an air box on a wall measures: what drifts over all, what its street and its chimneys add, and its own faults. */
import { minuteMs } from '../model/time.ts'
import type { Moment } from './environment.ts'
import { createRandom, noiseKey, normalAt, smoothAt, type NoiseKey } from './random.ts'
import type { StreetCharacter } from './street-kind.ts'
import { humidityPct } from './vapour.ts'
import { clamp01 } from './weather.ts'

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
