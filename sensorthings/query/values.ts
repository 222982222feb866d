/** What the parts of a filter are worth, and how they compare: as OData has it, which SensorThings builds upon. */
import type { Comparison } from './expression.ts'

/** A moment, or a stretch of time; `until` is where it ends. Unix milliseconds. */
export class Moment {
  readonly from: number
  readonly until: number
  constructor(from: number, until: number = from) {
    this.from = from
    this.until = until
  }
}

/** ISO 8601 duration, in milliseconds. */
export class Duration {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
}

/** Of JSON, also objects and arrays: nothing compares with them. */
export type Value = number | string | boolean | null | Moment | Duration | object

/** null where they are of different kinds, as parts of JSON may be. */
export function compare(operator: Comparison, left: Value, right: Value): boolean | null {
  if (left === null || right === null) return compareWithNull(operator, left, right)
  if (left instanceof Moment && right instanceof Moment) return compareMoments(operator, left, right)
  if (left instanceof Duration && right instanceof Duration) return ordered(operator, left.ms, right.ms)
  if (typeof left === 'number' && typeof right === 'number') return ordered(operator, left, right)
  if (typeof left === 'string' && typeof right === 'string') return ordered(operator, left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean')
    return ordered(operator, Number(left), Number(right))
  return null
}

/** OData, 5.1.1.1: null is equal to null alone; it is neither more nor less than anything. */
function compareWithNull(operator: Comparison, left: Value, right: Value): boolean {
  if (operator === 'eq') return left === right
  return operator === 'ne' && left !== right
}

function ordered<T extends number | string>(operator: Comparison, left: T, right: T): boolean {
  switch (operator) {
    case 'eq':
      return left === right
    case 'ne':
      return left !== right
    case 'gt':
      return left > right
    case 'ge':
      return left >= right
    case 'lt':
      return left < right
    case 'le':
      return left <= right
  }
}

/** A stretch is before what begins when it has ended, or later; moments compare as numbers. */
function compareMoments(operator: Comparison, left: Moment, right: Moment): boolean {
  const same = left.from === right.from && left.until === right.until
  switch (operator) {
    case 'eq':
      return same
    case 'ne':
      return !same
    case 'gt':
      return left.from >= right.until && !same
    case 'ge':
      return left.from >= right.from && left.until >= right.until
    case 'lt':
      return left.until <= right.from && !same
    case 'le':
      return left.until <= right.until && left.from <= right.from
  }
}

/** For $orderby: null first, then by value; what cannot be compared is equal. */
export function orderOf(left: Value, right: Value): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null)
  if (left instanceof Moment && right instanceof Moment)
    return left.from - right.from || left.until - right.until
  if (left instanceof Duration && right instanceof Duration) return left.ms - right.ms
  if (typeof left === 'object' || typeof right === 'object') return 0
  if (typeof left !== typeof right) return typeof left < typeof right ? -1 : 1
  return left < right ? -1 : left > right ? 1 : 0
}

/** null where it is no number: a division by zero, an overflow. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
