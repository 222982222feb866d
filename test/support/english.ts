/** English, and the moment and zone in which tests let something be said. */
import { loadWords } from '../../words/languages.ts'
import type { TextContext } from '../../words/words.ts'

export const english = await loadWords('en')

export const textNow = Date.parse('2026-11-23T14:30:00Z')

/** English in London on a Monday afternoon; a test names what it is about. */
export function textContext(more: Partial<TextContext> = {}): TextContext {
  return { words: english, zone: 'Europe/London', now: textNow, ...more }
}

/** A sentence as tests write it: without the marks of bold words, with plain spaces. */
export function plainText(sentence: string): string {
  return sentence.replaceAll('**', '').replaceAll('\u00a0', ' ')
}
