/** One weather for the whole neighbourhood: fronts over days, warm afternoons, calm clear nights that trap smoke. */
import { dayMs, hourMs } from '../model/time.ts'
import { noiseKey, smoothAt, type NoiseKey } from './random.ts'
import { humidityPct } from './vapour.ts'
import type { Story } from './scenario.ts'

export interface Weather {
  temperatureC: number
  dewPointC: number
  humidityPct: number
  pressureHpa: number
  windMs: number
  rainMmH: number
  /** 0 to 1: how much sun falls on a box. */
  sun: number
  /** 0 to 1: a clear calm night, in which cold air and smoke stay near the ground. */
  inversion: number
  /** What the outside of a wall feels: the temperature without the quick ups and downs. */
  wallC: number
}

const yearDays = 365.2425

type Pattern = 'anomaly' | 'front' | 'gust' | 'cloud' | 'shower' | 'moist'

export class WeatherModel {
  readonly #longitude: number
  readonly #latitudeSin: number
  readonly #latitudeCos: number
  readonly #heatwave: Story['heatwave']
  readonly #key: Record<Pattern, NoiseKey>

  constructor(seed: number, place: { longitude: number; latitude: number }, story: Story) {
    const radians = (place.latitude * Math.PI) / 180
    this.#longitude = place.longitude
    this.#latitudeSin = Math.sin(radians)
    this.#latitudeCos = Math.cos(radians)
    this.#heatwave = story.heatwave
    const key = (name: string): NoiseKey => noiseKey(seed, `weather ${name}`)
    this.#key = {
      anomaly: key('anomaly'),
      front: key('front'),
      gust: key('gust'),
      cloud: key('cloud'),
      shower: key('shower'),
      moist: key('moist')
    }
  }

  at(t: number): Weather {
    const days = t / dayMs
    const heat = this.#heat(t)
    const solarHour = ((((t / hourMs + this.#longitude / 15) % 24) + 24) % 24) - 12
    const elevation = this.#sunElevation(days, solarHour)

    // High pressure is calm and clear, low pressure windy and wet: one pattern drives them all.
    const pattern = Math.min(
      1,
      0.72 * this.#slow('front', days / 3.4) + 0.28 * this.#slow('gust', days / 1.3) + heat
    )
    const cloud = clamp01(0.6 - 0.55 * pattern + 0.35 * this.#slow('cloud', days * 5))
    const windMs =
      0.7 + 5.2 * clamp01(0.42 - 0.55 * pattern + 0.3 * this.#slow('gust', days * 4) + 0.15 * elevation)
    const rainMmH = 5 * clamp01(cloud - 0.72) * clamp01(0.35 + this.#slow('shower', days * 10))
    const night = clamp01(0.25 - elevation * 3)
    const inversion = night * clamp01(1.15 - cloud * 1.3) * clamp01(1.5 - windMs / 2.6)

    // 10.8 °C mean and coldest on 20 January: an inland town in the middle of England.
    const season = -Math.cos((2 * Math.PI * (days - 19)) / yearDays)
    const dayC =
      10.6 +
      6.6 * season +
      3 * this.#slow('anomaly', days / 4.7) +
      1.4 * this.#slow('anomaly', 1000 + days / 1.7) +
      11 * heat
    const swingC = (2.3 + 2.1 * clamp01(0.5 + 0.5 * season) + 3 * heat) * (1.1 - 0.75 * cloud)
    const temperatureC = dayC + swingC * Math.cos((2 * Math.PI * (solarHour - 2.8)) / 24) - 1.3 * inversion

    const dryC = 2.1 + 1.9 * clamp01(0.5 + 0.5 * season) + 1.7 * this.#slow('moist', days / 2.3) + 6 * heat
    const dryPoint = dayC - dryC + 0.9 * cloud
    const wet = clamp01(rainMmH / 1.2)
    const dewPointC = Math.min(temperatureC - 0.12, dryPoint + 0.75 * wet * (temperatureC - dryPoint))

    return {
      temperatureC,
      dewPointC,
      humidityPct: humidityPct(temperatureC, dewPointC),
      pressureHpa: 1012.5 + 19 * pattern + 0.6 * Math.cos((4 * Math.PI * solarHour) / 24),
      windMs,
      rainMmH,
      sun: clamp01(elevation * 1.6) * (1 - 0.85 * cloud),
      inversion,
      wallC: dayC + 0.45 * swingC * Math.cos((2 * Math.PI * (solarHour - 6)) / 24)
    }
  }

  #slow(name: Pattern, x: number): number {
    return smoothAt(this.#key[name], x)
  }

  /** Sine of the sun's elevation; the declination is the usual cosine (Cooper 1969 to a degree or so). */
  #sunElevation(days: number, solarHour: number): number {
    const declination = -0.4091 * Math.cos((2 * Math.PI * (days + 10)) / yearDays)
    const hourAngle = (2 * Math.PI * solarHour) / 24
    return (
      this.#latitudeSin * Math.sin(declination) +
      this.#latitudeCos * Math.cos(declination) * Math.cos(hourAngle)
    )
  }

  /** 0 to 1, with a day of coming and a day of going. */
  #heat(t: number): number {
    if (!this.#heatwave) return 0
    const { from, until } = this.#heatwave
    return clamp01((t - from) / dayMs) * clamp01((until - t) / dayMs)
  }
}

export function clamp01(x: number): number {
  return x < 0 ? 0 : x > 1 ? 1 : x
}
