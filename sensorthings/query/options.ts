/** Query options: what is asked of a collection, at the end of an address or in the brackets of $expand. OGC 18-088, section 9.3.3. */
import { entityTypes, linkOf, namesOf, propertyOf, type TypeName } from '../entity-types.ts'
import { expandDepthMax } from '../limits.ts'
import { shown } from '../../figures/shown.ts'
import { bad, StaProblem } from '../problem.ts'
import { readExpression, type Expression } from './expression.ts'
import { TokenReader } from './tokens.ts'

export interface Order {
  by: Expression
  descending: boolean
}

export interface Expand {
  link: string
  options: Options
}

export interface Options {
  filter?: Expression
  orderby: readonly Order[]
  /** As it was written; the server's own bounds hold as well. */
  top?: number
  skip: number
  count: boolean
  /** Names of properties and links; undefined: all. */
  select?: ReadonlySet<string>
  expand: readonly Expand[]
  resultFormat?: 'dataArray' | 'CSV'
  /** Where a page before this one ended. */
  after?: readonly unknown[]
  /** The text of each option, for the links of an answer. */
  written: ReadonlyMap<string, string>
}

const known = [
  '$filter',
  '$orderby',
  '$top',
  '$skip',
  '$count',
  '$select',
  '$expand',
  '$resultFormat',
  '$skiptoken'
]
/** Of OData, which SensorThings builds upon, and not of SensorThings. */
const foreign = ['$search', '$format', '$apply', '$compute', '$levels', '$inlinecount', '$deltatoken', '$id']

/** Of a whole query string, without its question mark. */
export function optionsOfQuery(query: string, type: TypeName): Options {
  const pairs = query.split('&').filter((part) => part !== '')
  return optionsOf(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0
        ? [decoded(pair), '']
        : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))]
    }),
    type,
    0
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw bad(`"${shown(text)}" has a percent sign that begins no character. Write the sign itself as %25.`)
  }
}

function optionsOf(pairs: readonly (readonly string[])[], type: TypeName, depth: number): Options {
  const written = new Map<string, string>()
  for (const [name, text] of pairs as readonly (readonly [string, string])[]) {
    if (foreign.includes(name))
      throw new StaProblem(501, `${name} is not implemented here. There are: ${known.join(', ')}.`)
    if (!known.includes(name))
      throw bad(`There is no option "${shown(name)}". There are: ${known.join(', ')}.`)
    if (written.has(name)) throw bad(`${name} is there twice. Give it once.`)
    written.set(name, text.trim())
  }
  const read = <T>(name: string, as: (text: string) => T): T | undefined => {
    const text = written.get(name)
    return text === undefined ? undefined : as(text)
  }
  const filter = read('$filter', filterOf)
  const top = read('$top', (text) => wholeNumber(text, '$top'))
  const select = read('$select', (text) => selectOf(text, type))
  const resultFormat = read('$resultFormat', (text) => formatOf(text, type, depth))
  const after = read('$skiptoken', tokenOf)
  return {
    ...(filter && { filter }),
    orderby: read('$orderby', orderbyOf) ?? [],
    ...(top !== undefined && { top }),
    skip: read('$skip', (text) => wholeNumber(text, '$skip')) ?? 0,
    count: read('$count', countOf) ?? false,
    ...(select && { select }),
    expand: read('$expand', (text) => expandOf(text, type, depth)) ?? [],
    ...(resultFormat && { resultFormat }),
    ...(after && { after }),
    written
  }
}

function filterOf(text: string): Expression {
  const reader = new TokenReader(text, '$filter')
  const expression = readExpression(reader)
  reader.end()
  return expression
}

function orderbyOf(text: string): Order[] {
  const reader = new TokenReader(text, '$orderby')
  const orders: Order[] = []
  do {
    const by = readExpression(reader)
    const descending = reader.isName('desc')
    if (descending || reader.isName('asc')) reader.take()
    orders.push({ by, descending })
  } while (reader.skip(','))
  reader.end()
  return orders
}

