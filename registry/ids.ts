/** Names for streets, sites, homes, persons, devices, notes, alerts and browsers that survive topics, paths and file names. */
import { idDrawsMax, slugLengthMax } from './limits.ts'
import { randomBytes } from 'node:crypto'
import { transliterated } from '../model/transliteration.ts'

export type RandomBytes = (count: number) => Uint8Array

export const cryptoRandom: RandomBytes = (count) => randomBytes(count)

/** RFC 4648 base32 in lower case: no 0, 1, 8 or 9 that could be read as a letter. */
const base32 = 'abcdefghijklmnopqrstuvwxyz234567'
const randomIdLength = 8

/** `d-k7q2m4xa`: not guessable in practice, and never the only thing that protects something. */
export function newId(
  prefix: 'd' | 'g' | 's' | 'h' | 'p' | 'c' | 'n' | 'm' | 'k' | 'a' | 't' | 'r' | 'b',
  random: RandomBytes,
  taken: (id: string) => boolean
): string {
  for (let draw = 0; draw < idDrawsMax; draw++) {
    const letters = [...random(randomIdLength)].map((byte) => base32[byte % base32.length]!)
    const id = `${prefix}-${letters.join('')}`
    if (!taken(id)) return id
  }
  throw new Error('The source of random numbers repeats itself, so no new id could be made.')
}

/** Letters that Unicode does not take apart, and the German umlauts, whose plain spelling is with an e. */
const foldings: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  å: 'a',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i'
}

/** "Roxeler Straße" → `roxeler-strasse`; "King's Road" → `kings-road`; a name in a script that we cannot spell → `street`. */
export function slug(name: string): string {
  const plain = name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[äöüßæœøåłđðþı]/g, (letter) => foldings[letter]!)
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/['’`´׳״]/g, '')
  const latin = transliterated(plain).replaceAll(/[^a-z0-9]+/g, '-')
  return trimmed(latin.replace(/^-/, ''), slugLengthMax) || 'street'
}

/** The slug of a name, with `-2`, `-3` … where it is taken. */
export function uniqueSlug(name: string, taken: (id: string) => boolean): string {
  const first = slug(name)
  if (!taken(first)) return first
  for (let number = 2; ; number++) {
    const suffix = `-${number}`
    const id = trimmed(first, slugLengthMax - suffix.length) + suffix
    if (!taken(id)) return id
  }
}

function trimmed(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).replace(/-+$/, '')
}

/** What two spellings of one name share: without regard to case, ß/ss, and white space. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toUpperCase().toLowerCase()
}
