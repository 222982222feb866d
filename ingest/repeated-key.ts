/** Finds a name that an object of a JSON text has twice: JSON.parse keeps the last value and says nothing. Pure. */

import type { JsonObject } from './payload.ts'

/**
 * The first such name, or undefined. `members` are those that JSON.parse gave. Nearly every message is settled by counting what
 * ends a key; only where that is not as many (nested objects, odd spacing, such text inside of strings) the text is gone through.
 */
export function repeatedKey(text: string, members: number): string | undefined {
  return keyEnds(text) === members ? undefined : search(text)
}

/** How often `":` stands in a text. */
function keyEnds(text: string): number {
  let count = 0
  for (let i = 1; i < text.length; i++)
    if (text.charCodeAt(i) === 0x3a && text.charCodeAt(i - 1) === 0x22) count++
  return count
}

export function memberCount(object: JsonObject): number {
  return Object.keys(object).length
}

/** One pass; the text was parsed, so brackets match and strings end. */
function search(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '{':
      case '[':
        open.push(undefined)
        break
      case '}':
      case ']':
        open.pop()
        break
      case '"': {
        const end = endOfString(text, i)
        if (isKey(text, end)) {
          const key = keyOf(text.slice(i, end + 1))
          const known = (open[open.length - 1] ??= new Set())
          if (known.has(key)) return key
          known.add(key)
        }
        i = end
      }
    }
  }
  return undefined
}

function endOfString(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

const spaceAndColon = /\s*:/y

function isKey(text: string, end: number): boolean {
  spaceAndColon.lastIndex = end + 1
  return spaceAndColon.test(text)
}

/** One name may be spelt in several ways. */
function keyOf(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1)
}
