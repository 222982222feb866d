/** How the parts of a filter are read from entities and from Observations. */
import { reasonList, reasons, flagNames, type Flag, type Reasons } from '../../model/flag.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { isRow, type Entity, type Json, type Row, type Stream, type Subject } from '../entities/entity.ts'
import { propertyOf, type TypeName } from '../entity-types.ts'
import { observationId } from '../ids.ts'
import type { Reads } from '../query/compile.ts'
import { Moment, type Value } from '../query/values.ts'

export const reads: Reads<Subject> = {
  property: (subject, type, name) =>
    isRow(subject) ? rowProperty(subject, name) : entityProperty(subject, type, name),
  link: (subject, _type, name) => linked(subject, name)
}

/** Of an Observation its Datastream and FeatureOfInterest; of entities what they have. */
export function linked(subject: Subject, name: string): Entity | Entity[] {
  if (!isRow(subject)) return subject.links[name] ?? []
  const { datastream } = subject.series.stream
  return name === 'Datastream' ? datastream : (datastream.links['FeatureOfInterest'] as Entity)
}

function entityProperty(entity: Entity, type: TypeName, name: string): Value {
  if (name === 'id') return entity.id
  if (entity.stream && (name === 'phenomenonTime' || name === 'resultTime')) return extentOf(entity.stream)
  const value = entity.own[name] ?? null
  if (propertyOf(type, name) === 'moment' && typeof value === 'string') return new Moment(Date.parse(value))
  return value as Value
}

/** From the first Observation to the last one, at least; null where there is none. */
export function extentOf({ series, published }: Stream): Moment | null {
  if (series.length === 0) return null
  const from = Math.min(...series.map((one) => one.from))
  const last = Math.max(...series.map((one) => one.until)) - 1
  return new Moment(from, published.at(-1)?.until ?? last)
}

function rowProperty(row: Row, name: string): Value {
  switch (name) {
    case 'id':
      return observationId(row.series.number, row.at)
    case 'phenomenonTime':
      return new Moment(row.at, row.until)
    case 'resultTime':
      return new Moment(row.until)
    case 'result':
      return row.value
    case 'resultQuality':
      return qualityOf(row.flag, row.reasons) as Value
    default:
      return parametersOf(row) as Value
  }
}

/** QARTOD's flag and its reasons; null for what is published of homes, which has passed other tests. */
export function qualityOf(flag: Flag | 0, bits: Reasons): Json {
  if (flag === 0) return null
  const codes = reasonList(bits)
  return {
    scheme: 'QARTOD',
    flag,
    meaning: flagNames[flag],
    reasons: codes.map((code) => ({ code, text: reasons[code] }))
  }
}

/** Which box measured it. */
export function parametersOf({ series: { deviceId } }: Row): Json {
  return deviceId === '' ? null : { device: deviceId }
}

export function isoOf({ from, until }: { from: number; until: number }): string {
  const start = toIso(from as UnixMs)
  return from === until ? start : `${start}/${toIso(until as UnixMs)}`
}
