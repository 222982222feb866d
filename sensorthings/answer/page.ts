/** A page of entities in memory: filtered, ordered, from where the page before ended, with the token of the next one. */
import type { Entity, Subject } from '../entities/entity.ts'
import type { TypeName } from '../entity-types.ts'
import { bad } from '../problem.ts'
import { reads } from '../observations/reads.ts'
import { compileFilter, compileOrder, type Compiled } from '../query/compile.ts'
import type { Options } from '../query/options.ts'
import { Moment, orderOf, type Value } from '../query/values.ts'

export interface Page<T> {
  items: readonly T[]
  /** Of all pages; undefined where nobody asked. */
  count?: number
  /** Where it ended, if there is more. */
  next?: readonly unknown[]
}

interface Prepared {
  filter?: Compiled<Subject>
  orders: readonly { compiled: Compiled<Subject>; descending: boolean }[]
}

/** Options of an $expand are compiled once, and used for each entity that they expand. */
export class Pages {
  readonly #prepared = new Map<Options, Prepared>()
  readonly #now: number

  constructor(now: number) {
    this.#now = now
  }

  of(entities: readonly Entity[], type: TypeName, options: Options, pageMax: number): Page<Entity> {
    const { filter, orders } = this.prepare(type, options)
    const fitting = filter ? entities.filter((entity) => filter.value(entity) === true) : entities
    const compare = (a: Entity, b: Entity): number => compareBy(orders, a, b) || a.id - b.id
    const ordered = orders.length > 0 ? fitting.toSorted(compare) : fitting
    const first = options.after ? startAfter(ordered, orders, options.after) : 0
    const from = first + options.skip
    const items = ordered.slice(from, from + Math.min(options.top ?? pageMax, pageMax))
    const last = items.at(-1)
    const isMore = from + items.length < ordered.length
    return {
      items,
      ...(options.count && { count: fitting.length }),
      ...(isMore && { next: last ? tokenOf(orders, last, [last.id]) : (options.after ?? []) })
    }
  }

  prepare(type: TypeName, options: Options): Prepared {
    const known = this.#prepared.get(options)
    if (known) return known
    const how = { reads, now: this.#now }
    const prepared: Prepared = {
      ...(options.filter && { filter: compileFilter(options.filter, type, { ...how, option: '$filter' }) }),
      orders: options.orderby.map(({ by, descending }) => ({
        compiled: compileOrder(by, type, { ...how, option: '$orderby' }),
        descending
      }))
    }
    this.#prepared.set(options, prepared)
    return prepared
  }
}

type Orders = Prepared['orders']

export function compareBy(orders: Orders, a: Subject, b: Subject): number {
  for (const { compiled, descending } of orders) {
    const order = orderOf(compiled.value(a), compiled.value(b))
    if (order !== 0) return descending ? -order : order
  }
  return 0
}

/** What it is ordered by, and then what tells it from its equals. */
export function tokenOf(orders: Orders, last: Subject, own: readonly number[]): readonly unknown[] {
  return [...orders.map(({ compiled }) => asJson(compiled.value(last))), ...own]
}

function asJson(value: Value): unknown {
  return value instanceof Moment ? { from: value.from, until: value.until } : value
}

/** How `subject` lies to where a page ended; `own` compares what tells equals apart. */
export function compareToToken(
  orders: Orders,
  subject: Subject,
  token: readonly unknown[],
  own: (rest: readonly unknown[]) => number
): number {
  for (const [i, { compiled, descending }] of orders.entries()) {
    const order = orderOf(compiled.value(subject), fromJson(token[i]))
    if (order !== 0) return descending ? -order : order
  }
  return own(token.slice(orders.length))
}

function fromJson(json: unknown): Value {
  if (typeof json === 'number' || typeof json === 'string' || typeof json === 'boolean' || json === null)
    return json
  if (typeof json === 'object' && 'from' in json && 'until' in json) {
    const { from, until } = json
    if (typeof from === 'number' && typeof until === 'number') return new Moment(from, until)
  }
  throw strangeToken()
}

export function strangeToken(): Error {
  return bad(
    '$skiptoken does not fit this request. Follow "@iot.nextLink" as it is, or begin again without it.'
  )
}

function startAfter(entities: readonly Entity[], orders: Orders, token: readonly unknown[]): number {
  if (token.length === 0) return 0
  const id = token[orders.length]
  if (typeof id !== 'number' || token.length !== orders.length + 1) throw strangeToken()
  const index = entities.findIndex(
    (entity) => compareToToken(orders, entity, token, () => entity.id - id) > 0
  )
  return index < 0 ? entities.length : index
}
