/** Rows of the tables of bands, made from the same bounds by which a value gets its index. */
import { daqiBand, daqiPollutants, daqiUpperBounds } from '../../science/air.ts'
import { eaqiNames, eaqiPollutants, eaqiUpperBounds } from '../../science/european-aqi.ts'
import type { Scale } from '../../science/level.ts'
import { usAqiSegments } from '../../science/us-aqi.ts'
import { numberText } from '../format.ts'
import type { Chapters } from '../words.ts'

type MethodsWords = Chapters<'common' | 'methods'>

export interface Table {
  columns: readonly string[]
  rows: readonly (readonly string[])[]
}

/** "0–11", "12–23", …, "71+" for whole numbers whose highest of each band are `bounds`. */
export function wholeRanges(bounds: readonly number[]): string[] {
  const last = bounds.at(-1) ?? 0
  return [...bounds.map((bound, i) => `${i === 0 ? 0 : bounds[i - 1]! + 1}–${bound}`), `${last + 1}+`]
}

export function daqiTable({ common, methods }: MethodsWords): Table {
  const names = daqiPollutants
  const ranges = names.map((name) => wholeRanges(daqiUpperBounds[name]))
  return {
    columns: [methods.columns.index, methods.columns.word, ...names.map((name) => common.labels[name])],
    rows: ranges[0]!.map((_range, i) => [`${i + 1}`, daqiBand(i + 1), ...ranges.map((one) => one[i]!)])
  }
}

export function eaqiTable({ common, methods }: MethodsWords): Table {
  const names = eaqiPollutants
  const ranges = names.map((name) => wholeRanges(eaqiUpperBounds[name]))
  return {
    columns: [methods.columns.word, ...names.map((name) => common.labels[name])],
    rows: eaqiNames.map((word, i) => [word, ...ranges.map((one) => one[i]!)])
  }
}

export function usAqiTable(words: MethodsWords): Table {
  const { common, methods } = words
  const span = ([low, high]: readonly [number, number], decimals = 0): string =>
    `${numberText(words, low, decimals)}–${numberText(words, high, decimals)}`
  return {
    columns: [methods.columns.index, methods.columns.word, common.labels.pm2_5, common.labels.pm10],
    rows: usAqiSegments.map(({ aqi, category, pm2_5, pm10 }) => [
      span(aqi),
      category,
      span(pm2_5, 1),
      span(pm10)
    ])
  }
}

/** A scale of words by the value itself: from the last limit up to the next. */
export function scaleTable(words: MethodsWords, { bands, unit }: Scale): Table {
  const { methods } = words
  const number = (value: number): string => numberText(words, value, 0)
  const rows = bands.map(({ word, from }, i) => {
    const next = bands[i + 1]?.from
    const first = from === -Infinity
    if (next === undefined) return [word, methods.from(number(from))]
    return [word, first ? methods.below(number(next)) : methods.fromBelow(number(from), number(next))]
  })
  return { columns: [methods.columns.word, unit], rows }
}
