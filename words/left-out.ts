/** How many readings are in no number of an answer, and why. */
import type { LeftOut } from '../contract/left-out.ts'
import { isReason } from '../model/flag.ts'
import type { Chapters } from './words.ts'

/** '' where none were left out. */
export function leftOutText({ street }: Chapters<'street'>, { count, reasons }: LeftOut): string {
  if (count === 0) return ''
  return street.leftOut(
    count,
    reasons.map(({ reason, says, count: of }) => [
      of,
      (isReason(reason) ? street.leftOutWhy[reason] : undefined) ?? says
    ])
  )
}

/** Of several sensors together, as the hub counts them for one. */
export function leftOutTogether(parts: readonly (LeftOut | undefined)[]): LeftOut {
  const reasons = new Map<string, LeftOut['reasons'][number]>()
  let count = 0
  for (const part of parts) {
    count += part?.count ?? 0
    for (const one of part?.reasons ?? []) {
      const before = reasons.get(one.reason)?.count ?? 0
      reasons.set(one.reason, { ...one, count: before + one.count })
    }
  }
  return { count, reasons: [...reasons.values()].sort((a, b) => b.count - a.count) }
}
