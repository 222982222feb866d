/** Beside every figure: how many readings are left out of it, and why. */
import type { LeftOut } from '../contract/left-out.ts'
import type { TimeRange } from '../model/columns.ts'
import { reasonList, reasons, type Reason, type Reasons } from '../model/flag.ts'
import type { Quantity } from '../model/quantity.ts'
import type { Failures, FailuresQuery, ReadingReader } from '../store/promise/read.ts'
import { correctedNote, type CorrectedNote, type CorrectionReader } from './corrections.ts'

export type NoteReader = CorrectionReader & Pick<ReadingReader, 'failures'>

export interface FigureNotes extends CorrectedNote {
  leftOut?: LeftOut
}

/** The caller has seen to it that its audience may see the sites. */
export async function notesOf(
  readings: NoteReader,
  siteIds: readonly string[],
  quantity: Quantity,
  range: TimeRange | null | undefined
): Promise<FigureNotes> {
  const note = await correctedNote(readings, siteIds, quantity, range)
  return { ...note, leftOut: await leftOutOf(readings, siteIds, [quantity], range) }
}

export async function leftOutOf(
  readings: Pick<ReadingReader, 'failures'>,
  siteIds: readonly string[],
  quantities: readonly Quantity[],
  range: TimeRange | null | undefined
): Promise<LeftOut> {
  if (!range) return countedReasons([])
  const found = await Promise.all(
    quantities.map((quantity) =>
      readings.failures({ siteIds, quantity, from: range.from, until: range.until })
    )
  )
  return countedReasons(found.flat())
}

/** Of each group of stretches. */
export async function leftOutByGroup(
  readings: Pick<ReadingReader, 'failures'>,
  query: FailuresQuery,
  groups: number
): Promise<LeftOut[]> {
  const found = Map.groupBy(await readings.failures(query), ({ group }) => group)
  return Array.from({ length: groups }, (_, group) => countedReasons(found.get(group) ?? []))
}

/** Each reading by the reason that fails it, where it has several. */
export function countedReasons(failures: readonly Pick<Failures, 'reasons' | 'count'>[]): LeftOut {
  const counts = new Map<Reason, number>()
  let all = 0
  for (const { reasons: bits, count } of failures) {
    all += count
    const why = failingReason(bits)
    if (why) counts.set(why, (counts.get(why) ?? 0) + count)
  }
  return {
    count: all,
    reasons: [...counts]
      .toSorted(([, a], [, b]) => b - a)
      .map(([reason, count]) => ({ reason, says: reasons[reason], count }))
  }
}

/** The others doubt a reading, or say something else of it. */
const failing: readonly Reason[] = ['sentinel', 'outOfRange', 'saturated', 'stuck', 'tooHumid']

export function failingReason(bits: Reasons): Reason | undefined {
  const all = reasonList(bits)
  return failing.find((reason) => all.includes(reason)) ?? all[0]
}
