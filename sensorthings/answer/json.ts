/** Writes entities as JSON: their properties, links, and what was expanded. OGC 18-088, section 9.2.1 and 9.3.2. */
import type { Entity, Row, Subject } from '../entities/entity.ts'
import { isRow } from '../entities/entity.ts'
import { entityTypes, type TypeName } from '../entity-types.ts'
import { observationId } from '../ids.ts'
import { extentOf, isoOf, parametersOf, qualityOf } from '../observations/reads.ts'
import type { Options } from '../query/options.ts'
import { nextLink, selfLink } from './links.ts'

/** An entity with what was expanded of it. */
export interface Node {
  subject: Subject
  expanded: ReadonlyMap<string, Expanded>
}

export interface Expanded {
  nodes: readonly Node[]
  many: boolean
  options: Options
  count?: number
  next?: readonly unknown[]
}

export class EntityWriter {
  readonly #base: string

  constructor(base: string) {
    this.#base = base
  }

  write({ subject, expanded }: Node, select: ReadonlySet<string> | undefined): string {
    const type = isRow(subject) ? 'Observation' : subject.type
    const self = selfLink(this.#base, subject)
    const parts: string[] = []
    if (select) parts.push(...this.#chosen(subject, type, self, select, expanded))
    else if (isRow(subject)) parts.push(this.#row(subject, self, expanded))
    else parts.push(this.#whole(subject, type, self, expanded))
    for (const [name, one] of expanded) parts.push(this.#expanded(name, self, one))
    return `{${parts.filter((part) => part !== '').join(',')}}`
  }

  /** What does not change is written once. */
  #whole(entity: Entity, type: TypeName, self: string, expanded: ReadonlyMap<string, Expanded>): string {
    if (entity.text?.base !== this.#base) {
      const own = Object.entries(entity.own).map(([name, value]) => `"${name}":${JSON.stringify(value)}`)
      const text = [`"@iot.selfLink":${JSON.stringify(self)}`, `"@iot.id":${entity.id}`, ...own].join(',')
      entity.text = { base: this.#base, text }
    }
    const times = entity.stream ? `,${timesOf(entity)}` : ''
    return `${entity.text.text}${times}${this.#links(type, self, expanded)}`
  }

  #links(type: TypeName, self: string, expanded: ReadonlyMap<string, Expanded>): string {
    return Object.keys(entityTypes[type].links)
      .filter((name) => !expanded.has(name))
      .map((name) => `,"${name}@iot.navigationLink":${JSON.stringify(`${self}/${name}`)}`)
      .join('')
  }

  #row(row: Row, self: string, expanded: ReadonlyMap<string, Expanded>): string {
    const { at, until, value, flag, reasons } = row
    const id = observationId(row.series.number, at)
    return (
      `"@iot.selfLink":${JSON.stringify(self)},"@iot.id":"${id}","phenomenonTime":"${isoOf({ from: at, until })}",` +
      `"resultTime":"${isoOf({ from: until, until })}","result":${JSON.stringify(value)},` +
      `"resultQuality":${qualityText(flag, reasons)},"parameters":${JSON.stringify(parametersOf(row))}` +
      this.#links('Observation', self, expanded)
    )
  }

  #chosen(
    subject: Subject,
    type: TypeName,
    self: string,
    select: ReadonlySet<string>,
    expanded: ReadonlyMap<string, Expanded>
  ): string[] {
    return [...select].flatMap((name) => {
      if (name === 'selfLink') return `"@iot.selfLink":${JSON.stringify(self)}`
      if (name === 'id') return `"@iot.id":${idText(subject)}`
      if (Object.hasOwn(entityTypes[type].links, name))
        return expanded.has(name) ? [] : `"${name}@iot.navigationLink":${JSON.stringify(`${self}/${name}`)}`
      const value = propertyText(subject, name)
      return value === undefined ? [] : `"${name}":${value}`
    })
  }

  #expanded(name: string, self: string, { nodes, many, options, count, next }: Expanded): string {
    const texts = nodes.map((node) => this.write(node, options.select))
    if (!many) return `"${name}":${texts[0] ?? 'null'}`
    const counted = count === undefined ? '' : `"${name}@iot.count":${count},`
    const link = next
      ? `"${name}@iot.nextLink":${JSON.stringify(nextLink(`${self}/${name}`, options, next))},`
      : ''
    return `${counted}${link}"${name}":[${texts.join(',')}]`
  }
}

export function idText(subject: Subject): string {
  // A number of 19 digits is no JavaScript number any more, so it travels as a text.
  return isRow(subject) ? `"${observationId(subject.series.number, subject.at)}"` : String(subject.id)
}

/** undefined where the entity has none. */
export function propertyText(subject: Subject, name: string): string | undefined {
  if (name === 'id') return idText(subject)
  if (isRow(subject)) return rowText(subject, name)
  if (subject.stream && (name === 'phenomenonTime' || name === 'resultTime')) {
    const extent = extentOf(subject.stream)
    return extent ? `"${isoOf(extent)}"` : undefined
  }
  const value = subject.own[name]
  return value === undefined ? undefined : JSON.stringify(value)
}

function timesOf({ stream }: Entity): string {
  const extent = stream && extentOf(stream)
  return extent ? `"phenomenonTime":"${isoOf(extent)}","resultTime":"${isoOf(extent)}"` : ''
}

export function rowText(row: Row, name: string): string {
  switch (name) {
    case 'phenomenonTime':
      return `"${isoOf({ from: row.at, until: row.until })}"`
    case 'resultTime':
      return `"${isoOf({ from: row.until, until: row.until })}"`
    case 'result':
      return JSON.stringify(row.value)
    case 'resultQuality':
      return qualityText(row.flag, row.reasons)
    default:
      return JSON.stringify(parametersOf(row))
  }
}

const qualities = new Map<number, string>()

/** A few dozen there are, of thousands of readings. */
function qualityText(flag: Row['flag'], reasons: Row['reasons']): string {
  const key = reasons * 10 + flag
  let text = qualities.get(key)
  if (text === undefined) {
    if (qualities.size > 1_000) qualities.clear()
    qualities.set(key, (text = JSON.stringify(qualityOf(flag, reasons))))
  }
  return text
}
