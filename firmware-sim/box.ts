/** One box: what it measures at a moment, with everything that goes wrong, and how it writes that down. */
import { hourMs, secondMs, type UnixMs } from '../model/time.ts'
import { fieldName, type FieldName, type PayloadWriter, type Status, type TimeStyle } from './encode.ts'
import { emptyMoment, type Environment, type Moment } from './environment.ts'
import type { Imperfections } from './imperfection.ts'
import type { SimSite } from './neighbourhood.ts'
import { createRandom, noiseKey, uniformAt, type NoiseKey } from './random.ts'
import type { Sensor } from './sensor.ts'
import type { Story } from './scenario.ts'

const timeStyles: readonly TimeStyle[] = ['unixS', 'iso', 'unixS', 'unixMs']
const openBrace = 123
const closeBrace = 125

/** A device knows the time this long after it was switched on. */
const clockUnknownMs = 90 * secondMs

export interface BoxParts {
  index: number
  site: SimSite
  seed: number
  environment: Environment
  sensor: Sensor
  imperfections: Imperfections
  story: Story
}

export class Box {
  readonly index: number
  readonly site: SimSite
  readonly imperfections: Imperfections
  readonly sensor: Sensor
  readonly timeStyle: TimeStyle
  readonly firmware: string
  /** What the last `measure` gave, one value for each of the sensor's quantities; NaN is sent as `nan`. */
  readonly values: Float64Array
  readonly #environment: Environment
  readonly #names: FieldName[]
  readonly #earlier: Float64Array
  readonly #moment: Moment = emptyMoment()
  readonly #phase: number
  readonly #breakage: NoiseKey
  readonly #brokenFrom: number
  readonly #silentFrom: number

  constructor({ index, site, seed, environment, sensor, imperfections, story }: BoxParts) {
    this.index = index
    this.site = site
    this.imperfections = imperfections
    this.sensor = sensor
    this.#environment = environment
    this.#names = sensor.quantities.map(fieldName)
    this.values = new Float64Array(sensor.quantities.length)
    this.#earlier = new Float64Array(sensor.quantities.length)
    const key = noiseKey(seed, `box ${index}`)
    const random = createRandom(key)
    this.#phase = random.next()
    this.timeStyle = timeStyles[random.whole(0, timeStyles.length - 1)]!
    this.firmware = `lamp-${site.kind} 2.${random.whole(0, 4)}.${random.whole(0, 9)}`
    this.#breakage = noiseKey(key, 'breakage')
    this.#brokenFrom = site.fate === 'breaks' ? (story.brokenFrom ?? Infinity) : Infinity
    this.#silentFrom = site.fate === 'goesSilent' ? (story.silentFrom ?? Infinity) : Infinity
  }

  /** Where in each interval this box measures: not all at once, and on whole seconds. */
  phaseMs(intervalMs: number): number {
    return Math.floor((this.#phase * intervalMs) / secondMs) * secondMs
  }

  isOff(t: number): boolean {
    return t >= this.#silentFrom || this.imperfections.isOff(t)
  }

  /** Measures into `values`; false when the box is off and there is nothing. */
  measure(t: number): boolean {
    const { imperfections, sensor, values } = this
    if (this.isOff(t)) return false
    if (!imperfections.keepsBacklog && imperfections.wifiLost(t)) return false

    this.#environment.at(t, this.#moment)
    sensor.measure(this.#moment, values)
    const stuckSince = imperfections.stuckSince(t)
    if (stuckSince !== null) this.#repeat(stuckSince)
    const spike = imperfections.spike(t)
    if (spike > 0) sensor.spike(values, spike)
    if (imperfections.isSaturated(t)) sensor.saturate(values)
    if (t >= this.#brokenFrom) this.#break(t)
    return true
  }

  /** What the box's own clock says at `t`; near enough to be believed, never quite right. */
  clockAt(t: number): UnixMs {
    return (t + this.imperfections.clockErrorMs(t)) as UnixMs
  }

  /** Just switched on and not yet told the time: it sends readings without `at`. */
  knowsTime(t: number): boolean {
    return t - this.imperfections.bootedAt(t) >= clockUnknownMs
  }

  /** Writes the values as one object; `at` null leaves the time out. */
  write(writer: PayloadWriter, at: UnixMs | null, style: TimeStyle = this.timeStyle): void {
    writer.byte(openBrace)
    if (at !== null) writer.at(at, style)
    for (let i = 0; i < this.#names.length; i++) {
      writer.name(this.#names[i]!)
      writer.number(this.values[i]!, this.sensor.decimals[i]!)
    }
    writer.byte(closeBrace)
  }

  status(t: number): Status {
    return {
      battery: this.imperfections.batteryPct(t),
      rssi: this.imperfections.rssiDbm(t),
      firmware: this.firmware,
      uptimeS: Math.round((t - this.imperfections.bootedAt(t)) / secondMs)
    }
  }

  #repeat(since: number): void {
    this.#environment.at(since, this.#moment)
    this.sensor.measure(this.#moment, this.#earlier)
    for (const i of this.sensor.sticking) this.values[i] = this.#earlier[i]!
  }

  /** A fan that fails and water on the board: by the hour stuck, at the end of its scale, or not a number. */
  #break(t: number): void {
    const mood = uniformAt(this.#breakage, Math.floor(t / hourMs))
    if (mood < 0.4) this.#repeat(this.#brokenFrom)
    else if (mood < 0.7) this.sensor.saturate(this.values)
    const temperature = this.sensor.quantities.indexOf('temperature')
    const humidity = this.sensor.quantities.indexOf('humidity')
    if (mood > 0.85 && temperature >= 0) this.values[temperature] = NaN
    if (mood > 0.6 && mood < 0.8 && humidity >= 0) this.values[humidity] = 140
  }
}
