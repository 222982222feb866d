/** Which language a browser's pages are in: English, unless the reader chose another that exists. */
import { expect, it } from 'vitest'
import { languageId, languageOf } from '../../dashboard/src/language.ts'

it('takes the language that was chosen', () => {
  expect(languageOf('de')).toBe('de')
  expect(languageOf('en')).toBe('en')
})

it.each([null, '', 'fr', 'DE', 'toString', '__proto__'])('is English where the note says %j', (choice) => {
  expect(languageOf(choice)).toBe('en')
})

it('is English where a browser keeps nothing', () => {
  expect(languageId).toBe('en')
})
