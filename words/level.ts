/** The word of a level in the reader's language. The hub gives scale and step; its own word is English. */
import type { Level } from '../contract/street.ts'
import type { Chapters } from './words.ts'

export function levelWord({ common }: Chapters<'common'>, { scale, step, word }: Level): string {
  const known: Record<string, readonly string[]> = common.levels
  return known[scale]?.[step] ?? word
}
