/** A home's air: how it is heated, what its people do with water, and how cold its coldest corner is. */
import { dayMs, hourMs, minuteMs } from '../model/time.ts'
import type { Moment } from './environment.ts'
import { HeatingPlan } from './heating.ts'
import { drawProfile, type HomeKind, type HomeProfile } from './home-profile.ts'
import { MoisturePlan } from './moisture.ts'
import { createRandom, noiseKey, normalAt, smoothAt, type NoiseKey } from './random.ts'
import { saturatedVapourGm3 } from './vapour.ts'
import { clamp01 } from './weather.ts'

export interface HomeSample {
  temperature: number
  humidity: number
  surface_temperature: number
}

export class Home {
  readonly profile: HomeProfile
  readonly #heating: HeatingPlan
  readonly #moisture: MoisturePlan
  readonly #wander: NoiseKey
  readonly #sample: NoiseKey

  /** `name` names the home: two boxes in one home share its habits. `outdoorC` is what its walls feel outside at a local time. */
  constructor(seed: number, name: string, kind: HomeKind, outdoorC: (localMs: number) => number) {
    const key = noiseKey(seed, `home ${name}`)
    this.profile = drawProfile(createRandom(key), kind)
    this.#heating = new HeatingPlan(key, this.profile, outdoorC)
    this.#moisture = new MoisturePlan(key, this.profile)
    this.#wander = noiseKey(key, 'wander')
    this.#sample = noiseKey(key, 'sample')
  }

  at(moment: Moment, into: HomeSample): void {
    const { profile } = this
    const localMs = moment.localDay * dayMs + moment.localHour * hourMs
    const seconds = Math.floor(moment.t / 1_000)
    const roomC =
      this.#heating.temperatureAt(localMs, moment.localDay) +
      0.35 * smoothAt(this.#wander, moment.t / (47 * minuteMs)) +
      0.8 * moment.sun

    // Windows open when it is warm outside: what people give off is then gone sooner.
    const shut = clamp01((21 - moment.wallC) / 14)
    const open = 0.25 + 0.75 * shut
    const outdoorGm3 = (saturatedVapourGm3(moment.dewPointC) * (273.15 + moment.dewPointC)) / (273.15 + roomC)
    const given =
      profile.baseVapourGm3 * (1 + 0.15 * smoothAt(this.#wander, 9_000 + moment.t / (19 * hourMs))) +
      this.#moisture.vapourAt(moment.localDay, moment.localHour)
    const vapourGm3 = outdoorGm3 + given * open

    into.temperature = roomC + 0.05 * normalAt(this.#sample, seconds)
    // Above 96 % it is wet walls that take the water, not the air.
    const humidity =
      (100 * vapourGm3) / saturatedVapourGm3(roomC) + 0.25 * normalAt(this.#sample, seconds ^ 0x71a3)
    into.humidity = Math.min(96, Math.max(15, humidity))
    into.surface_temperature =
      moment.wallC +
      profile.cornerFactor * (roomC - moment.wallC) +
      0.06 * normalAt(this.#sample, seconds ^ 0x4c1d)
  }
}
