/** What is said below a chart: days above the guideline, corrections, and the readings that a line leaves out. */
import type { CorrectionEntry } from '../contract/correction.ts'
import { quantities, type Quantity } from '../model/quantity.ts'
import { dayStarts, nextDayStart, type UnixMs } from '../model/time.ts'
import { longDayText, momentText, numberText, readingText, withUnit } from './format.ts'
import { dayGuideline } from './guideline.ts'
import { offScale, type Series, type SiteLine } from './series.ts'
import type { Chapters, TextContext } from './words.ts'

type NoteContext = TextContext<'common' | 'street'>

/**
 * "3 of 28 days with enough data were above the WHO guideline for 24 hours (15 µg/m³), indicative; 2 days had too little
 * data." Only days that lie wholly in the range, each judged by the guideline that held on it; undefined where none did.
 */
export function daysAboveText(
  { words, zone }: NoteContext,
  days: Series,
  quantity: Quantity,
  { from, until }: { from: number; until: number }
): string | undefined {
  const value = new Map(days.time.map((at, i) => [at, days.value[i] ?? null]))
  const judged = dayStarts(from as UnixMs, until as UnixMs, zone)
    .filter((day) => day >= from && nextDayStart(day, zone) <= until)
    .flatMap((day) => {
      const limit = dayGuideline(quantity, day, zone)
      return limit ? [{ limit: limit.stored, value: value.get(day) ?? null }] : []
    })
  const [first] = judged
  if (!first) return undefined
  const known = judged.filter((day) => day.value !== null)
  const above = known.filter((day) => day.value! > day.limit).length
  const guideline = withUnit(words, numberText(words, first.limit, 0), quantities[quantity].unit)
  return words.street.daysAbove(above, known.length, judged.length - known.length, guideline)
}

/** "Corrected by: κ-Köhler humidity correction (2 sensors), since 1 Nov 2026." and whether values are still recalculated. */
export function correctedText(
  context: NoteContext,
  note: { corrections?: readonly CorrectionEntry[]; recomputing?: boolean }
): string {
  const { street: say, common } = context.words
  const { corrections = [], recomputing = false } = note
  const groups = Map.groupBy(corrections, ({ title, from }) => `${title} ${from ?? ''}`)
  const made = [...groups.values()].map((group) => {
    const { title, from } = group[0]!
    const sites = new Set(group.map(({ site }) => site)).size
    const since = from === null ? '' : longDayText(context, Date.parse(from))
    return say.correction(title, common.sensors(sites), since)
  })
  const parts = [made.length > 0 ? say.correctedBy(made) : say.notCorrected]
  if (corrections.some(({ formula }) => formula === 'kappaKohler')) parts.push(say.humidGaps)
  if (recomputing) parts.push(say.recomputing)
  return parts.join(' ')
}

/**
 * "From 18:00 the readings are not checked against those around them yet. …" Of what is drawn the earliest such moment;
 * nothing where all is checked.
 */
export function uncheckedTexts(context: NoteContext, lines: readonly SiteLine[]): string[] {
  const from = Math.min(...lines.map(({ unjudgedFrom = Infinity }) => unjudgedFrom))
  return Number.isFinite(from) ? [context.words.street.notChecked(momentText(context, from))] : []
}

/** Of each line how many readings failed, then how many doubtful ones the axis has no room for. */
export function leftOutTexts(
  words: Chapters<'common' | 'street'>,
  lines: readonly SiteLine[],
  axis: readonly [number, number],
  quantity: Quantity
): string[] {
  const failed = lines.flatMap(({ name, failed = 0 }) =>
    failed > 0 ? [words.street.failedReadings(name, failed)] : []
  )
  const doubtful = lines.flatMap((line) => (line.doubtful ? [line.doubtful] : []))
  const outside = offScale(doubtful, axis)
  if (!outside) return failed
  const farthest = withUnit(words, readingText(words, quantity, outside.farthest), quantities[quantity].unit)
  return [...failed, words.street.doubtfulOutside(outside.count, farthest)]
}
