/** What the eight kinds of entity are here: seven in memory, made from the registry; Observations are rows of the store. */
import type { Flag, Reasons } from '../../model/flag.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { TypeName } from '../entity-types.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export interface Entity {
  type: Exclude<TypeName, 'Observation'>
  id: number
  own: Readonly<Record<string, Json>>
  links: Record<string, Entity | Entity[]>
  /** Of a Datastream. */
  stream?: Stream
  /** As JSON without its brackets, for the base address that was last asked for. */
  text?: { base: string; text: string }
}

/** What a Datastream's Observations are: readings of a site and a quantity, or published days or hours of a street's homes. */
export interface Stream {
  datastream: Entity
  quantity: Quantity
  /** null: of homes. */
  siteId: string | null
  series: Series[]
  /** Of homes: all there are, oldest first. */
  published: Row[]
}

/** One device's part of a stream. */
export interface Series {
  stream: Stream
  /** '' of homes. */
  deviceId: string
  number: number
  /** Every row lies in it: from inclusive, until exclusive. */
  from: number
  until: number
  intervalS: number
}

/** An Observation. */
export interface Row {
  series: Series
  at: number
  /** The end of its stretch of time; `at` for a moment. */
  until: number
  value: number
  /** 0: none, as published days have passed other tests. */
  flag: Flag | 0
  reasons: Reasons
}

export type Subject = Entity | Row

export function isRow(subject: Subject): subject is Row {
  return 'series' in subject
}

/** The order of Observations that no $orderby changes: by time, then by series. */
export function inOrder(a: Row, b: Row): number {
  return a.at - b.at || a.series.number - b.series.number
}