function wholeNumber(text: string, option: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw bad(`${option} takes a whole number from 0 on, and not "${shown(text)}".`)
  return Number(text)
}

function countOf(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  throw bad(`$count is true or false, and not "${shown(text)}".`)
}

function formatOf(text: string, type: TypeName, depth: number): 'dataArray' | 'CSV' {
  if (type !== 'Observation' || depth > 0)
    throw bad('$resultFormat is for Observations, and not within $expand.')
  const format = ['dataArray', 'CSV'].find((one) => one.toLowerCase() === text.toLowerCase())
  if (format === 'dataArray' || format === 'CSV') return format
  throw new StaProblem(501, `There is no result format "${shown(text)}" here. There are: dataArray, CSV.`)
}

function selectOf(text: string, type: TypeName): ReadonlySet<string> {
  const names = text.split(',').map((name) => name.trim().replace(/^@iot\./, ''))
  for (const name of names) {
    const isKnown =
      name === 'id' ||
      name === 'selfLink' ||
      propertyOf(type, name) !== undefined ||
      linkOf(type, name) !== undefined
    if (!isKnown) throw bad(`$select: a ${type} has no "${shown(name)}". It has: ${namesOf(type)}.`)
  }
  return new Set(names)
}

function tokenOf(text: string): readonly unknown[] {
  try {
    const token: unknown = JSON.parse(text)
    if (Array.isArray(token)) return token
  } catch {
    // What is no JSON is no token of ours either.
  }
  throw bad(
    '$skiptoken comes from a link of ours. Follow "@iot.nextLink" as it is, or begin again without it.'
  )
}

function expandOf(text: string, type: TypeName, depth: number): Expand[] {
  if (depth >= expandDepthMax)
    throw bad(
      `$expand within $expand goes ${expandDepthMax} deep at most. Follow the links from there in another request.`
    )
  return piecesOf(text, ',').map((piece) => oneExpand(piece, type, depth))
}

function oneExpand(piece: string, type: TypeName, depth: number): Expand {
  const match = /^\s*(\w+)\s*(?:\/\s*(.*)|\((.*)\))?\s*$/s.exec(piece)
  const [, name = '', rest, inner] = match ?? []
  const link = linkOf(type, name)
  if (!match || !link)
    throw bad(
      `$expand: a ${type} has no link "${shown(piece.trim())}". It has: ${Object.keys(entityTypes[type].links).join(', ')}.`
    )
  if (rest !== undefined) return { link: name, options: optionsOf([['$expand', rest]], link.to, depth + 1) }
  const parts = inner === undefined ? [] : piecesOf(inner, ';').map((part) => pairOf(part.trim()))
  return { link: name, options: optionsOf(parts, link.to, depth + 1) }
}

function pairOf(part: string): readonly string[] {
  const equals = part.indexOf('=')
  if (equals < 0) throw bad(`$expand: "${shown(part)}" is no option. Write for example Observations($top=1).`)
  return [part.slice(0, equals).trim(), part.slice(equals + 1)]
}

/** Cut where the separator stands outside of brackets and of quotes. */
function piecesOf(text: string, separator: ',' | ';'): string[] {
  const pieces: string[] = []
  let depth = 0
  let isQuoted = false
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === "'") isQuoted = !isQuoted
    if (isQuoted) continue
    if (sign === '(') depth++
    if (sign === ')' && --depth < 0) throw bad('$expand has a bracket that closes what was not opened.')
    if (sign !== separator || depth > 0) continue
    pieces.push(text.slice(from, at))
    from = at + 1
  }
  if (depth > 0 || isQuoted)
    throw bad(`$expand has ${isQuoted ? 'a quote' : 'a bracket'} that nothing closes.`)
  return [...pieces, text.slice(from)].filter((piece, _i, all) => all.length > 1 || piece.trim() !== '')
}
