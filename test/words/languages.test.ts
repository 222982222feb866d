/** Each language says everything that English says: no sentence is missing, none is left over, none is of another kind. */
import { describe, expect, it } from 'vitest'
import { languages, loadWords, type LanguageId } from '../../words/languages.ts'
import { english } from '../support/english.ts'

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

function texts(words: unknown): string[] {
  if (typeof words === 'string') return [words]
  return typeof words === 'object' && words !== null ? Object.values(words).flatMap(texts) : []
}

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
