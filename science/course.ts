/**
 * Values at the end of a sensor's scale, and beyond it. One alone is an error that firmware sends (an SDS011 gives 999.9, a
 * DS18B20 85 °C); but a bonfire, a dust storm or a gas leak goes there too, and those are what people measure for. The
 * readings around it tell: a real event leads there and away, an error jumps.
 */
import type { About } from './about.ts'
import type { MeasuredQuantity } from '../model/quantity.ts'
import { hourMs } from '../model/time.ts'

/** What the page of methods says of these. */
export const about = {
  course: {
    title: 'The end of the scale',
    formula: 'kept as doubtful where one of the three readings before or after, within an hour, leads there',
    range: 'particles and gases: a fifth of the value; sound: 20 dB below; temperature: 5 °C; wood: 10 %',
    source: 'a convention of this project',
    version: 1
  }
} as const satisfies Record<string, About>

/** Readings before and after that are asked, and how far they may lie from it, and from what lies at the end with it. */
export const course = { readings: 3, gapMs: hourMs } as const

type Leads = (nearby: number, value: number) => boolean

export interface EndOfScale {
  /** What nature can have. What lies beyond is an error, whatever is around it. */
  min: number
  max: number
  /** Does a reading close by make the value one that can be believed? */
  leads: Leads
  /** The same of another quantity that the box measured in the same moment. */
  company?: { quantities: readonly MeasuredQuantity[]; leads: Leads }
  /** Values that an error sends and nature has as well. */
  errors?: readonly number[]
}

const aFifth: Leads = (nearby, value) => nearby >= value / 5
const within =
  (distance: number): Leads =>
  (nearby, value) =>
    Math.abs(nearby - value) <= distance
const atMostBelow =
  (distance: number): Leads =>
  (nearby, value) =>
    nearby >= value - distance

function particles(max: number, ...others: MeasuredQuantity[]): EndOfScale {
  return { min: 0, max, leads: aFifth, company: { quantities: others, leads: aFifth } }
}
const gas = (max: number): EndOfScale => ({ min: 0, max, leads: aFifth })
const warmth = (max: number): EndOfScale => ({ min: -90, max, leads: within(5), errors: [85] })
const sound: EndOfScale = { min: 0, max: 160, leads: atMostBelow(20) }

/** Of quantities that are not here nothing lies beyond the limits of model/quantity.ts. */
export const endsOfScale: Partial<Record<MeasuredQuantity, EndOfScale>> = {
  // Dust storms and rooms in flames have thousands of µg/m³, more than any of these sensors can say.
  pm1: particles(20_000, 'pm2_5', 'pm10'),
  pm2_5: particles(20_000, 'pm1', 'pm10'),
  pm4: particles(20_000, 'pm2_5', 'pm10'),
  pm10: particles(60_000, 'pm2_5'),
  no2: gas(1e6),
  o3: gas(1e6),
  so2: gas(1e6),
  no: gas(1e6),
  nox: gas(1e6),
  co: gas(1e5),
  // Air cannot hold more than a million ppm of anything.
  co2: gas(1e6),
  temperature: warmth(150),
  surface_temperature: warmth(300),
  wall_moisture: { min: 0, max: 100, leads: within(10) },
  laeq: sound,
  // A bang of an eighth of a second is 27 dB louder than the minute it lies in.
  lamax: { ...sound, company: { quantities: ['laeq'], leads: atMostBelow(35) } },
  lamin: sound,
  la10: sound,
  la50: sound,
  la90: sound
}
