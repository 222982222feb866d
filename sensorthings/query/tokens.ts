/** A $filter, $orderby or $expand cut into words and signs; never fails slowly: one pass, each character looked at once. */
import { shown } from '../../figures/shown.ts'
import { bad } from '../problem.ts'
import { tokensMax } from '../limits.ts'

export type TokenKind =
  | 'name'
  | 'text'
  | 'number'
  | 'moment'
  | 'interval'
  | 'date'
  | 'timeOfDay'
  | 'duration'
  | 'geography'
  | 'sign'

export interface Token {
  kind: TokenKind
  /** As it was written; of a text and a duration what stands between the quotes. */
  text: string
  at: number
}

const date = '\\d{4}-\\d{2}-\\d{2}'
const clock = '\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,12})?)?'
// A plus sign in a query that was not written as %2B arrives as a blank.
const zoned = `${date}T${clock}(?:Z|z|[+ -]\\d{2}:?\\d{2})`

/** In the order in which they are tried. Sticky, so that nothing is searched for. */
const patterns: readonly (readonly [kind: TokenKind, pattern: RegExp])[] = [
  ['interval', new RegExp(`${zoned}/${zoned}`, 'y')],
  ['moment', new RegExp(zoned, 'y')],
  ['date', new RegExp(`${date}(?![\\w:])`, 'y')],
  ['timeOfDay', new RegExp(`${clock}(?![\\w:])`, 'y')],
  ['duration', /duration'([^']*)'/y],
  ['geography', /(?:geography|geometry)'([^']*)'/y],
  ['number', /-?\d+(?:\.\d+)?(?:[eE][+ -]?\d+)?(?![\w.])/y],
  ['text', /'((?:[^']|'')*)'/y],
  ['name', /@iot\.\w+|\$?[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/uy],
  ['sign', /[(),/;:=*-]/y]
]

export function tokensOf(text: string, option: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++
      continue
    }
    const token = tokenAt(text, at)
    if (!token)
      throw bad(
        text[at] === "'"
          ? `${option}: the text that begins at character ${at + 1} has no closing quote. Double the quotes that are part of it.`
          : `${option}: "${shown(text.slice(at, at + 20))}" at character ${at + 1} cannot be read.`
      )
    if (tokens.length === tokensMax)
      throw bad(`${option} has more than ${tokensMax} words and signs. Ask in several requests.`)
    tokens.push(token.token)
    at = token.until
  }
  return tokens
}

function tokenAt(text: string, at: number): { token: Token; until: number } | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match) continue
    const inner = kind === 'text' ? match[1]!.replaceAll("''", "'") : (match[1] ?? match[0])
    return { token: { kind, text: inner, at }, until: pattern.lastIndex }
  }
  return undefined
}

/** Reads tokens one after another. */
export class TokenReader {
  readonly #tokens: readonly Token[]
  readonly option: string
  #next = 0

  constructor(text: string, option: string) {
    this.#tokens = tokensOf(text, option)
    this.option = option
  }

  get peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  /** The one after the next. */
  get second(): Token | undefined {
    return this.#tokens[this.#next + 1]
  }

  take(): Token {
    const token = this.#tokens[this.#next]
    if (!token) throw bad(`${this.option} ends too early: something is missing at its end.`)
    this.#next++
    return token
  }

  isSign(sign: string): boolean {
    const { peek } = this
    return peek?.kind === 'sign' && peek.text === sign
  }

  isName(name: string): boolean {
    const { peek } = this
    return peek?.kind === 'name' && peek.text === name
  }

  /** Takes the sign if it is next. */
  skip(sign: string): boolean {
    if (!this.isSign(sign)) return false
    this.#next++
    return true
  }

  need(sign: string): void {
    if (!this.skip(sign)) throw this.unexpected(`"${sign}"`)
  }

  end(): void {
    if (this.peek) throw this.unexpected('its end')
  }

  unexpected(instead: string): Error {
    const { peek } = this
    if (!peek) return bad(`${this.option} ends too early: ${instead} is missing.`)
    return bad(
      `${this.option}: "${shown(peek.text)}" at character ${peek.at + 1} where ${instead} should be.`
    )
  }
}
