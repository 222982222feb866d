/** The native payload: one object of quantities, or an array of up to 500, on `sensors/<deviceId>/readings`; and the status. */
import type { Fault, FaultCode } from '../../model/fault.ts'
import { faults as catalogue } from '../../model/fault.ts'
import { reasonBits } from '../../model/flag.ts'
import { arrayReadingsMax, payloadBytesMax, payloadFieldsMax } from '../../model/limits.ts'
import { parseDeviceTopic } from '../../model/message.ts'
import { definitionOf, isMeasured, measuredNames, type MeasuredQuantity } from '../../model/quantity.ts'
import type { Measurement } from '../../model/reading.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Decoded, Dialect, Notes } from '../ingest.ts'
import { compileField, type Field } from '../fields.ts'
import type { Moment } from '../gathering.ts'
import { notJsonMessage, parseJson } from '../json.ts'
import { isObject, readText, type JsonObject } from '../payload.ts'
import { memberCount, repeatedKey } from '../repeated-key.ts'
import { believedTime } from '../measured-at.ts'
import { Names, scanObjects, valueIn } from '../scan.ts'
import {
  keptValue,
  minusZeroFault,
  notANumberFault,
  outOfRangeFault,
  repeatedFieldFault,
  shownValue,
  unknownQuantityFault
} from '../wording.ts'

export const lamppost: Dialect = {
  name: 'lamppost',
  label: 'Lamppost',
  intervalSDefault: null,
  silenceSMax: null,
  topicUse: (topic) => (kindOf(topic) ? 'readings' : undefined),
  decode,
  usualTopic: () => 'push/lamppost',
  looksLike: (topic, text) =>
    kindOf(topic) !== undefined || /"(?:pm2_5|laeq|surface_temperature)"\s*:/.test(text),
  push: { okStatus: 200, topicOf: () => 'push/lamppost' }
}

const timeReceived = reasonBits('timeReceived')
const fields: ReadonlyMap<string, Field> = new Map(
  measuredNames.map((quantity) => [quantity, compileField({ quantity })])
)

/** What a topic carries; a push over HTTP holds readings. */
function kindOf(topic: string): 'readings' | 'status' | undefined {
  if (topic === 'push/lamppost') return 'readings'
  const kind = parseDeviceTopic(topic)?.kind
  return kind === 'problems' ? undefined : kind
}

function decode(
  message: Parameters<Dialect['decode']>[0],
  { notes }: Parameters<Dialect['decode']>[1]
): Decoded {
  const { payload, receivedAt } = message
  const kind = kindOf(message.topic)
  if (kind === undefined) return refused('topicUnknown')
  const usual = kind === 'readings' && notes === undefined ? usualReadings(payload, receivedAt) : undefined
  if (usual !== undefined) return usual
  const text = readText(payload)
  if (!text.ok) return { measurements: [], faults: [text.fault] }
  return kind === 'readings'
    ? decodeReadings(text.value, receivedAt, notes)
    : decodeStatus(text.value, receivedAt, notes)
}

const names = new Names(['at', ...measuredNames])
const atPosition = 0
const fieldAt = names.list.map((name) => fields.get(name))

/**
 * What nearly every message is: known quantities, once each, as plain numbers. For any other it is undefined, and what is wrong with it
 * is found out at leisure.
 */
function usualReadings(payload: Uint8Array, receivedAt: UnixMs): Decoded | undefined {
  if (payload.length > payloadBytesMax) return undefined
  const objects = scanObjects(payload, names, arrayReadingsMax)
  if (objects === undefined) return undefined
  const into = emptyGathering()
  for (let i = 0; i < objects.length; i++) {
    const members = objects[i]!
    const moment = momentOf(valueIn(members, atPosition), (receivedAt + i) as UnixMs, receivedAt, into)
    for (let m = 0; m < members.length; m += 2) {
      const field = fieldAt[members[m] as number]
      if (field === undefined) continue
      into.anyField = true
      takeField(field, members[m + 1], moment, into)
    }
  }
  return into.anyField || into.faults.length > 0 ? gathered(into) : undefined
}

function refused(code: FaultCode, message: string = catalogue[code]): Decoded {
  return { measurements: [], faults: [{ code, message }] }
}

/** What is being gathered from one message. */
interface Gathering extends Decoded {
  /** Some field besides the time was there, so "nothing measured" would be the wrong complaint. */
  anyField: boolean
  /** Of all objects. */
  members: number
  /** Unknown names already reported: an array of 500 says the same 500 times. */
  unknownNames: Set<string> | undefined
  notes: Notes | undefined
}

function emptyGathering(notes?: Notes): Gathering {
  return { measurements: [], faults: [], anyField: false, members: 0, unknownNames: undefined, notes }
}

function decodeReadings(text: string, receivedAt: UnixMs, notes: Notes | undefined): Decoded {
  if (text.trim() === '') return refused('nothingMeasured', 'The message is empty; send a JSON object.')
  const body = parseJson(text)
  if (body === undefined) return refused('payloadNotJson', notJsonMessage(text))
  const gathering = emptyGathering(notes)
  if (Array.isArray(body)) {
    const members: readonly unknown[] = body
    if (members.length > arrayReadingsMax) return refused('arrayTooLong', tooLong(members.length))
    for (let i = 0; i < members.length; i++) {
      const member = members[i]
      if (isObject(member)) decodeObject(member, receivedAt, (receivedAt + i) as UnixMs, gathering)
      else gathering.faults.push(memberShape(i, member))
    }
  } else if (isObject(body)) {
    decodeObject(body, receivedAt, receivedAt, gathering)
  } else {
    return refused('payloadShape', `The message is ${shownValue(body)}, not an object of readings.`)
  }
  const repeated = repeatedKey(text, gathering.members)
  if (repeated !== undefined) gathering.faults.unshift(repeatedFieldFault(repeated))
  if (!gathering.anyField && gathering.faults.length === 0) return refused('nothingMeasured')
  return gathered(gathering)
}

