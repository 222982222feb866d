/** Makes a function of an expression for one kind of entity; whatever cannot be right is refused here, before anything is read. */
import { entityTypes, linkOf, namesOf, propertyOf, type Kind, type TypeName } from '../entity-types.ts'
import { shown } from '../../figures/shown.ts'
import { bad, StaProblem } from '../problem.ts'
import type { Arithmetic, Comparison, Expression } from './expression.ts'
import { functions, geographicFunctions } from './functions.ts'
import { geographic, literalOf } from './literals.ts'
import { Choices } from './choices.ts'
import { compare, Duration, finite, Moment, type Value } from './values.ts'

/** How the properties and links of entities are read. Links that lead to many give them all. */
export interface Reads<S> {
  /** A moment as a `Moment`; null where the entity has none. */
  property(subject: S, type: TypeName, name: string): Value
  /** Not of Observations from another entity: those are refused. */
  link(subject: S, type: TypeName, name: string): S | readonly S[]
}

export interface Compiled<S> {
  kind: Kind
  /** First steps of the paths in it; '' for a property of the entity itself. */
  uses: ReadonlySet<string>
  value(subject: S): Value
  /** It is an id: a number of up to 19 digits, which JavaScript's numbers cannot hold. */
  isId?: boolean
  /** Of a number, as it was written. */
  written?: string
}

export interface Compiling<S> {
  reads: Reads<S>
  /** $filter or $orderby, for sentences. */
  option: string
  now: number
}

/** What entities are ordered by: one value for each. */
export function compileOrder<S>(of: Expression, type: TypeName, how: Compiling<S>): Compiled<S> {
  return new Compiler(type, how).compile(of)
}

/** A filter, which must be true or false. */
export function compileFilter<S>(of: Expression, type: TypeName, how: Compiling<S>): Compiled<S> {
  const choices = new Choices()
  const compiled = new Compiler(type, how, choices).compile(of)
  if (compiled.kind === 'boolean' || compiled.kind === 'any')
    return { ...compiled, value: (subject) => choices.some(() => compiled.value(subject) === true) }
  throw bad(
    `${how.option} must be true or false for each entity: compare what it gives, as in "result gt 20".`
  )
}

const words: Readonly<Record<Kind, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  moment: 'a time',
  date: 'a date',
  timeOfDay: 'a time of day',
  duration: 'a duration',
  any: 'JSON',
  null: 'null'
}

interface Step {
  type: TypeName
  name: string
  /** From the entity that is asked for. */
  path: string
}

class Compiler<S> {
  readonly #type: TypeName
  readonly #how: Compiling<S>
  readonly #choices: Choices | undefined

  constructor(type: TypeName, how: Compiling<S>, choices?: Choices) {
    this.#type = type
    this.#how = how
    this.#choices = choices
  }

  compile(of: Expression): Compiled<S> {
    switch (of.kind) {
      case 'literal': {
        const { kind, value } = literalOf(of.token)
        const literal: Compiled<S> = constant(kind, value)
        return of.token.kind === 'number' ? { ...literal, written: of.token.text } : literal
      }
      case 'path':
        return this.#path(of.steps)
      case 'call':
        return this.#call(of.name, of.args)
      case 'not':
        return this.#not(this.compile(of.of))
      case 'minus':
        return this.#arithmetic('sub', constant('number', 0), this.compile(of.of))
      case 'binary':
        return this.#binary(of.operator, this.compile(of.left), this.compile(of.right))
    }
  }

  #path(steps: readonly string[]): Compiled<S> {
    const { reads } = this.#how
    let type = this.#type
    const links: Step[] = []
    for (const [i, name] of steps.entries()) {
      const link = linkOf(type, name)
      if (link) {
        this.#refuseObservations(type, name)
        if (link.many && !this.#choices)
          throw bad(`${this.#how.option}: a ${type} has several ${name}, so they give it no order.`)
        links.push({ type, name, path: steps.slice(0, i + 1).join('/') })
        type = link.to
        continue
      }
      const property = name === '@iot.id' ? 'id' : name
      const kind: Kind | undefined = property === 'id' ? 'any' : propertyOf(type, property)
      if (kind === undefined) throw this.#unknown(type, name)
      const inner = steps.slice(i + 1)
      if (inner.length > 0 && (kind !== 'any' || property === 'id'))
        throw bad(`${this.#how.option}: "${name}" of a ${type} has no parts.`)
      const owner = type
      const own = (subject: S): Value => partOf(reads.property(subject, owner, property), inner)
      const compiled = { kind, uses: new Set([links[0]?.name ?? '']), value: this.#through(links, own) }
      return property === 'id' ? { ...compiled, isId: true } : compiled
    }
    throw bad(
      `${this.#how.option}: "${steps.join('/')}" is an entity. Name a property of it: ${namesOf(type)}.`
    )
  }

  #through(links: readonly Step[], own: (subject: S) => Value): (subject: S) => Value {
    if (links.length === 0) return own
    const { reads } = this.#how
    return (subject) => {
      let at: S | undefined = subject
      for (const { type, name, path } of links) {
        const next: S | readonly S[] = reads.link(at, type, name)
        at = Array.isArray(next) ? this.#choices!.of(path, next as readonly S[]) : (next as S)
        if (at === undefined) return null
      }
      return own(at)
    }
  }

