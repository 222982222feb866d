/** What is said below a chart: days above the guideline, and the readings that a line leaves out. */
import { quantities, rawOf, type Quantity } from '../../../model/quantity.ts'
import { dayStarts, nextDayStart, type UnixMs } from '../../../model/time.ts'
import { limitsAt, limitValue, type Limit } from '../../../science/guidelines.ts'
import { offScale, type Series, type SiteLine } from '../chart/columns.ts'
import type { CorrectionEntry } from '../../../contract/correction.ts'
import { longDayText, numberText, readingText, withUnit } from '../format.ts'
import { words } from '../words/words.ts'

/**
 * "3 of 28 days with enough data were above the WHO guideline for 24 hours (15 µg/m³), indicative; 2 days had too little
 * data." Only days that lie wholly in the range, each judged by the guideline that held on it; undefined where none did.
 */
export function daysAboveText(
  days: Series,
  quantity: Quantity,
  { from, until, zone }: { from: number; until: number; zone: string }
): string | undefined {
  const value = new Map(days.time.map((at, i) => [at, days.value[i] ?? null]))
  const judged = dayStarts(from as UnixMs, until as UnixMs, zone)
    .filter((day) => day >= from && nextDayStart(day, zone) <= until)
    .flatMap((day) => {
      const limit = dayGuideline(quantity, day, zone)
      return limit ? [{ limit: limitValue(limit), value: value.get(day) ?? null }] : []
    })
  const [first] = judged
  if (!first) return undefined
  const known = judged.filter((day) => day.value !== null)
  const above = known.filter((day) => day.value! > day.limit).length
  const guideline = withUnit(numberText(first.limit, 0), quantities[quantity].unit)
  return words.street.daysAbove(above, known.length, judged.length - known.length, guideline)
}

function dayGuideline(quantity: Quantity, day: UnixMs, zone: string): Limit | undefined {
  const raw = rawOf(quantity)
  if (raw !== 'pm2_5' && raw !== 'pm10' && raw !== 'no2') return undefined
  return limitsAt(raw, day, zone).find(({ set, averaging }) => set === 'who-2021' && averaging === 'day')
}

/** "Corrected by: κ-Köhler humidity correction (2 sensors), since 1 Nov 2026." and whether that is still being made anew. */
export function correctedText(
  note: { corrections?: readonly CorrectionEntry[]; recomputing?: boolean },
  zone: string
): string {
  const { corrections = [], recomputing = false } = note
  const groups = Map.groupBy(corrections, ({ title, from }) => `${title} ${from ?? ''}`)
  const made = [...groups.values()].map((group) => {
    const { title, from } = group[0]!
    const sites = new Set(group.map(({ site }) => site)).size
    const since = from === null ? '' : longDayText(Date.parse(from), zone)
    return words.street.correction(title, words.sensors(sites), since)
  })
  const by = made.length > 0 ? words.street.correctedBy(made) : words.street.notCorrected
  const parts = [by]
  if (corrections.some(({ formula }) => formula === 'kappaKohler')) parts.push(words.street.humidGaps)
  if (recomputing) parts.push(words.street.recomputing)
  return parts.join(' ')
}

/** Of each line how many readings failed, then how many doubtful ones the axis has no room for. */
export function leftOutTexts(
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
  const farthest = withUnit(readingText(quantity, outside.farthest), quantities[quantity].unit)
  return [...failed, words.street.doubtfulOutside(outside.count, farthest)]
}
