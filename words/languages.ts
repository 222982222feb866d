/** The languages there are, and how a chapter of one is loaded. A new language is a folder beside en/ and a line here. */
import type { Chapter, Chapters, Words } from './words.ts'

export interface Language {
  /** As people who speak it write it, with their word for a draft where it is one. */
  name: string
  direction: 'ltr' | 'rtl'
  /** A beginning that nobody who grew up with the language has read yet; its pages say so. */
  isDraft: boolean
  chapters: { [C in Chapter]: () => Promise<Words[C]> }
}

export const languages = {
  en: {
    name: 'English',
    direction: 'ltr',
    isDraft: false,
    chapters: {
      common: async () => (await import('./en/common.ts')).common,
      figures: async () => (await import('./en/figures.ts')).figures,
      street: async () => (await import('./en/street.ts')).street,
      site: async () => (await import('./en/site.ts')).site,
      compare: async () => (await import('./en/compare.ts')).compare,
      account: async () => (await import('./en/account.ts')).account,
      home: async () => (await import('./en/home.ts')).home,
      diary: async () => (await import('./en/diary.ts')).diary,
      place: async () => (await import('./en/place.ts')).place,
      methods: async () => (await import('./en/methods.ts')).methods,
      data: async () => (await import('./en/data.ts')).data,
      privacy: async () => (await import('./en/privacy.ts')).privacy,
      record: async () => (await import('./en/record.ts')).record,
      letter: async () => (await import('./en/letter.ts')).letter,
      alerts: async () => (await import('./en/alerts.ts')).alerts,
      steward: async () => (await import('./en/steward.ts')).steward
    }
  },
  de: {
    name: 'Deutsch (Entwurf)',
    direction: 'ltr',
    isDraft: true,
    chapters: {
      common: async () => (await import('./de/common.ts')).common,
      figures: async () => (await import('./de/figures.ts')).figures,
      street: async () => (await import('./de/street.ts')).street,
      site: async () => (await import('./de/site.ts')).site,
      compare: async () => (await import('./de/compare.ts')).compare,
      account: async () => (await import('./de/account.ts')).account,
      home: async () => (await import('./de/home.ts')).home,
      diary: async () => (await import('./de/diary.ts')).diary,
      place: async () => (await import('./de/place.ts')).place,
      methods: async () => (await import('./de/methods.ts')).methods,
      data: async () => (await import('./de/data.ts')).data,
      privacy: async () => (await import('./de/privacy.ts')).privacy,
      record: async () => (await import('./de/record.ts')).record,
      letter: async () => (await import('./de/letter.ts')).letter,
      alerts: async () => (await import('./de/alerts.ts')).alerts,
      steward: async () => (await import('./de/steward.ts')).steward
    }
  }
} satisfies Record<string, Language>

export type LanguageId = keyof typeof languages

export const languageDefault = 'en' satisfies LanguageId

/** The named chapters of a language. */
export async function loadChapters<C extends Chapter>(
  id: LanguageId,
  names: readonly C[]
): Promise<Chapters<C>> {
  const { chapters } = languages[id] as Language
  const loaded = await Promise.all(names.map(async (name) => [name, await chapters[name]()] as const))
  return Object.fromEntries(loaded) as Chapters<C>
}

/** All of a language: for the hub, which answers everybody. */
export async function loadWords(id: LanguageId): Promise<Words> {
  return loadChapters(id, Object.keys(languages[id].chapters) as Chapter[])
}
