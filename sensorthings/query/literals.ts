/** The values that a query writes down: numbers, texts, moments, stretches of time, dates, durations. */
import { parseIsoZoned, dayMs, hourMs, minuteMs, secondMs } from '../../model/time.ts'
import type { Kind } from '../entity-types.ts'
import { shown } from '../../figures/shown.ts'
import { bad, StaProblem } from '../problem.ts'
import type { Token } from './tokens.ts'
import { Duration, Moment, type Value } from './values.ts'

export interface Literal {
  kind: Kind
  value: Value
}

export function literalOf(token: Token): Literal {
  const { text } = token
  switch (token.kind) {
    case 'text':
      return { kind: 'text', value: text }
    case 'number':
      return { kind: 'number', value: numberOf(text) }
    case 'moment':
      return { kind: 'moment', value: new Moment(momentOf(text)) }
    case 'interval':
      return { kind: 'moment', value: intervalOf(text) }
    case 'date':
      return { kind: 'date', value: dateOf(text) }
    case 'timeOfDay':
      return { kind: 'timeOfDay', value: timeOfDayOf(text) }
    case 'duration':
      return { kind: 'duration', value: durationOf(text) }
    case 'geography':
      throw geographic()
    default:
      return wordOf(text)
  }
}

export function geographic(): StaProblem {
  return new StaProblem(
    501,
    'Geospatial filters are not implemented here: sensors are shown at the precision of their street. Filter by Locations/name, or by properties/street.'
  )
}

function wordOf(text: string): Literal {
  if (text === 'null') return { kind: 'null', value: null }
  return { kind: 'boolean', value: text === 'true' }
}

function numberOf(text: string): number {
  const value = Number(text.replace(' ', '+'))
  if (!Number.isFinite(value)) throw bad(`The number "${shown(text)}" is too large.`)
  return value
}

function momentOf(text: string): number {
  // A plus sign that was not written as %2B arrives as a blank.
  const moment = parseIsoZoned(text.replace(' ', '+'))
  if (moment === undefined) throw bad(`There is no such time as "${shown(text)}".`)
  return moment
}

function intervalOf(text: string): Moment {
  const [from, until] = text.split('/').map(momentOf) as [number, number]
  if (until < from) throw bad(`The stretch of time "${shown(text)}" ends before it begins.`)
  return new Moment(from, until)
}

function dateOf(text: string): string {
  if (parseIsoZoned(`${text}T00:00:00Z`) === undefined) throw bad(`There is no such date as "${text}".`)
  return text
}

/** As `time(…)` gives it: "10:00:00.000". */
function timeOfDayOf(text: string): string {
  const [, hour, minute, second = '00', fraction = ''] = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/.exec(text)!
  if (+hour! > 23 || +minute! > 59 || +second > 59) throw bad(`There is no such time of day as "${text}".`)
  return `${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`
}

const isoDuration = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

function durationOf(text: string): Duration {
  const match = isoDuration.exec(text)
  if (!match || /^-?P(T?)$/.test(text) || text.endsWith('T'))
    throw bad(`"${shown(text)}" is no duration. Write days, hours, minutes and seconds: duration'P1DT6H'.`)
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0] = match
  const ms = +days * dayMs + +hours * hourMs + +minutes * minuteMs + +seconds * secondMs
  return new Duration(sign ? -ms : ms)
}
