/** Streets that lack consents to known words: told only where five homes would be there otherwise. */
import { describe, expect, it } from 'vitest'
import { unknownWording } from '../../model/consent.ts'
import { streetsShortOfConsents } from '../../model/taken-over.ts'

const sites = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    streetId: 'ashley-road',
    placement: 'indoor' as const,
    homeId: `home-${n}`
  }))
const consents = (unknown: number, known: number) =>
  Array.from({ length: unknown + known }, (_, n) => ({
    homeId: `home-${n}`,
    purpose: 'street' as const,
    wording: n < unknown ? unknownWording : 'street-1',
    until: null
  }))

describe('streets short of consents', () => {
  it.each([
    ['five to unknown words', 5, 0, 5, true],
    ['four of eight to known words', 4, 4, 4, true],
    ['five of nine to known words', 4, 5, 4, false],
    ['four that never were five', 4, 0, 4, false],
    ['four that were five before the upgrade', 4, 0, 5, true],
    ['three to known words, after five', 0, 3, 5, true],
    ['none, after five', 0, 0, 5, true],
    ['five to known words, after seven', 0, 5, 7, false]
  ])('%s', (_what, unknown, known, before, isShort) => {
    const noted = JSON.stringify({ 'ashley-road': before })
    const short = streetsShortOfConsents(sites(unknown + known), consents(unknown, known), noted)
    expect(short).toEqual(
      isShort
        ? [{ streetId: 'ashley-road', homes: unknown + known, unknownWords: unknown, homesBefore: before }]
        : []
    )
  })

  it('count neither consents that ended, nor those to something else, nor a second room', () => {
    const ended = consents(5, 0).map((one) => ({ ...one, until: 1 as never }))
    const other = consents(5, 0).map((one) => ({ ...one, purpose: 'page' as const }))
    expect(streetsShortOfConsents(sites(5), [...ended, ...other], undefined)).toEqual([])
    const oneHome = sites(5).map((site) => ({ ...site, homeId: 'home-0' }))
    expect(streetsShortOfConsents(oneHome, consents(5, 0), undefined)).toEqual([])
  })
})
