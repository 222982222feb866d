/** A mapping: what somebody writes down about a delimited file so that it can be read. docs/importing.md explains each member. */
import Value from 'typebox/value'
import { isMeasured } from '../../model/quantity.ts'
import { isTimeZone } from '../../model/time.ts'
import { converterFor } from '../../science/convert.ts'
import { isEncoding } from './file-kind.ts'
import { MappingSchema, type Mapping, type MappingFilter } from './mapping-schema.ts'
import { timeFormat } from './time-format.ts'
import { offsetMs } from './wall-time.ts'

export type { Mapping, MappingFilter, MappingStatus, Verdict } from './mapping-schema.ts'
export type MappingFound = { ok: true; mapping: Mapping } | { ok: false; refusal: string }

/** A mapping from its JSON, or one line that names the member that is wrong and what to do. */
export function readMapping(text: string): MappingFound {
  let body: unknown
  try {
    body = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    return { ok: false, refusal: `it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}` }
  }
  if (!Value.Check(MappingSchema, body)) return { ok: false, refusal: shapeRefusal(body) }
  const wrong = senseRefusal(body)
  return wrong === undefined ? { ok: true, mapping: body } : { ok: false, refusal: wrong }
}

/** The first thing that the schema says, with its path as "values/3/unit". */
function shapeRefusal(body: unknown): string {
  const error = Value.Errors(MappingSchema, body).find(({ keyword }) => keyword !== 'boolean')
  if (!error) return 'it does not have the structure of a mapping'
  const path = error.instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
  const at = (member: string): string => (path === '' ? member : `${path}/${member}`)
  if (error.keyword === 'required') return `${at(error.params.requiredProperties[0] ?? '')}: it is missing`
  if (error.keyword === 'additionalProperties')
    return `${at(error.params.additionalProperties[0] ?? '')}: a mapping has no such member`
  if (error.keyword === 'enum')
    return `${path}: must be one of ${error.params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`
  return `${path === '' ? 'the mapping' : path}: ${error.message}`
}

/** What no schema can say: members that contradict each other, formats, zones and units. */
function senseRefusal(mapping: Mapping): string | undefined {
  return (
    timeRefusal(mapping) ??
    signsRefusal(mapping) ??
    filterRefusal(mapping.filters ?? []) ??
    shapesRefusal(mapping) ??
    (mapping.long && longRefusal(mapping.long)) ??
    (mapping.hours && hoursRefusal(mapping)) ??
    (mapping.values && valuesRefusal(mapping))
  )
}

/** A file is wide, long, or has a column for each hour. */
function shapesRefusal({ values, long, hours }: Mapping): string | undefined {
  const given = Object.entries({ values, long, hours }).flatMap(([name, one]) => (one ? [name] : []))
  if (given.length === 0)
    return 'values: it is missing; say which column is which quantity (or long, for files with a row a value; or hours, for a column an hour)'
  return given.length > 1 ? `${given[1]}: a file has ${given[0]} or ${given[1]}, not both` : undefined
}

function timeRefusal({ time, intervalS, hours }: Mapping): string | undefined {
  const found = timeFormat(hours ? `${time.format} ${hours.format}` : time.format, time)
  if (!found.ok) return `${hours ? 'hours' : 'time'}/format: ${found.refusal}`
  const { offset, zone, label } = time
  const given = [offset, zone].filter((one) => one !== undefined).length
  if (found.format.hasZone && given > 0)
    return `time/${zone === undefined ? 'offset' : 'zone'}: the format already contains the zone; leave this out`
  if (!found.format.hasZone && given !== 1)
    return 'time: give either offset ("+01:00", a clock that never changes) or zone ("Europe/London", one that does)'
  if (offset !== undefined && offsetMs(offset) === undefined)
    return `time/offset: "${offset}" is no offset such as "+01:00", "-05:00" or "Z"`
  if (zone !== undefined && !isTimeZone(zone))
    return `time/zone: "${zone}" is no zone such as "Europe/London"`
  if (label !== 'start' && intervalS === undefined)
    return `intervalS: times that name the ${label} of an interval need its length in seconds`
  return undefined
}

function signsRefusal(mapping: Mapping): string | undefined {
  const { delimiter = ',', quote = '"', decimal = '.', thousands, encoding } = mapping
  if (encoding !== undefined && !isEncoding(encoding))
    return `encoding: "${encoding}" is none that is known, such as "utf-8", "windows-1252", "utf-16le"`
  if (thousands === decimal) return 'thousands: it is also the decimal sign'
  if (delimiter === quote) return 'quote: it is also the delimiter'
  // "1,5" between commas is told from two cells by its quotes.
  if (delimiter === decimal && quote === '') return 'decimal: it is also the delimiter, and nothing is quoted'
  return undefined
}

function filterRefusal(filters: readonly MappingFilter[]): string | undefined {
  const index = filters.findIndex(
    ({ equals, oneOf, not }) => [equals, oneOf, not].filter((one) => one !== undefined).length !== 1
  )
  return index === -1 ? undefined : `filters/${index}: give one of equals, oneOf, not`
}

function hoursRefusal({ hours, deviceColumn, header }: Mapping): string | undefined {
  if (!hours) return undefined
  const wrong = unitRefusal(hours.quantity, hours.unit)
  if (wrong !== undefined) return `hours/unit: ${wrong}`
  if (header === false) return 'hours: the hours are the names of columns, so the file needs a header'
  if (hours.device !== undefined && deviceColumn !== undefined)
    return `hours/device: the sensor comes from the column "${deviceColumn}" (deviceColumn)`
  return undefined
}

function valuesRefusal({ values = [], deviceColumn }: Mapping): string | undefined {
  const taken = new Map<string, number>()
  for (const [index, { column, quantity, unit, device }] of values.entries()) {
    const wrong = unitRefusal(quantity, unit)
    if (wrong !== undefined) return `values/${index}/unit: ${wrong}`
    if (device !== undefined && deviceColumn !== undefined)
      return `values/${index}/device: the sensor comes from the column "${deviceColumn}" (deviceColumn)`
    const identity = `${device ?? ''} ${quantity}`
    const before = taken.get(identity)
    if (before !== undefined && isMeasured(quantity))
      return `values/${index}: "${values[before]!.column}" and "${column}" are both ${quantity} of one sensor; give each a device`
    taken.set(identity, index)
  }
  return undefined
}

function longRefusal({ quantities, unitColumn }: NonNullable<Mapping['long']>): string | undefined {
  for (const [label, { quantity, unit }] of Object.entries(quantities)) {
    if (unit === undefined && unitColumn === undefined && isMeasured(quantity))
      return `long/quantities/${label}/unit: it is missing, and there is no unitColumn`
    const wrong = unit === undefined ? undefined : unitRefusal(quantity, unit)
    if (wrong !== undefined) return `long/quantities/${label}/unit: ${wrong}`
  }
  return undefined
}

/** A quantity that the hub does not know has no unit to be wrong: its values are ignored, and that is said. */
function unitRefusal(quantity: string, unit: string): string | undefined {
  if (!isMeasured(quantity)) return undefined
  const found = converterFor(quantity, unit)
  return found.ok ? undefined : found.refusal
}

/** The keys under which the mapping names sensors; [''] when it is about one. undefined when a column names them. */
export function deviceKeys({ values, long, hours, deviceColumn }: Mapping): string[] | undefined {
  if (deviceColumn !== undefined) return undefined
  const named = [...(values ?? []), ...Object.values(long?.quantities ?? {}), ...(hours ? [hours] : [])]
  return [...new Set(named.map(({ device }) => device ?? ''))]
}
