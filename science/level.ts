/**
 * The word for a value under a named scale and averaging period. A value of another period has no level: an hour is
 * never judged by the scale of a day. All of it is indicative, since the sensors are no reference instruments.
 */
import { daqi, daqiAveragingHours, daqiWorst, roundHalfUp, type Daqi } from './air.ts'
import { quantities, rawOf, type Quantity } from '../model/quantity.ts'
import { isKnown } from '../model/known.ts'

/** As the API gives it (contract/street.ts). */
export interface Level {
  scale: string
  /** 0 is best. */
  step: number
  steps: number
  word: string
  /** The number of the index where the scale has one (DAQI 1 to 10). */
  index: number | null
  /** Parts of the index that the place has no figure of: with them it may be higher. Absent where a scale has no parts. */
  missing?: string[]
  indicative: true
}

export interface Band {
  word: string
  /** Place from best (0) to worst, which picks the colour; not the order of the values (dry air is not the best). */
  step: number
  /** Values from here (inclusive) up to the next band belong to it. */
  from: number
}

export interface Scale {
  title: string
  /** What must have been averaged, over what, before the scale may be asked. */
  period: string
  unit: string
  bands: readonly Band[]
  source: string
}

/**
 * Night noise outside, LAeq 23 to 07 local of one night. 45 dB is Lnight of road traffic in WHO Europe, Environmental
 * Noise Guidelines (2018). 40 dB, the night noise guideline, and 55 dB, its interim target, are of WHO Europe, Night Noise
 * Guidelines for Europe (2009), known here from secondary sources alone. All are yearly averages, so one night is compared
 * and never judged by them, and a microphone hears every source, not only the road.
 */
export const nightNoiseScale = {
  title: 'WHO night noise',
  period: 'last night, 23 to 07',
  unit: quantities.laeq.unit,
  bands: [
    { word: 'Quiet', step: 0, from: -Infinity },
    { word: 'Moderate', step: 1, from: 40 },
    { word: 'Loud', step: 2, from: 45 },
    { word: 'Very loud', step: 3, from: 55 }
  ],
  source: 'WHO Europe 2018 (45 dB); WHO Europe 2009 (40 and 55 dB), from secondary sources'
} as const satisfies Scale

/**
 * Humidity of room air, mean of 7 days. 75 % a week is the air criterion of Approved Document F (England, 2010), known here
 * from the abstract of a UCL thesis (2012) and not checked in the document. 40 and 60 % are this project's convention, with
 * no standard behind them. The words are about humidity: mould depends on the coldest surface, not on the middle
 * of the room.
 */
export const roomHumidityScale = {
  title: 'Room humidity',
  period: 'last 7 days',
  unit: quantities.humidity.unit,
  bands: [
    { word: 'Dry', step: 1, from: -Infinity },
    { word: 'Comfortable', step: 0, from: 40 },
    { word: 'Humid', step: 2, from: 60 },
    { word: 'Very humid', step: 3, from: 75 }
  ],
  source:
    '75 %: Approved Document F (England 2010), weekly mean, from a secondary source; 40 and 60 %: a convention of this project'
} as const satisfies Scale

/** UK DAQI in its four words; the index of 1 to 10 comes beside them. Bands here are of the index, see science/air.ts. */
export const ukDaqiScale = {
  title: 'UK Daily Air Quality Index',
  period: 'last 24 hours (O₃: last 8 hours, NO₂: last hour, SO₂: 15 minutes)',
  unit: '1',
  bands: [
    { word: 'Low', step: 0, from: 1 },
    { word: 'Moderate', step: 1, from: 4 },
    { word: 'High', step: 2, from: 7 },
    { word: 'Very high', step: 3, from: 10 }
  ],
  source: 'Defra UK-AIR, bands of 2012; GOV.UK 2025-12-19'
} as const satisfies Scale

export const scales = {
  'uk-daqi': ukDaqiScale,
  'who-night-noise': nightNoiseScale,
  'room-humidity': roomHumidityScale
} as const satisfies Record<string, Scale>

export type ScaleId = keyof typeof scales

/** What `levelFor` expects to have been averaged, for each quantity that has a scale. */
export const levelPeriods = {
  pm2_5: { scale: 'uk-daqi', hours: daqiAveragingHours.pm2_5 },
  pm10: { scale: 'uk-daqi', hours: daqiAveragingHours.pm10 },
  no2: { scale: 'uk-daqi', hours: daqiAveragingHours.no2 },
  o3: { scale: 'uk-daqi', hours: daqiAveragingHours.o3 },
  so2: { scale: 'uk-daqi', hours: daqiAveragingHours.so2 },
  laeq: { scale: 'who-night-noise', hours: 8 },
  humidity: { scale: 'room-humidity', hours: 168 }
} as const satisfies Partial<Record<Quantity, { scale: ScaleId; hours: number }>>

/**
 * Level of one quantity; null where there is no value or no scale. `value` must be the mean that `levelPeriods` names:
 * pm2_5 and pm10 24 h, o3 eight hours, no2 one hour, so2 15 minutes, laeq last night's energy mean, humidity 7 days indoors. Corrected ones as raw ones.
 */
export function levelFor(quantity: Quantity, value: number | null): Level | null {
  if (!isKnown(value)) return null
  const raw = rawOf(quantity)
  switch (raw) {
    case 'pm2_5':
    case 'pm10':
    case 'no2':
    case 'o3':
    case 'so2':
      return daqiLevel(daqi(raw, value))
    case 'laeq':
      return bandLevel('who-night-noise', roundHalfUp(value, 1))
    case 'humidity':
      return bandLevel('room-humidity', roundHalfUp(value))
    default:
      return null
  }
}

/** Level of a street's air: its worst pollutant decides (Defra). Means as in `levelFor`; null without any. */
export function airLevel(means: Parameters<typeof daqiWorst>[0]): Level | null {
  const worst = daqiWorst(means)
  return worst ? daqiLevel(worst) : null
}

function daqiLevel({ index }: Daqi): Level {
  const band = ukDaqiScale.bands.findLast(({ from }) => index >= from)!
  return {
    scale: 'uk-daqi',
    step: band.step,
    steps: ukDaqiScale.bands.length,
    word: band.word,
    index,
    indicative: true
  }
}

// A value is judged as it is shown, so that nobody reads "40.0 dB, Quiet" beside a limit of 40.
function bandLevel(scale: ScaleId, shown: number): Level {
  const { bands } = scales[scale]
  const band = bands.findLast(({ from }) => shown >= from)!
  return { scale, step: band.step, steps: bands.length, word: band.word, index: null, indicative: true }
}