  #refuseObservations(type: TypeName, name: string): void {
    if (name !== 'Observations') return
    throw new StaProblem(
      501,
      `${this.#how.option}: ${entityTypes[type].set} are not filtered by their Observations here. Filter Observations instead, for example with "Datastream/Thing/name eq '…'".`
    )
  }

  #unknown(type: TypeName, name: string): StaProblem {
    return bad(`${this.#how.option}: a ${type} has no "${shown(name)}". It has: ${namesOf(type)}.`)
  }

  #call(name: string, args: readonly Expression[]): Compiled<S> {
    if (geographicFunctions.has(name)) throw geographic()
    const known = Object.hasOwn(functions, name) ? functions[name] : undefined
    if (!known)
      throw bad(
        `${this.#how.option}: there is no function "${shown(name)}". There are: ${Object.keys(functions).join(', ')}.`
      )
    const { takes, optional = 0, gives, call } = known
    if (args.length > takes.length || args.length < takes.length - optional)
      throw bad(
        `${this.#how.option}: ${name}(…) takes ${takes.length === 0 ? 'nothing' : takes.map((kind) => words[kind]).join(', ')}.`
      )
    const parts = args.map((arg) => this.compile(arg))
    parts.forEach((part, i) => this.#need(part, takes[i]!, `${name}(…)`))
    const { now } = this.#how
    const checks = parts.map((_part, i) => isOfKind[takes[i]!])
    return {
      kind: gives,
      uses: union(parts),
      value(subject) {
        const given = parts.map((part, i) => {
          const value = part.value(subject)
          return checks[i]!(value) ? value : null
        })
        return given.includes(null) ? null : call(given as never[], now)
      }
    }
  }

  #not(of: Compiled<S>): Compiled<S> {
    this.#need(of, 'boolean', 'not')
    const value = (subject: S): Value => {
      const truth = of.value(subject)
      return typeof truth === 'boolean' ? !truth : null
    }
    return { kind: 'boolean', uses: of.uses, value }
  }

  #need(part: Compiled<S>, kind: Kind, where: string): void {
    if (part.kind === kind || part.kind === 'any' || part.kind === 'null') return
    throw bad(`${this.#how.option}: ${where} needs ${words[kind]} where ${words[part.kind]} stands.`)
  }

  #binary(
    operator: Comparison | Arithmetic | 'and' | 'or',
    left: Compiled<S>,
    right: Compiled<S>
  ): Compiled<S> {
    switch (operator) {
      case 'and':
      case 'or':
        return this.#logic(operator, left, right)
      case 'add':
      case 'sub':
      case 'mul':
      case 'div':
      case 'mod':
        return this.#arithmetic(operator, left, right)
      default:
        return this.#comparison(operator, left, right)
    }
  }

  #logic(operator: 'and' | 'or', left: Compiled<S>, right: Compiled<S>): Compiled<S> {
    this.#need(left, 'boolean', operator)
    this.#need(right, 'boolean', operator)
    // The value that decides alone, whatever the other one is.
    const deciding = operator === 'or'
    const value = (subject: S): Value => {
      const a = left.value(subject)
      if (a === deciding) return deciding
      const b = right.value(subject)
      if (b === deciding) return deciding
      return typeof a === 'boolean' && typeof b === 'boolean' ? !deciding : null
    }
    return { kind: 'boolean', uses: union([left, right]), value }
  }

  #comparison(operator: Comparison, left: Compiled<S>, right: Compiled<S>): Compiled<S> {
    if (left.isId || right.isId) return this.#ofIds(operator, left, right)
    const [a, b] = asComparable(left, right)
    const isOpen = [a.kind, b.kind].some((kind) => kind === 'any' || kind === 'null')
    if (!isOpen && a.kind !== b.kind)
      throw bad(`${this.#how.option}: "${operator}" cannot compare ${words[a.kind]} with ${words[b.kind]}.`)
    const value = (subject: S): Value => compare(operator, a.value(subject), b.value(subject))
    return { kind: 'boolean', uses: union([a, b]), value }
  }

  #ofIds(operator: Comparison, left: Compiled<S>, right: Compiled<S>): Compiled<S> {
    const padded = (part: Compiled<S>) => (subject: S) => {
      const id = part.written ?? part.value(subject)
      return id === null || typeof id === 'object' ? null : String(id).padStart(idDigits, '0')
    }
    const [a, b] = [padded(left), padded(right)]
    const value = (subject: S): Value => compare(operator, a(subject), b(subject))
    return { kind: 'boolean', uses: union([left, right]), value }
  }

  #arithmetic(operator: Arithmetic, left: Compiled<S>, right: Compiled<S>): Compiled<S> {
    const uses = union([left, right])
    const kind = this.#kindOfResult(operator, left.kind, right.kind)
    const value = (subject: S): Value => calculate(operator, left.value(subject), right.value(subject))
    return { kind, uses, value }
  }

  /** Numbers; a time and a duration, or two of either (OData, 5.1.1.2). */
  #kindOfResult(operator: Arithmetic, left: Kind, right: Kind): Kind {
    const open = (kind: Kind): boolean => kind === 'any' || kind === 'null'
    const isSum = operator === 'add' || operator === 'sub'
    if ((left === 'number' || open(left)) && (right === 'number' || open(right))) return 'number'
    if (isSum && left === 'moment' && right === 'duration') return 'moment'
    if (operator === 'sub' && left === 'moment' && right === 'moment') return 'duration'
    if (isSum && left === 'duration' && right === 'duration') return 'duration'
    throw bad(`${this.#how.option}: "${operator}" cannot take ${words[left]} and ${words[right]}.`)
  }
}

