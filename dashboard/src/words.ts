/** The language of this page, filled chapter by chapter before whatever needs a chapter is shown. */
import { loadChapters } from '../../words/languages.ts'
import type { Chapter, Words } from '../../words/words.ts'
import { languageId } from './language.ts'

/** Everything that the pages say. A page names the chapters it needs (pages.ts), and is shown once they are here. */
export const words = {} as Words

export async function needChapters(names: readonly Chapter[]): Promise<void> {
  const missing = names.filter((name) => !(name in words))
  Object.assign(words, await loadChapters(languageId, missing))
}
