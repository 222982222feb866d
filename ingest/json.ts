/** JSON as firmware writes it: what JSON.parse takes, and with bare nan and infinity, which cost only their own field. */
import { counted } from '../model/counted.ts'

/**
 * The value of a JSON text, or undefined when it is none. C's printf writes a missing float as a bare `nan`, which no
 * JSON has; such tokens come back as strings ("nan"), and a string is never a measured value. Of duplicate keys the
 * last wins (RFC 8259 section 4 leaves it open; ECMAScript does not). V8 parses without recursion, so depth is harmless.
 * Zero bytes after the text are the end of a C string that was sent with its buffer, and mean nothing.
 */
export function parseJson(text: string): unknown {
  const parsed = tryParse(text)
  if (parsed !== undefined) return parsed
  const ended = withoutZerosBehind(text)
  const mended = quoteBareNumbers(ended) ?? ended
  return mended === text ? undefined : tryParse(mended)
}

/** Why a text is no JSON, where more can be said than that; for the catalogue's sentence otherwise undefined. */
export function notJsonMessage(text: string): string | undefined {
  const zero = text.indexOf('\0')
  if (zero === -1 || zero === withoutZerosBehind(text).length) return undefined
  return (
    `The message has a zero byte after ${counted(zero, 'character')}, which JSON does not allow. ` +
    'Send UTF-8, and only the used part of a buffer.'
  )
}

function withoutZerosBehind(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--
  return text.slice(0, end)
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined // JSON.parse throws SyntaxError for text that is not JSON, and nothing else.
  }
}

const bareNumber = /[-+]?(?:nan|inf(?:inity)?)(?![\w.])/iy

/**
 * Puts quotes around nan, inf and infinity (any case, signed or not) that stand outside strings; undefined when there
 * are none. One pass over the characters: a regular expression for whole strings would take quadratic time on a
 * message of quotes.
 */
function quoteBareNumbers(text: string): string | undefined {
  let mended = ''
  let copied = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) {
      i = endOfString(text, i)
      continue
    }
    if (!mayBeginBareNumber(code)) continue
    bareNumber.lastIndex = i
    const token = bareNumber.exec(text)?.[0]
    if (token === undefined) continue
    mended += `${text.slice(copied, i)}"${token}"`
    copied = i + token.length
    i = copied - 1
  }
  return copied === 0 ? undefined : mended + text.slice(copied)
}

/** Index of the quote that closes the string opened at `start`, or of the last character. */
function endOfString(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text.charCodeAt(i) !== 0x22) i += text.charCodeAt(i) === 0x5c ? 2 : 1
  return i
}

/** n, N, i, I, +, -. */
function mayBeginBareNumber(code: number): boolean {
  const lower = code | 0x20
  return lower === 0x6e || lower === 0x69 || code === 0x2b || code === 0x2d
}
