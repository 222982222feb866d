/** Rows of the tables of bands, made from the same bounds by which a value gets its index. */
import { daqiBand, daqiUpperBounds, type DaqiPollutant } from '../../../science/air.ts'
import { eaqiNames, eaqiUpperBounds, type EaqiPollutant } from '../../../science/european-aqi.ts'
import type { Scale } from '../../../science/level.ts'
import { usAqiSegments } from '../../../science/us-aqi.ts'
import { quantities } from '../../../model/quantity.ts'
import { numberText } from '../format.ts'
import { methods } from '../words/methods.ts'

export interface Table {
  columns: readonly string[]
  rows: readonly (readonly string[])[]
}

const label = (name: DaqiPollutant | EaqiPollutant): string => quantities[name].label

/** "0–11", "12–23", …, "71+" for whole numbers whose highest of each band are `bounds`. */
export function wholeRanges(bounds: readonly number[]): string[] {
  const last = bounds.at(-1) ?? 0
  return [...bounds.map((bound, i) => `${i === 0 ? 0 : bounds[i - 1]! + 1}–${bound}`), `${last + 1}+`]
}

export function daqiTable(): Table {
  const names: DaqiPollutant[] = ['pm2_5', 'pm10', 'no2']
  const ranges = names.map((name) => wholeRanges(daqiUpperBounds[name]))
  return {
    columns: [methods.columns.index, methods.columns.word, ...names.map(label)],
    rows: ranges[0]!.map((_range, i) => [`${i + 1}`, daqiBand(i + 1), ...ranges.map((one) => one[i]!)])
  }
}

export function eaqiTable(): Table {
  const names: EaqiPollutant[] = ['pm2_5', 'pm10', 'no2', 'o3']
  const ranges = names.map((name) => wholeRanges(eaqiUpperBounds[name]))
  return {
    columns: [methods.columns.word, ...names.map(label)],
    rows: eaqiNames.map((word, i) => [word, ...ranges.map((one) => one[i]!)])
  }
}

export function usAqiTable(): Table {
  const span = ([low, high]: readonly [number, number], decimals = 0): string =>
    `${numberText(low, decimals)}–${numberText(high, decimals)}`
  return {
    columns: [methods.columns.index, methods.columns.word, label('pm2_5'), label('pm10')],
    rows: usAqiSegments.map(({ aqi, category, pm2_5, pm10 }) => [
      span(aqi),
      category,
      span(pm2_5, 1),
      span(pm10)
    ])
  }
}

/** A scale of words by the value itself: from the last limit up to the next. */
export function scaleTable({ bands, unit }: Scale): Table {
  const rows = bands.map(({ word, from }, i) => {
    const next = bands[i + 1]?.from
    const first = from === -Infinity
    if (next === undefined) return [word, methods.from(numberText(from, 0))]
    return [
      word,
      first ? methods.below(numberText(next, 0)) : methods.fromBelow(numberText(from, 0), numberText(next, 0))
    ]
  })
  return { columns: [methods.columns.word, unit], rows }
}
