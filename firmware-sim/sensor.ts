/** What each kind of box can measure, and how its sensors look when they fail. */
import type { Quantity } from '../model/quantity.ts'
import { AirSite, type AirSample } from './air.ts'
import type { Moment } from './environment.ts'
import { Home, type HomeSample } from './home.ts'
import type { Imperfections } from './imperfection.ts'
import { NoiseSite, type NoiseSample } from './noise.ts'

export interface Sensor {
  /** In the order in which the payload names them. */
  readonly quantities: readonly Quantity[]
  readonly decimals: readonly number[]
  /** Indices of the quantities that repeat themselves when the sensor is stuck. */
  readonly sticking: readonly number[]
  /** One value for each quantity. */
  measure(moment: Moment, into: Float64Array): void
  /** `strength` from 0 to 1. */
  spike(values: Float64Array, strength: number): void
  saturate(values: Float64Array): void
}

/** Particles first, then climate; some boxes have a BME280 with pressure, the others a DHT22. */
export class AirSensor implements Sensor {
  readonly quantities: readonly Quantity[]
  readonly decimals: readonly number[]
  readonly sticking = [0, 1, 2]
  readonly #site: AirSite
  readonly #hasPressure: boolean
  readonly #sample: AirSample = { pm1: 0, pm2_5: 0, pm10: 0, temperature: 0, humidity: 0, pressure: 0 }

  constructor(site: AirSite, hasPressure: boolean) {
    this.#site = site
    this.#hasPressure = hasPressure
    const common: Quantity[] = ['pm1', 'pm2_5', 'pm10', 'temperature', 'humidity']
    this.quantities = hasPressure ? [...common, 'pressure'] : common
    this.decimals = hasPressure ? [1, 1, 1, 2, 1, 1] : [1, 1, 1, 1, 1]
  }

  measure(moment: Moment, into: Float64Array): void {
    const sample = this.#sample
    this.#site.at(moment, sample)
    into[0] = sample.pm1
    into[1] = sample.pm2_5
    into[2] = sample.pm10
    into[3] = sample.temperature
    // A wet DHT22 stays at 99.9 until it has dried out.
    into[4] = !this.#hasPressure && sample.humidity > 94.5 ? 99.9 : sample.humidity
    if (this.#hasPressure) into[5] = sample.pressure
  }

  /** Somebody smokes under the box: up to 25 times as much, of every size. */
  spike(values: Float64Array, strength: number): void {
    const times = 1 + 24 * strength
    for (let i = 0; i < 3; i++) values[i] = Math.min(999.8, values[i]! * times)
  }

  /** The ends of the SDS011's scales. */
  saturate(values: Float64Array): void {
    values[0] = 999.9
    values[1] = 999.9
    values[2] = 1999.9
  }
}

export class NoiseSensor implements Sensor {
  readonly quantities: readonly Quantity[] = ['laeq', 'lamin', 'lamax', 'la10', 'la50', 'la90']
  readonly decimals = [1, 1, 1, 1, 1, 1]
  readonly sticking = [0, 1, 2, 3, 4, 5]
  readonly #site: NoiseSite
  readonly #sample: NoiseSample = { laeq: 0, lamin: 0, lamax: 0, la10: 0, la50: 0, la90: 0 }

  constructor(site: NoiseSite) {
    this.#site = site
  }

  measure(moment: Moment, into: Float64Array): void {
    const sample = this.#sample
    this.#site.at(moment, sample)
    into[0] = sample.laeq
    into[1] = sample.lamin
    into[2] = sample.lamax
    into[3] = sample.la10
    into[4] = sample.la50
    into[5] = sample.la90
  }

  /** Something knocks at the microphone: the loudest moment, and with it the mean. */
  spike(values: Float64Array, strength: number): void {
    const lamax = 88 + 24 * strength
    values[2] = Math.max(values[2]!, lamax)
    values[0] = Math.max(values[0]!, lamax - 32)
  }

  /** The microphone's overload point. */
  saturate(values: Float64Array): void {
    values[2] = 120
  }
}

export class DampSensor implements Sensor {
  readonly quantities: readonly Quantity[]
  readonly decimals: readonly number[]
  readonly sticking = [1]
  readonly #home: Home
  readonly #imperfections: Imperfections
  readonly #hasSurface: boolean
  readonly #sample: HomeSample = { temperature: 0, humidity: 0, surface_temperature: 0 }

  constructor(home: Home, imperfections: Imperfections, hasSurface: boolean) {
    this.#home = home
    this.#imperfections = imperfections
    this.#hasSurface = hasSurface
    this.quantities = hasSurface
      ? ['temperature', 'humidity', 'battery', 'surface_temperature']
      : ['temperature', 'humidity', 'battery']
    this.decimals = hasSurface ? [2, 1, 0, 2] : [2, 1, 0]
  }

  measure(moment: Moment, into: Float64Array): void {
    const sample = this.#sample
    this.#home.at(moment, sample)
    into[0] = sample.temperature
    into[1] = sample.humidity
    into[2] = this.#imperfections.batteryPct(moment.t) ?? 100
    if (this.#hasSurface) into[3] = sample.surface_temperature
  }

  /** A warm hand picks the box up. */
  spike(values: Float64Array, strength: number): void {
    values[0] = values[0]! + 4 + 8 * strength
  }

  saturate(values: Float64Array): void {
    values[1] = 99.9
  }
}
