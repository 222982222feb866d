/** What is being gathered from one message: values are brought into the unit of their quantity, and doubts are put into words. */
import type { Fault } from '../model/fault.ts'
import { reasonBits, type Reasons } from '../model/flag.ts'
import { payloadFieldsMax } from '../model/limits.ts'
import type { MeasuredQuantity } from '../model/quantity.ts'
import type { Measurement } from '../model/reading.ts'
import type { UnixMs } from '../model/time.ts'
import type { Field, Fields } from './fields.ts'
import type { Decoded, Health, Notes } from './ingest.ts'
import { believedTime } from './measured-at.ts'
import { readNumber } from './payload.ts'
import {
  notANumberFault,
  outOfRangeFault,
  secondSensorFault,
  unitDoubtFault,
  unknownQuantityFault
} from './wording.ts'

const timeReceived = reasonBits('timeReceived')
const sentinel = reasonBits('sentinel')

/** When the values of a message were measured, and what has to be said of that time. */
export interface Moment {
  at: UnixMs
  reasons: Reasons
}

/** A conversion must not add digits that no sensor has: 64.76 °F is 18.2 °C, not 18.200000000000003. */
const convertedScale = 1e4

export class Gathering<State = unknown> implements Decoded<State> {
  readonly measurements: Measurement[] = []
  readonly faults: Fault[] = []
  timeFrom?: UnixMs
  health?: Health
  state?: State
  readonly #notes: Notes | undefined
  /** Of each measurement its field and the name that it came under: of several sensors only the best stays. */
  readonly #origins: (Field | string)[] = []
  #momentFrom = 0
  /** Bits of the quantities that this moment has: without it there is nothing to look for. */
  #taken = 0
  #unknownNames: Set<string> | undefined

  constructor(notes: Notes | undefined) {
    this.#notes = notes
  }

  /** The time that a box gives, believed or not; `standIn` takes its place. */
  momentOf(at: unknown, receivedAt: UnixMs, standIn: UnixMs = receivedAt): Moment {
    const believed = believedTime(at, receivedAt, this)
    return believed === undefined ? { at: standIn, reasons: timeReceived } : { at: believed, reasons: 0 }
  }

  /** Every known field of an object; `onUnknown` hears of the others. */
  object(
    object: Readonly<Record<string, unknown>>,
    fields: Fields,
    moment: Moment,
    onUnknown?: (name: string, value: unknown) => void
  ): void {
    for (const name in object) {
      const field = fields.get(name)
      if (field === undefined) onUnknown?.(name, object[name])
      else if ('ignored' in field) this.#notes?.ignored(name, field.ignored)
      else this.value(name, object[name], field, moment)
    }
  }

  /** A value of any type. null is not measured: no reading, no problem. */
  value(name: string, value: unknown, field: Field, moment: Moment): void {
    if (typeof value === 'number' && Number.isFinite(value)) this.number(name, value, field, moment)
    else if (value === null || value === undefined) this.#notes?.ignored(name, 'nothing was measured')
    else this.faults.push(notANumberFault(name, value))
  }

  /** A value of a family that writes its numbers as text. */
  text(name: string, text: string, field: Field, moment: Moment): void {
    const value = readNumber(text)
    if (value === undefined) this.faults.push(notANumberFault(name, text))
    else this.number(name, value, field, moment)
  }

  number(name: string, sent: number, field: Field, { at, reasons }: Moment): void {
    if (field.unknown?.includes(sent))
      return this.#notes?.ignored(name, `${sent} means that nothing was measured`)
    const { quantity, convert } = field
    // Adding 0 makes −0 a 0: they are one value, but not to every store.
    const value =
      convert === undefined ? sent + 0 : Math.round(convert(sent) * convertedScale) / convertedScale + 0
    const measurement: Measurement = {
      quantity,
      value,
      measuredAt: at,
      reasons: field.sentinels?.includes(sent) ? reasons | sentinel : reasons
    }
    if (value < field.possibleMin || value > field.possibleMax) {
      const fault = outOfRangeFault(quantity, value)
      if (fault) this.faults.push(fault)
    } else if (value > field.doubtfulMin) {
      const fault = unitDoubtFault(quantity, value)
      if (fault) this.faults.push(fault)
    }
    if (!this.#mayStand(name, field)) return
    this.#notes?.recognised({ field: name, sent, unit: field.unit, quantity, value })
    this.measurements.push(measurement)
  }

  /** Of two sensors of one quantity in one moment the better one's value stays; at equal rank the first. */
  #mayStand(name: string, field: Field): boolean {
    if ((this.#taken & field.bit) !== 0 && !this.#displaces(name, field)) return false
    this.#taken |= field.bit
    this.#origins.push(field, name)
    return true
  }

  /** False where another sensor's value stays; the value that this one displaces is taken back. */
  #displaces(name: string, { quantity, rank, isOtherForm }: Field): boolean {
    const { measurements } = this
    const index = measurements.findIndex((one, i) => i >= this.#momentFrom && one.quantity === quantity)
    if (index === -1) return true
    const other = this.#origins[2 * index] as Field
    const otherName = this.#origins[2 * index + 1] as string
    const isBetter = rank < other.rank
    const [kept, left] = isBetter ? [name, otherName] : [otherName, name]
    if (!isOtherForm && !other.isOtherForm) this.faults.push(secondSensorFault(quantity, kept, left))
    this.#notes?.ignored(left, `${kept} measures ${quantity} too`)
    if (isBetter) this.#takeBack(index)
    return isBetter
  }

  /** Takes back the value of a quantity of which another sensor of the box has the say. */
  leaveOut(quantity: MeasuredQuantity, kept: string): void {
    const index = this.measurements.findIndex((one, i) => i >= this.#momentFrom && one.quantity === quantity)
    if (index === -1) return
    const name = this.#origins[2 * index + 1] as string
    this.#takeBack(index)
    this.faults.push(secondSensorFault(quantity, kept, name))
    this.#notes?.ignored(name, `${kept} measures ${quantity} too`)
  }

  #takeBack(index: number): void {
    this.measurements.splice(index, 1)
    this.#origins.splice(2 * index, 2)
  }

  /** The next values are of another moment, so the same quantities may come again. */
  nextMoment(): void {
    this.#momentFrom = this.measurements.length
    this.#taken = 0
  }

  fault(fault: Fault): void {
    this.faults.push(fault)
  }

  /** A name that is no quantity, said once for each message. */
  unknown(name: string, value: unknown): void {
    this.#unknownNames ??= new Set()
    if (this.#unknownNames.has(name) || this.#unknownNames.size >= payloadFieldsMax) return
    this.#unknownNames.add(name)
    this.faults.push(unknownQuantityFault(name, value))
  }

  ignored(name: string, why: string): void {
    this.#notes?.ignored(name, why)
  }

  assumed(what: string): void {
    this.#notes?.assumed(what)
  }
}

export function refused(fault: Fault): Decoded<never> {
  return { measurements: [], faults: [fault] }
}
