/** Rules of the look back and of the mould model in tables, made of the constants that they go by. */
import { intervalGapSMin, intervalGapShareMin, intervalLearnReadings } from '../../model/limits.ts'
import { definitionOf, isMeasured, type Quantity } from '../../model/quantity.ts'
import { hourMs, secondMs } from '../../model/time.ts'
import { seriesLimits, type SeriesLimits } from '../../science/look-back-limits.ts'
import { mouldClasses, mouldModel, type MouldClass } from '../../science/mould.ts'
import { numberText, unitLabel, withUnit } from '../format.ts'
import type { Chapters } from '../words.ts'
import type { Table } from './bands.ts'

type MethodsWords = Chapters<'common' | 'methods'>
type LimitsOf = Partial<Record<Quantity, SeriesLimits>>

/** What is repeated to the last digit for too long. */
export function stuckTable(words: MethodsWords, limits: LimitsOf = seriesLimits): Table {
  const say = words.methods.stuck
  return {
    columns: say.columns,
    rows: entriesOf(limits).flatMap(([quantity, { stuck }]) => {
      if (!stuck) return []
      const { forMs, above, fails, sure } = stuck
      const of = (value: number): string => exact(words, value, quantity)
      const whole = Number.isFinite(sure.wholeFrom) ? say.wholeFrom(of(sure.wholeFrom)) : say.noWhole
      const hours = plain(words, forMs / hourMs)
      const doubts = Number.isFinite(above) ? say.repeats(of(above), hours) : say.repeatsAny(hours)
      const failsFrom = Number.isFinite(fails.from)
        ? say.fails(of(fails.from), of(fails.until), sure.readings, whole)
        : say.neverFails
      return [[words.common.labels[quantity], doubts, failsFrom]]
    })
  }
}

/** What stands out of the readings beside it, or of the sites around it: doubted, never failed. */
export function changesTable(words: MethodsWords, limits: LimitsOf = seriesLimits): Table {
  return {
    columns: words.methods.changes.columns,
    rows: entriesOf(limits).flatMap(([quantity, { spike, ratePerS, neighbourSpreadMin }]) => {
      if (spike === undefined && ratePerS === undefined && neighbourSpreadMin === undefined) return []
      const of = (value: number | undefined): string =>
        value === undefined ? words.methods.changes.none : plain(words, value)
      const shown = unitLabel(words, definitionOf(quantity).unit)
      const name = words.common.labels[quantity]
      const perMinute = ratePerS === undefined ? undefined : ratePerS * (60_000 / secondMs)
      return [[shown === '' ? name : `${name}, ${shown}`, of(spike), of(perMinute), of(neighbourSpreadMin)]]
    })
  }
}

export function intervalText({ methods }: MethodsWords, limits = learnt): string {
  return methods.coverage.interval(`${Math.round(100 * limits.share)}%`, limits.gapS, limits.readings)
}

const learnt = { share: intervalGapShareMin, gapS: intervalGapSMin, readings: intervalLearnReadings }

/** Materials as the columns have them: growth below and from index 1, the humidity from which, and the highest index. */
export function mouldTable(words: MethodsWords, classes = mouldClasses): Table {
  const say = words.methods.mould
  return {
    columns: say.columns,
    rows: mouldClassNames.map((name) => {
      const { growth, highest, humidityMin } = classes[name]
      const [a, b, c] = highest.map((value) => plain(words, value))
      return [
        say.classes[name],
        growth.map((value) => plain(words, value)).join(say.then),
        `${plain(words, humidityMin)}%`,
        say.highest(a!, b!, c!)
      ]
    })
  }
}

const mouldClassNames = [
  'verySensitive',
  'sensitive',
  'mediumResistant',
  'resistant'
] as const satisfies readonly MouldClass[]

/** A sentence for each of the model's constants. */
export function mouldTexts(words: MethodsWords, model: MouldModel = mouldModel): string[] {
  const say = words.methods.mould
  const of = (value: number): string => plain(words, value)
  const { critical, first, decline, surfaceC, approach } = model
  return [
    say.critical(of(critical.a), of(critical.b), of(critical.c), of(critical.d)),
    say.first(of(first.a), of(first.b), of(first.c)),
    say.growth(of(approach), of(surfaceC.from), of(surfaceC.until)),
    say.decline(of(decline.first), decline.firstHours, decline.restUntilHours, of(decline.later))
  ]
}

type MouldModel = { [K in keyof typeof mouldModel]: Widened<(typeof mouldModel)[K]> }
type Widened<T> = T extends number ? number : { [K in keyof T]: number }

function entriesOf(limits: LimitsOf): [Quantity, SeriesLimits][] {
  return Object.entries(limits).flatMap(([name, of]) =>
    isMeasured(name as Quantity) ? [[name as Quantity, of]] : []
  )
}

/** With as many decimals as it has. */
function plain(words: MethodsWords, value: number): string {
  const decimals = `${value}`.split('.')[1]?.length ?? 0
  return numberText(words, value, decimals)
}

function exact(words: MethodsWords, value: number, quantity: Quantity): string {
  return withUnit(words, plain(words, value), definitionOf(quantity).unit)
}
