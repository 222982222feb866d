/** A home's air: how it is heated, what its people do with water, and how cold its coldest corner is. */
import { dayMs, hourMs, minuteMs } from '../model/time.ts'
import type { Moment } from './environment.ts'
import { HeatingPlan } from './heating.ts'
import { MoisturePlan } from './moisture.ts'
import { createRandom, noiseKey, normalAt, smoothAt, type NoiseKey, type Random } from './random.ts'
import { saturatedVapourGm3 } from './vapour.ts'
import { clamp01 } from './weather.ts'

export type HomeKind = 'ordinary' | 'damp'

/** What makes a home dry or damp. */
export interface HomeProfile {
  people: number
  /** Wanted when somebody is in; a home in fuel poverty wants what it can pay. */
  setpointC: number
  fuelPoor: boolean
  /** How much warmer than outdoors it is without heating: sun, bodies, fridge. */
  freeGainC: number
  /** How fast it cools. */
  coolingMs: number
  /** Air changes an hour with the windows shut. */
  airChanges: number
  /** Vapour that people, plants and walls give off all day, in g/m³ above outdoors at that ventilation. */
  baseVapourGm3: number
  /** How often in ten days clothes dry indoors. */
  dryingDaysInTen: number
  /** Temperature factor of the coldest corner (EN ISO 13788): 0.75 and more is safe, old solid walls have 0.5 to 0.65. */
  cornerFactor: number
}

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

/** In a damp terrace of solid walls every second home also saves on heating. */
function drawProfile(random: Random, kind: HomeKind): HomeProfile {
  if (kind === 'ordinary') {
    return {
      people: random.whole(1, 4),
      setpointC: random.between(19.3, 21.3),
      fuelPoor: false,
      freeGainC: random.between(4, 6.5),
      coolingMs: random.between(26, 44) * hourMs,
      airChanges: random.between(0.6, 1),
      baseVapourGm3: random.between(0.7, 1.6),
      dryingDaysInTen: random.whole(0, 3),
      cornerFactor: random.between(0.72, 0.86)
    }
  }
  const fuelPoor = random.chance(0.5)
  return {
    people: fuelPoor ? random.whole(1, 3) : random.whole(2, 5),
    setpointC: fuelPoor ? random.between(16, 17.3) : random.between(17.4, 18.8),
    fuelPoor,
    freeGainC: fuelPoor ? random.between(3.8, 5) : random.between(2.8, 3.8),
    coolingMs: random.between(15, 24) * hourMs,
    airChanges: random.between(0.3, 0.5),
    baseVapourGm3: fuelPoor ? random.between(1.2, 1.9) : random.between(2.3, 3.2),
    dryingDaysInTen: random.whole(4, 8),
    cornerFactor: random.between(0.5, 0.64)
  }
}
