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