function gathered({ measurements, faults, timeFrom }: Gathering): Decoded {
  return { measurements, faults, ...(timeFrom === undefined ? {} : { timeFrom }) }
}

function tooLong(length: number): string {
  return `The array has ${length} readings, but the hub decodes at most ${arrayReadingsMax}; send smaller arrays.`
}

function memberShape(index: number, member: unknown): Fault {
  return {
    code: 'payloadShape',
    message: `member ${index} of the array is ${shownValue(member)}, not an object of readings`,
    value: keptValue(member)
  }
}

/** `standIn` takes the place of a time that is absent or not believed; it is distinct for each member of an array. */
function momentOf(at: unknown, standIn: UnixMs, receivedAt: UnixMs, into: Gathering): Moment {
  if (at === undefined || at === null) return { at: standIn, reasons: 0 }
  const believed = believedTime(at, receivedAt, into)
  return believed === undefined ? { at: standIn, reasons: timeReceived } : { at: believed, reasons: 0 }
}

function decodeObject(object: JsonObject, receivedAt: UnixMs, standIn: UnixMs, into: Gathering): void {
  const moment = momentOf(object['at'], standIn, receivedAt, into)
  const count = memberCount(object)
  into.members += count
  if (count > payloadFieldsMax) {
    into.faults.push(tooManyFields(count))
    for (const name of measuredNames) {
      if (Object.hasOwn(object, name)) takeField(fields.get(name)!, object[name], moment, into)
    }
    into.anyField = true
    return
  }
  for (const name in object) {
    if (name === 'at') continue
    into.anyField = true
    const field = fields.get(name)
    if (field === undefined) reportUnknown(name, object[name], into)
    else takeField(field, object[name], moment, into)
  }
}

function tooManyFields(count: number): Fault {
  return {
    code: 'tooManyFields',
    message: `the reading has ${count} fields, but the hub reads at most ${payloadFieldsMax}; known quantities were stored: send only those`
  }
}

function takeField(
  { quantity, possibleMin, possibleMax }: Field,
  value: unknown,
  { at, reasons }: Moment,
  into: Gathering
): void {
  if (value === null) return into.notes?.ignored(quantity, 'nothing was measured')
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    into.faults.push(notANumberFault(quantity, value))
    return
  }
  if (Object.is(value, -0)) into.faults.push(minusZeroFault(quantity))
  if (value < possibleMin || value > possibleMax) {
    const impossible = outOfRangeFault(quantity, value)
    if (impossible) into.faults.push(impossible)
  }
  // Adding 0 makes −0 a 0: they are one value, but not to every store.
  const measurement: Measurement = { quantity, value: value + 0, measuredAt: at, reasons }
  into.measurements.push(measurement)
  into.notes?.recognised({ field: quantity, sent: value, unit: definitionOf(quantity).unit, quantity, value })
}

function reportUnknown(name: string, value: unknown, into: Gathering): void {
  into.unknownNames ??= new Set()
  if (into.unknownNames.has(name) || into.unknownNames.size >= payloadFieldsMax) return
  into.unknownNames.add(name)
  into.faults.push(unknownQuantityFault(name, value))
}

/** Fields of a status that are about the device and are no readings. */
const statusFields: ReadonlySet<string> = new Set(['at', 'status', 'firmware', 'uptimeS'])

/**
 * `online` and `offline` are presence, which the front door keeps; an object may bring the device's own quantities. An
 * empty payload is how MQTT forgets a retained message [MQTT-3.3.1-10], so it says nothing.
 */
function decodeStatus(text: string, receivedAt: UnixMs, notes: Notes | undefined): Decoded {
  const word = text.trim()
  if (word === '' || word === 'online' || word === 'offline') return { measurements: [], faults: [] }
  const body = parseJson(text)
  if (body === 'online' || body === 'offline') return { measurements: [], faults: [] }
  if (body === undefined)
    return refused('payloadNotJson', 'The status is neither online nor offline nor JSON.')
  if (!isObject(body))
    return refused('payloadShape', 'The status is neither online nor offline nor an object of readings.')
  const gathering = emptyGathering(notes)
  const own: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    if (name === 'at' || (isMeasured(name) && definitionOf(name).subject === 'device')) own[name] = value
    else if (isMeasured(name)) gathering.faults.push(notInStatus(name, value))
    else if (!statusFields.has(name)) reportUnknown(name, value, gathering)
  }
  decodeObject(own, receivedAt, receivedAt, gathering)
  return gathered(gathering)
}

function notInStatus(quantity: MeasuredQuantity, value: unknown): Fault {
  return {
    code: 'unknownQuantity',
    message: `a status holds no ${quantity}; publish it to the readings topic`,
    field: quantity,
    value: keptValue(value)
  }
}
