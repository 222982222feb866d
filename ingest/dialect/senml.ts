/**
 * SenML (RFC 8428) in JSON and CBOR: a list of records with names, units and times that add to those of a base. The first part of a name
 * is the box, its end the quantity: `urn:dev:mac:0024befffe804ff1:` + `temperature`.
 */
import { arrayReadingsMax, payloadBytesMax } from '../../model/limits.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import { secondMs, type UnixMs } from '../../model/time.ts'
import { converterFor } from '../../science/convert.ts'
import { readCbor } from '../cbor.ts'
import { firstOfDoubled, type LastBody } from '../doubled.ts'
import { readyField, type Field, type IgnoredField } from '../fields.ts'
import { Gathering, refused, type Moment } from '../gathering.ts'
import { noParts, type GatewayMessage, type SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Notes, Source } from '../ingest.ts'
import { parseJson } from '../json.ts'
import { guessedNamesMax, nameCharactersMax } from '../limits.ts'
import { Names, scanObjects, type Members } from '../scan.ts'
import { isObject, readText, unreadable, type JsonObject, type Readable } from '../payload.ts'
import { guessName, type Guess } from '../vocabulary.ts'

export const senml: Dialect<LastBody> = {
  name: 'senml',
  label: 'SenML',
  intervalSDefault: null,
  silenceSMax: null,
  // The standard names no topic.
  topicUse: () => 'readings',
  decode,
  usualTopic: () => 'push/senml',
  looksLike: (_topic, text) => /^\s*\[\s*\{/.test(text) && /"(?:bn|bt|bu|bver|n)"\s*:/.test(text),
  split,
  isLocalAddress: (address) => !address.startsWith('urn:dev:'),
  rewound: () => undefined,
  push: { okStatus: 200, topicOf: () => 'push/senml' }
}

/** Below it a time is relative to now (RFC 8428, section 4.5.3). */
const absoluteFromS = 2 ** 28

/** Labels of CBOR (RFC 8428, table 4). */
const labels: Readonly<Record<string, string>> = {
  ...{ '-1': 'bver', '-2': 'bn', '-3': 'bt', '-4': 'bu', '-5': 'bv', '-6': 'bs' },
  ...{ '0': 'n', '1': 'u', '2': 'v', '3': 'vs', '4': 'vb', '5': 's', '6': 't', '7': 'ut', '8': 'vd' }
}

/** Units of the registry that are written in another way elsewhere. */
const units: Readonly<Record<string, string>> = {
  '/': 'fraction',
  '%EL': '%',
  '%RH': '%',
  Cel: '°C',
  dB: 'dB(A)'
}

/** A record with what its bases add. */
interface Resolved {
  name: string
  unit: string | undefined
  value: unknown
  /** Seconds; relative to now below 2^28. */
  timeS: number
}

function decode(
  { payload, receivedAt }: DialectMessage,
  { state, notes }: Source<LastBody>
): Decoded<LastBody> {
  const usual = usualPack(payload)
  const pack: Readable<readonly Entry[]> =
    usual === undefined ? readPack(payload) : { ok: true, value: usual }
  if (!pack.ok) return refused(pack.fault)
  const gathering = new Gathering<LastBody>(notes)
  const first = firstOfDoubled(payload, receivedAt, state)
  gathering.state = first
  let before: number | undefined
  let moment: Moment = { at: first.at, reasons: 0 }
  eachResolved(
    pack.value,
    (base, name, unit, value, timeS) => {
      if (timeS !== before) {
        gathering.nextMoment()
        moment = momentOf(gathering, timeS, first.at, receivedAt)
        before = timeS
      }
      take(gathering, wordOf(base, name), unit, value, moment)
    },
    notes
  )
  return gathering
}

/** What a record may have that is read here. */
interface Entry {
  bn?: unknown
  bu?: unknown
  bt?: unknown
  bv?: unknown
  n?: unknown
  u?: unknown
  t?: unknown
  v?: unknown
}

const names = new Names(['bn', 'bu', 'bt', 'bv', 'n', 'u', 't', 'v'])

/** What nearly every pack in JSON is: records of these members alone. */
function usualPack(payload: Uint8Array): Entry[] | undefined {
  if (payload[0] !== 0x5b || payload.length > payloadBytesMax) return undefined
  return scanObjects(payload, names, arrayReadingsMax)?.map(entryOf)
}

function entryOf(members: Members): Entry {
  const values: unknown[] = [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined
  ]
  for (let i = 0; i < members.length; i += 2) values[members[i] as number] = members[i + 1]
  const [bn, bu, bt, bv, n, u, t, v] = values
  return { bn, bu, bt, bv, n, u, t, v }
}

function readPack(payload: Uint8Array): Readable<readonly JsonObject[]> {
  // A list in CBOR begins with 0x80 to 0x9f, which no text does.
  const first = payload[0] ?? 0
  const body = first >= 0x80 && first <= 0x9f ? fromCbor(readCbor(payload)) : fromText(payload)
  if (!Array.isArray(body))
    return body === undefined ? unreadable('payloadNotJson') : unreadable('payloadShape', noList)
  if (body.length > arrayReadingsMax)
    return unreadable(
      'arrayTooLong',
      `The pack has ${body.length} records; the hub decodes at most ${arrayReadingsMax}.`
    )
  const records = (body as readonly unknown[]).every(isObject)
    ? (body as readonly JsonObject[])
    : (body as readonly unknown[]).filter(isObject)
  const mustUnderstand = notUnderstood(records)
  // RFC 8428, section 4.4: what ends so has to be understood, or the pack left alone.
  if (mustUnderstand !== undefined)
    return unreadable(
      'payloadShape',
      `The pack has "${mustUnderstand.slice(0, 40)}", which the hub does not understand.`
    )
  return { ok: true, value: records }
}

function notUnderstood(records: readonly JsonObject[]): string | undefined {
  for (const record of records)
    for (const name in record) if (name.charCodeAt(name.length - 1) === underscore) return name
  return undefined
}

const underscore = 0x5f
const noList = 'The message is no SenML: it must be a list of records.'

function fromText(payload: Uint8Array): unknown {
  const text = readText(payload)
  return text.ok ? parseJson(text.value) : undefined
}

function fromCbor(pack: unknown): unknown {
  if (!Array.isArray(pack)) return pack
  return (pack as readonly unknown[]).map((record) =>
    isObject(record)
      ? Object.fromEntries(Object.entries(record).map(([label, value]) => [labels[label] ?? label, value]))
      : record
  )
}

/** Each record that has a number or what stands for one, with what its bases add. */
function eachResolved(
  records: readonly Entry[],
  take: (base: string, name: string, unit: string | undefined, value: unknown, timeS: number) => void,
  notes?: Notes
): void {
  let [baseName, baseUnit, baseTimeS, baseValue] = ['', undefined as string | undefined, 0, 0]
  for (const record of records) {
    const { bn, bu, bt, bv, n, u, t, v } = record
    if (typeof bn === 'string') baseName = bn
    if (typeof bu === 'string') baseUnit = bu
    if (isNumber(bt)) baseTimeS = bt
    if (isNumber(bv)) baseValue = bv
    const name = typeof n === 'string' ? n : ''
    if (v === undefined) notes?.ignored(baseName + name, 'no number: a text, a switch, a sum or a base')
    else
      take(
        baseName,
        name,
        typeof u === 'string' ? u : baseUnit,
        typeof v === 'number' ? v + baseValue : v,
        isNumber(t) ? baseTimeS + t : baseTimeS
      )
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function resolved(records: readonly JsonObject[]): Resolved[] {
  const found: Resolved[] = []
  eachResolved(records, (base, name, unit, value, timeS) =>
    found.push({ name: base + name, unit, value, timeS })
  )
  return found
}

function momentOf(gathering: Gathering, timeS: number, now: UnixMs, receivedAt: UnixMs): Moment {
  if (timeS >= absoluteFromS) return gathering.momentOf(timeS, receivedAt)
  if (timeS === 0) gathering.assumed('no time of its own: measured when it was received')
  else gathering.assumed('times are relative to when it was received')
  return gathering.momentOf(Math.round(now + timeS * secondMs), receivedAt)
}

/** `urn:dev:mac:…:temperature`, `kitchen/temperature`: the box, and what it measures. */
function parted(name: string): { box: string; quantity: string } {
  const end = Math.max(name.lastIndexOf(':'), name.lastIndexOf('/'))
  return { box: end === -1 ? '' : name.slice(0, end), quantity: name.slice(end + 1) }
}

/** The end of a name. Most bases end where a box ends, and most names are nothing else. */
function wordOf(base: string, name: string): string {
  const isWhole = base === '' || base.endsWith(':') || base.endsWith('/')
  const isPlain = name !== '' && !name.includes(':') && !name.includes('/')
  return isWhole && isPlain ? name : parted(base + name).quantity
}

function take(
  gathering: Gathering,
  word: string,
  unit: string | undefined,
  value: unknown,
  moment: Moment
): void {
  const field = fieldOf(word, unit)
  if (field === undefined) return gathering.unknown(word, value)
  if ('ignored' in field) return gathering.ignored(word, field.ignored)
  if (unit === undefined) gathering.assumed(`${word} comes in the usual unit`)
  gathering.value(word, value, field, moment)
}

const ready = new Map<string, Map<string | undefined, Field | IgnoredField>>()
let readyCount = 0

/** What a word in a unit is; undefined for a word that is none of ours. */
function fieldOf(word: string, unit: string | undefined): Field | IgnoredField | undefined {
  const known = ready.get(word)?.get(unit)
  if (known !== undefined) return known
  const guess = guessName(word)
  if (guess === undefined) return undefined
  const field = fieldIn(guess, unit)
  if (readyCount < guessedNamesMax && (unit ?? '').length <= nameCharactersMax) {
    ready.set(word, (ready.get(word) ?? new Map<string | undefined, Field | IgnoredField>()).set(unit, field))
    readyCount++
  }
  return field
}

function fieldIn({ quantity, unit: usual }: Guess, unit: string | undefined): Field | IgnoredField {
  if (unit === undefined) return readyField(quantity, usual)
  const known = units[unit] ?? unit
  return converterFor(quantity, known).ok
    ? readyField(quantity, known)
    : { ignored: `${unit.slice(0, 20)} is no unit of ${quantity}` }
}

/** Each box of a pack on its own, in JSON, with everything that its bases added. */
function split({ topic, payload }: GatewayMessage): SplitMessage {
  const pack = readPack(payload)
  if (!pack.ok) return { parts: [], fault: pack.fault }
  const boxes = Map.groupBy(resolved(pack.value), ({ name }) => parted(name).box)
  if (boxes.size === 0) return noParts
  return {
    parts: [...boxes].map(([box, records]) => ({
      address: box === '' ? 'box' : box,
      isLocal: !box.startsWith('urn:dev:'),
      quantities: quantitiesIn(records),
      isBox: true,
      topic,
      payload: new TextEncoder().encode(
        JSON.stringify(
          records.map(({ name, unit, value, timeS }) => ({
            n: parted(name).quantity,
            u: unit,
            v: value,
            t: timeS
          }))
        )
      )
    }))
  }
}

function quantitiesIn(records: readonly Resolved[]): MeasuredQuantity[] {
  const found = records.flatMap(({ name }) => guessName(parted(name).quantity)?.quantity ?? [])
  return [...new Set(found)]
}
