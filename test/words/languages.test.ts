/** Each language says everything that English says: no sentence is missing, none is left over, none is of another kind. */
import { describe, expect, it } from 'vitest'
import { ageText, bytesText, momentText, numberText, shareText } from '../../words/format.ts'
import { languageDefault, languages, loadWords, type LanguageId } from '../../words/languages.ts'
import { english, plainText, textContext, textNow } from '../support/english.ts'

/** Each sentence by its path, with its kind: 'text', or how many parameters its function takes. */
function sentencesOf(words: unknown, path = ''): [path: string, kind: string][] {
  if (typeof words === 'string') return [[path, 'text']]
  if (typeof words === 'function') return [[path, `function of ${words.length}`]]
  if (typeof words !== 'object' || words === null) return [[path, typeof words]]
  return Object.entries(words).flatMap(([name, part]) => sentencesOf(part, `${path}.${name}`))
}

/** What another language lacks, has too much, or has in another form. */
function differences(words: unknown): string[] {
  const wanted = new Map(sentencesOf(english))
  const found = new Map(sentencesOf(words))
  return [
    ...[...wanted].flatMap(([path, kind]) =>
      found.has(path)
        ? found.get(path) === kind
          ? []
          : [`${path}: must be a ${kind}`]
        : [`${path}: is missing`]
    ),
    ...[...found.keys()].flatMap((path) => (wanted.has(path) ? [] : [`${path}: nobody says it`]))
  ]
}

describe.each(Object.keys(languages) as LanguageId[])('the language %s', (id) => {
  it('has every sentence, and no other', async () => {
    expect(differences(await loadWords(id))).toEqual([])
  })

  it('leaves no sentence empty', async () => {
    const { common, ...rest } = await loadWords(id)
    const empty = [...texts(common), ...texts(rest)].filter((text) => text.trim() === '')
    expect(empty).toEqual([])
  })

  it('is written in a locale that numbers and dates can be formatted in', async () => {
    const { common } = await loadWords(id)
    expect(Intl.NumberFormat.supportedLocalesOf(common.locale)).toEqual([common.locale])
  })
})

it.each((Object.keys(languages) as LanguageId[]).filter((id) => id !== languageDefault))(
  'leaves no sentence of %s in English',
  async (id) => {
    const own = new Set(texts(await loadWords(id)))
    const sentences = texts(english).filter((text) => / [a-z]+ /.test(text) && !text.startsWith('npx '))
    expect(sentences.length).toBeGreaterThan(300)
    expect(sentences.filter((text) => own.has(text))).toEqual([])
  }
)

function texts(words: unknown): string[] {
  if (typeof words === 'string') return [words]
  return typeof words === 'object' && words !== null ? Object.values(words).flatMap(texts) : []
}

it('begins in a language that is no draft', () => {
  expect(languages[languageDefault].isDraft).toBe(false)
})

it('writes the numbers, days and ages of German as Germans do', async () => {
  const words = await loadWords('de')
  const german = textContext({ words, zone: 'Europe/Berlin' })
  expect(numberText(words, 1234.5, 1)).toBe('1.234,5')
  expect(numberText(words, -3, 0)).toBe('−3')
  expect(plainText(shareText(words, 0.75))).toBe('75 %')
  expect(plainText(bytesText(words, 5_800_000))).toBe('5,8 MB')
  expect(momentText(german, textNow - 86_400_000)).toBe('So., 22. Nov., 15:30')
  expect(momentText(german, Date.parse('2019-05-31T12:05:00Z'))).toBe('31. Mai 2019, 14:05')
  expect(ageText(german, textNow - 180_000)).toBe('vor 3 Minuten')
})

it('notices a sentence that is missing, left over or of another kind', () => {
  const common: Record<string, unknown> = { ...english.common, skip: () => '', more: 'text' }
  delete common.justNow
  const broken = { ...english, common }
  expect(differences(broken)).toEqual([
    '.common.skip: must be a text',
    '.common.justNow: is missing',
    '.common.more: nobody says it'
  ])
})
