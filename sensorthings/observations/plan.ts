/** Takes a filter of Observations apart: which time, which Datastreams, and what must be looked at in each reading. */
import type { Model } from '../entities/building.ts'
import type { Row, Series, Stream, Subject } from '../entities/entity.ts'
import { partsOfObservationId } from '../ids.ts'
import { compileFilter, compileOrder, type Compiling } from '../query/compile.ts'
import type { Comparison, Expression } from '../query/expression.ts'
import { Moment } from '../query/values.ts'
import { reads } from './reads.ts'

export interface Plan {
  streams: readonly Stream[]
  /** Of readings, exactly: what the filter says of their time is in it. From inclusive, until exclusive. */
  from: number
  until: number
  /** Of readings, beside their time; undefined: each of them fits. */
  fits?: (row: Row) => boolean
  /** Of what is published of homes, time included. */
  publishedFits: (row: Row) => boolean
}

/** Long before and after every reading: ECMA-262, 21.4.1.1. */
const endOfTime = 8.64e15

export function planOf(streams: readonly Stream[], filter: Expression | undefined, now: number): Plan {
  const how: Compiling<Subject> = { reads, option: '$filter', now }
  const range = { from: -endOfTime, until: endOfTime }
  // As a whole first, so that a mistake is told whichever part it is in.
  const whole = filter && compileFilter(filter, 'Observation', how)
  let kept = streams
  const rowFilters: ((row: Row) => boolean)[] = []
  for (const part of filter ? conjuncts(filter) : []) {
    const bounds = boundsOf(part, how)
    if (bounds) {
      range.from = Math.max(range.from, bounds.from)
      range.until = Math.min(range.until, bounds.until)
      continue
    }
    const compiled = compileFilter(part, 'Observation', how)
    const holds = (row: Row): boolean => compiled.value(row) === true
    if (compiled.uses.has('')) rowFilters.push(holds)
    // It is the same for every Observation of a Datastream.
    else kept = kept.filter((stream) => stream.series[0] !== undefined && holds(anyRowOf(stream.series[0])))
  }
  const all = (row: Row): boolean => rowFilters.every((holds) => holds(row))
  return {
    streams: kept,
    ...range,
    ...(rowFilters.length > 0 && { fits: all }),
    publishedFits: (row) => whole === undefined || whole.value(row) === true
  }
}

function anyRowOf(series: Series): Row {
  return { series, at: series.from, until: series.from, value: 0, flag: 1, reasons: 0 }
}

function conjuncts(filter: Expression): Expression[] {
  if (filter.kind !== 'binary' || filter.operator !== 'and') return [filter]
  const parts: Expression[] = []
  // A filter may have thousands of parts, in a tree that leans to the left.
  let rest: Expression = filter
  while (rest.kind === 'binary' && rest.operator === 'and') {
    parts.push(
      ...(rest.right.kind === 'binary' && rest.right.operator === 'and'
        ? conjuncts(rest.right)
        : [rest.right])
    )
    rest = rest.left
  }
  return [rest, ...parts.reverse()]
}

const mirrored = { eq: 'eq', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' } as const

/** Of a comparison of the Observation's time with a moment that is the same for all; a reading is of one millisecond. */
function boundsOf(part: Expression, how: Compiling<Subject>): { from: number; until: number } | undefined {
  if (part.kind !== 'binary' || !(part.operator in mirrored)) return undefined
  const operator = part.operator as keyof typeof mirrored
  if (isTime(part.left)) return bounds(operator, constantMoment(part.right, how))
  if (isTime(part.right)) return bounds(mirrored[operator], constantMoment(part.left, how))
  return undefined
}

/** A reading's result is there when it is measured. */
function isTime(part: Expression): boolean {
  return (
    part.kind === 'path' &&
    part.steps.length === 1 &&
    ['phenomenonTime', 'resultTime'].includes(part.steps[0]!)
  )
}

/** undefined for a stretch of time too: that is compared reading by reading. */
function constantMoment(part: Expression, how: Compiling<Subject>): number | undefined {
  if (part.kind === 'path') return undefined
  const { kind, uses, value } = compileOrder(part, 'Observation', how)
  if (uses.size > 0 || (kind !== 'moment' && kind !== 'date')) return undefined
  const constant = value(nothing)
  if (typeof constant === 'string') return Date.parse(`${constant}T00:00:00Z`)
  return constant instanceof Moment && constant.from === constant.until ? constant.from : undefined
}

/** A constant looks at no entity. */
const nothing = {} as Subject

function bounds(
  operator: Exclude<Comparison, 'ne'>,
  at: number | undefined
): { from: number; until: number } | undefined {
  if (at === undefined) return undefined
  switch (operator) {
    case 'eq':
      return { from: at, until: at + 1 }
    case 'gt':
      return { from: at + 1, until: endOfTime }
    case 'ge':
      return { from: at, until: endOfTime }
    case 'lt':
      return { from: -endOfTime, until: at }
    case 'le':
      return { from: -endOfTime, until: at + 1 }
  }
}

/** The one Observation that an id names, as a plan; undefined where there can be none. */
export function planOfId(model: Model, id: string): Plan | undefined {
  const parts = partsOfObservationId(id)
  const series = parts && model.series.get(parts.series)
  if (!series) return undefined
  const streams = [...new Set(series.map(({ stream }) => stream))]
  const isIt = (row: Row): boolean => row.series.number === parts.series && row.at === parts.at
  return { streams, from: parts.at, until: parts.at + 1, fits: isIt, publishedFits: isIt }
}