/** More than any id has, so that they compare as texts. */
const idDigits = 24

function constant<S>(kind: Kind, value: Value): Compiled<S> {
  return { kind, uses: new Set(), value: () => value }
}

function union<S>(parts: readonly Compiled<S>[]): ReadonlySet<string> {
  return new Set(parts.flatMap(({ uses }) => [...uses]))
}

/** A date beside a time is the midnight at which it begins. */
function asComparable<S>(left: Compiled<S>, right: Compiled<S>): [Compiled<S>, Compiled<S>] {
  const asMoment = (part: Compiled<S>): Compiled<S> => ({
    ...part,
    kind: 'moment',
    value(subject) {
      const date = part.value(subject)
      return typeof date === 'string' ? new Moment(Date.parse(`${date}T00:00:00Z`)) : null
    }
  })
  if (left.kind === 'moment' && right.kind === 'date') return [left, asMoment(right)]
  if (left.kind === 'date' && right.kind === 'moment') return [asMoment(left), right]
  return [left, right]
}

const isOfKind: Readonly<Record<Kind, (value: Value) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  moment: (value) => value instanceof Moment,
  date: (value) => typeof value === 'string',
  timeOfDay: (value) => typeof value === 'string',
  duration: (value) => value instanceof Duration,
  any: () => true,
  null: (value) => value === null
}

function calculate(operator: Arithmetic, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return numbers(operator, left, right)
  const sign = operator === 'sub' ? -1 : 1
  if (left instanceof Moment && right instanceof Duration)
    return new Moment(left.from + sign * right.ms, left.until + sign * right.ms)
  if (left instanceof Moment && right instanceof Moment) return new Duration(left.from - right.from)
  if (left instanceof Duration && right instanceof Duration) return new Duration(left.ms + sign * right.ms)
  return null
}

function numbers(operator: Arithmetic, left: number, right: number): number | null {
  switch (operator) {
    case 'add':
      return finite(left + right)
    case 'sub':
      return finite(left - right)
    case 'mul':
      return finite(left * right)
    case 'div':
      return finite(left / right)
    case 'mod':
      return finite(left % right)
  }
}

/** A part of JSON, null where there is none. */
export function partOf(json: Value, steps: readonly string[]): Value {
  let part: unknown = json
  for (const step of steps) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, step)) return null
    part = (part as Record<string, unknown>)[step]
  }
  return (part ?? null) as Value
}
