/** Finds a name that an object of a JSON text has twice: JSON.parse keeps the last value and says nothing. Pure. */

/**
 * The first such name, or undefined. Nearly every message is settled by counting what ends a key; only where that is not
 * as many as there are members (nested objects, odd spacing, such text inside of strings) the text is gone through.
 */
export function repeatedKey(text: string, parsed: unknown): string | undefined {
  return countOf(text, '":') === memberCount(parsed) ? undefined : search(text)
}

function countOf(text: string, what: string): number {
  let count = 0
  for (let at = text.indexOf(what); at !== -1; at = text.indexOf(what, at + what.length)) count++
  return count
}

/** Members of an object, or of the objects in an array. */
function memberCount(parsed: unknown): number {
  const objects: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
  let count = 0
  for (const object of objects)
    if (typeof object === 'object' && object !== null && !Array.isArray(object))
      count += Object.keys(object).length
  return count
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
