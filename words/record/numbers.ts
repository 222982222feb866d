/** Numbers of a record, with their units. */
import { numberText, shareText, withUnit } from '../format.ts'
import type { TextContext } from '../words.ts'

type Context = TextContext<'common'>

export const dash = '–'

export function whole({ words }: Context, value: number): string {
  return numberText(words, value, 0)
}

export function tenths({ words }: Context, value: number): string {
  return numberText(words, value, 1)
}

export function degrees(context: Context, value: number): string {
  return withUnit(context.words, tenths(context, value), '°C')
}

export function percent({ words }: Context, value: number): string {
  return withUnit(words, numberText(words, value, 0), '%')
}

export function shareOf({ words }: Context, part: number, all: number): string {
  return shareText(words, all === 0 ? 0 : part / all)
}

/** A dash where it is not known. */
export function orDash(value: number | null, text: (value: number) => string): string {
  return value === null ? dash : text(value)
}
