/** Fields of InfluxDB, each a column of its own with its own times, put side by side as readings. Pure. */
import type { Flag, Reasons } from '../../../model/flag.ts'
import type { Quantity } from '../../../model/quantity.ts'
import { asFlag } from '../../memory/catalogue.ts'
import type { StoredRow } from '../../resolve.ts'
import { fieldsOf, goneFlag } from './line-protocol.ts'

/** One field, oldest first. */
export interface Column {
  time: number[]
  value: number[]
}

/** The fields of one mount by name. */
export type Fields = Map<string, Column>

/** The pieces of one column, from several shards or questions, in whatever order they came. */
export function joined(pieces: readonly Column[]): Column {
  const [only] = pieces
  if (pieces.length === 1 && only) return only
  const ordered = pieces.filter(({ time }) => time.length > 0).toSorted((a, b) => a.time[0]! - b.time[0]!)
  const apart = ordered.every((piece, i) => i === 0 || ordered[i - 1]!.time.at(-1)! < piece.time[0]!)
  if (apart) {
    return { time: ordered.flatMap(({ time }) => time), value: ordered.flatMap(({ value }) => value) }
  }
  // Stretches that overlap were read twice: an hour before and after a day, for zones half an hour off UTC.
  const values = new Map<number, number>()
  for (const { time, value } of ordered) time.forEach((at, i) => values.set(at, value[i]!))
  const time = [...values.keys()].sort((x, y) => x - y)
  return { time, value: time.map((at) => values.get(at)!) }
}

/** Gathers columns by what they belong to, and by name. */
export class ColumnsBy<Of> {
  readonly #pieces = new Map<Of, Map<string, Column[]>>()

  add(of: Of, name: string, piece: Column): void {
    const named = this.#pieces.get(of) ?? new Map<string, Column[]>()
    this.#pieces.set(of, named)
    const known = named.get(name)
    if (known) known.push(piece)
    else named.set(name, [piece])
  }

  all(): Map<Of, Fields> {
    const found = new Map<Of, Fields>()
    for (const [of, named] of this.#pieces) {
      const fields: Fields = new Map()
      for (const [name, pieces] of named) fields.set(name, joined(pieces))
      found.set(of, fields)
    }
    return found
  }
}

/** Walks a column beside another one: asked for times that only grow. */
class Cursor {
  readonly #column: Column | undefined
  #place = 0

  constructor(column: Column | undefined) {
    this.#column = column
  }

  at(time: number): number | undefined {
    if (!this.#column) return undefined
    const { time: times, value } = this.#column
    while (this.#place < times.length && times[this.#place]! < time) this.#place++
    return times[this.#place] === time ? value[this.#place] : undefined
  }
}

/** Readings of one series as they stand, oldest first; those taken away are not among them. */
export interface Standing {
  time: number[]
  value: number[]
  flag: Flag[]
  reasons: Reasons[]
}

export function standingOf(fields: Fields, quantity: Quantity): Standing {
  const names = fieldsOf(quantity)
  const values = fields.get(names.value)
  if (!values) return { time: [], value: [], flag: [], reasons: [] }
  const { time, value } = values
  if (!fields.has(names.flag)) {
    const flag = Array.from<Flag>({ length: time.length }).fill(1)
    return { time, value, flag, reasons: Array.from<number>({ length: time.length }).fill(0) }
  }
  const standing: Standing = { time: [], value: [], flag: [], reasons: [] }
  const flags = new Cursor(fields.get(names.flag))
  const reasons = new Cursor(fields.get(names.reasons))
  for (let i = 0; i < time.length; i++) {
    const flag = flags.at(time[i]!) ?? 1
    if (flag === goneFlag) continue
    standing.time.push(time[i]!)
    standing.value.push(value[i]!)
    standing.flag.push(asFlag(flag))
    standing.reasons.push(reasons.at(time[i]!) ?? 0)
  }
  return standing
}

/** When a reading of these was received, with its time measured. Ask in order of time. */
export function receivedOf(fields: Fields, quantity: Quantity): (time: number) => number {
  const own = new Cursor(fields.get(fieldsOf(quantity).received))
  const ofLine = new Cursor(fields.get('received'))
  return (time) => time + (own.at(time) ?? ofLine.at(time) ?? 0)
}

/** Readings of one series with all that is kept of them. */
export function storedRows(fields: Fields, quantity: Quantity, seriesId: number): StoredRow[] {
  const names = fieldsOf(quantity)
  const { time, value, flag, reasons } = standingOf(fields, quantity)
  const received = receivedOf(fields, quantity)
  const sequence = new Cursor(fields.get(names.sequence))
  const importId = new Cursor(fields.get(names.import))
  const lineSequence = new Cursor(fields.get('sequence'))
  const lineImport = new Cursor(fields.get('import'))
  return time.map((at, i) => ({
    series: seriesId,
    time: at,
    value: value[i]!,
    flag: flag[i]!,
    reasons: reasons[i]!,
    receivedAt: received(at),
    sequence: sequence.at(at) ?? lineSequence.at(at) ?? 0,
    importId: importId.at(at) ?? lineImport.at(at) ?? 0
  }))
}
