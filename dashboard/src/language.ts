/**
 * The language of this browser's pages: English, unless somebody chose another at the foot of a page. A draft is never chosen
 * by the browser's own languages. What the hub itself serves, and pages in frames of others, stay English.
 */
import { languageDefault, languages, type Language, type LanguageId } from '../../words/languages.ts'
import { chosenLanguage, keepLanguage } from './first/chosen-language.ts'

/** It is read once: a choice loads the page again, since what was said so far is in the language before. */
export const languageId: LanguageId = languageOf(chosenLanguage())
export const language: Language = languages[languageId]

/** A note that is missing, or of a language that is no longer there, is as none. */
export function languageOf(choice: string | null): LanguageId {
  return choice !== null && isLanguage(choice) ? choice : languageDefault
}

export function chooseLanguage(id: LanguageId): void {
  keepLanguage(id)
  location.reload()
}

/** Tells the browser, and through it voices, hyphenation and translation, what language the page is in. */
export function markLanguage(page: Document): void {
  page.documentElement.lang = languageId
  page.documentElement.dir = language.direction
  const served = page.getElementById('served')
  if (served) served.lang = languageDefault
}

function isLanguage(id: string): id is LanguageId {
  return Object.hasOwn(languages, id)
}
