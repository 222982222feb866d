/** The functions of a filter: OGC 18-088, table 23. Characters are counted as people count them, from 0; dates are of UTC. */
import type { Kind } from '../entity-types.ts'
import { finite, Moment, type Value } from './values.ts'

export interface FilterFunction {
  /** Of each argument; those behind a question mark may be left out. */
  takes: readonly Kind[]
  optional?: number
  gives: Kind
  /** None of its arguments is null, and all are of their kind: else the result is null. */
  call(args: readonly never[], now: number): Value
}

const text = (takes: number, gives: Kind, call: (...args: string[]) => Value): FilterFunction => ({
  takes: Array.from({ length: takes }, () => 'text'),
  gives,
  call: (args) => call(...(args as readonly string[]))
})

const ofNumber = (call: (value: number) => number): FilterFunction => ({
  takes: ['number'],
  gives: 'number',
  call: (args) => finite(call(args[0] as unknown as number))
})

const ofMoment = (gives: Kind, call: (at: Date) => Value): FilterFunction => ({
  takes: ['moment'],
  gives,
  call: (args) => call(new Date((args[0] as unknown as Moment).from))
})

const inMoment = (call: (at: Date) => number): FilterFunction => ofMoment('number', call)

/** What every date of JavaScript can hold: ECMA-262, 21.4.1.1. */
const unixMsEnd = 8.64e15

export const functions: Readonly<Record<string, FilterFunction>> = {
  substringof: text(2, 'boolean', (part, whole) => whole!.includes(part!)),
  startswith: text(2, 'boolean', (whole, part) => whole!.startsWith(part!)),
  endswith: text(2, 'boolean', (whole, part) => whole!.endsWith(part!)),
  length: text(1, 'number', (whole) => [...whole!].length),
  indexof: text(2, 'number', (whole, part) => {
    const units = whole!.indexOf(part!)
    return units < 0 ? -1 : [...whole!.slice(0, units)].length
  }),
  substring: {
    takes: ['text', 'number', 'number'],
    optional: 1,
    gives: 'text',
    call: (args) => substring(...(args as unknown as [string, number, number?]))
  },
  tolower: text(1, 'text', (whole) => whole!.toLowerCase()),
  toupper: text(1, 'text', (whole) => whole!.toUpperCase()),
  trim: text(1, 'text', (whole) => whole!.trim()),
  concat: text(2, 'text', (a, b) => a! + b!),

  year: inMoment((at) => at.getUTCFullYear()),
  month: inMoment((at) => at.getUTCMonth() + 1),
  day: inMoment((at) => at.getUTCDate()),
  hour: inMoment((at) => at.getUTCHours()),
  minute: inMoment((at) => at.getUTCMinutes()),
  second: inMoment((at) => at.getUTCSeconds()),
  fractionalseconds: inMoment((at) => at.getUTCMilliseconds() / 1_000),
  date: ofMoment('date', (at) => at.toISOString().slice(0, -14)),
  time: ofMoment('timeOfDay', (at) => at.toISOString().slice(-13, -1)),
  // Everything is kept and given in UTC.
  totaloffsetminutes: inMoment(() => 0),
  now: { takes: [], gives: 'moment', call: (_args, now) => new Moment(now) },
  mindatetime: { takes: [], gives: 'moment', call: () => new Moment(-unixMsEnd) },
  maxdatetime: { takes: [], gives: 'moment', call: () => new Moment(unixMsEnd) },

  // OData, 5.1.1.9: what lies in the middle goes away from zero.
  round: ofNumber((value) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5)),
  floor: ofNumber(Math.floor),
  ceiling: ofNumber(Math.ceil)
}

function substring(whole: string, from: number, count = Infinity): string {
  const start = Math.max(0, Math.trunc(from))
  return [...whole].slice(start, start + Math.max(0, Math.trunc(count))).join('')
}

/** Of the same table, and not implemented here. */
export const geographicFunctions: ReadonlySet<string> = new Set([
  'geo.distance',
  'geo.length',
  'geo.intersects',
  'st_equals',
  'st_disjoint',
  'st_touches',
  'st_within',
  'st_overlaps',
  'st_crosses',
  'st_intersects',
  'st_contains',
  'st_relate'
])
