/** What stands with a headline that may be old: as of when, and why nothing newer came; and of a device whose clock is wrong. */
import { dayMs, hourMs, minuteMs } from '../model/time.ts'
import { momentText } from './format.ts'
import type { Chapters, TextContext } from './words.ts'

/** As of when figures stand (undefined: they are live, or there are none), and why nothing newer comes. */
export interface Standing {
  asOf: number | undefined
  silence: 'offline' | 'silent' | undefined
}

export function staleText(
  context: TextContext<'common'>,
  { asOf, silence }: Standing
): { asOf: string; why: string } {
  const say = context.words.common.stale
  return {
    asOf: asOf === undefined ? '' : say.asOf(momentText(context, asOf)),
    why: asOf === undefined || silence === undefined ? '' : say[silence]
  }
}

/** By how much a device's clock is ahead of the hub's: in minutes, from two hours on in hours, from two days on in days. */
export function wrongClockText({ common }: Chapters<'common'>, aheadMs: number): string {
  const off = Math.abs(aheadMs)
  const [unit, lengthMs] =
    off < 2 * hourMs
      ? (['minute', minuteMs] as const)
      : off < 2 * dayMs
        ? (['hour', hourMs] as const)
        : (['day', dayMs] as const)
  const format = new Intl.NumberFormat(common.locale, { style: 'unit', unit, unitDisplay: 'long' })
  return common.stale.clock(format.format(Math.round(off / lengthMs)), aheadMs > 0)
}
