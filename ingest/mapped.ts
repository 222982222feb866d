/** Reads messages by a steward's map, and drafts one from a message. Pure. */
import { arrayReadingsMax } from '../model/limits.ts'
import { definitionOf } from '../model/quantity.ts'
import { parseIsoZoned, type UnixMs } from '../model/time.ts'
import { readFieldMap, unnamed, valueAt, type FieldMap, type MappedField } from './field-map.ts'
import { readForm } from './form.ts'
import type { Gathering, Moment } from './gathering.ts'
import { parseJson } from './json.ts'
import { compiledMapsMax, mapFieldsMax, mapPathStepsMax } from './limits.ts'
import { isObject, readNumber } from './payload.ts'
import { guessName, plainName, type Guess } from './vocabulary.ts'

const compiled = new Map<string, FieldMap>()

/** Made once for each map; the registry holds none that cannot be read. */
export function fieldMapOf(text: string): FieldMap {
  let map = compiled.get(text)
  if (!map) {
    const read = readFieldMap(text)
    if (!read.ok) throw new Error(read.refusal)
    ;({ map } = read)
    if (compiled.size >= compiledMapsMax) compiled.clear()
    compiled.set(text, map)
  }
  return map
}

/** JSON, a form, or a bare number or word. */
export function bodyOf(text: string): unknown {
  const parsed = parseJson(text)
  if (parsed !== undefined) return parsed
  return /^[^\s=&]+=/.test(text) ? Object.fromEntries(readForm(text.trim())) : text.trim()
}

/** Takes the map's fields from a body; a list whose members the map means is one reading after another. */
export function takeMapped(
  gathering: Gathering,
  body: unknown,
  map: FieldMap,
  { topic = '', receivedAt, at }: { topic?: string; receivedAt: UnixMs; at: Moment }
): void {
  const fields = map.fields.filter((one) => one.topic === undefined || topic.endsWith(one.topic))
  const bodies = membersOf(body, fields)
  if (bodies.length > arrayReadingsMax) {
    return gathering.fault({
      code: 'arrayTooLong',
      message: `The list has ${bodies.length} entries; the hub decodes at most ${arrayReadingsMax}.`
    })
  }
  let found = 0
  for (const [i, one] of bodies.entries()) {
    const standIn = { at: (at.at + i) as UnixMs, reasons: at.reasons }
    found += takeOne(gathering, one, fields, momentIn(gathering, one, map, { receivedAt, standIn }))
    gathering.nextMoment()
  }
  if (found > 0 || map.fields.length > fields.length) return
  gathering.fault({
    code: 'nothingMeasured',
    message: `the message has nothing at ${listed(map.fields.map(({ path }) => path.text))}; it has ${listed(
      leavesOf(body).map(({ path }) => path)
    )}`
  })
}

/** The members of a list, unless a path names their positions. */
function membersOf(body: unknown, fields: readonly MappedField[]): readonly unknown[] {
  if (!Array.isArray(body)) return [body]
  const isByPosition = fields.some(
    ({ path: { steps } }) => typeof steps[0] !== 'string' || /^\d+$/.test(steps[0])
  )
  return isByPosition ? [body] : (body as readonly unknown[])
}

function takeOne(
  gathering: Gathering,
  body: unknown,
  fields: readonly MappedField[],
  moment: Moment
): number {
  let found = 0
  for (const { path, field } of fields) {
    const value = valueAt(body, path)
    if (value === undefined) continue
    found++
    if (typeof value === 'string' && /^(?:nan|none|null|unknown|unavailable|)$/i.test(value.trim()))
      gathering.ignored(path.text, 'nothing was measured')
    else if (typeof value === 'string') gathering.text(path.text, value, field, moment)
    else gathering.value(path.text, value, field, moment)
  }
  return found
}

function momentIn(
  gathering: Gathering,
  body: unknown,
  { time }: FieldMap,
  { receivedAt, standIn }: { receivedAt: UnixMs; standIn: Moment }
): Moment {
  const said = time === undefined ? undefined : valueAt(body, time)
  if (said === undefined || said === null) {
    gathering.assumed('no time of its own: measured when it was received')
    return standIn
  }
  const number = typeof said === 'string' ? readNumber(said) : undefined
  return gathering.momentOf(number ?? said, receivedAt, standIn.at)
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 6).map((path) => path.slice(0, 60))
  return shown.length === 0
    ? 'no numbers'
    : `${shown.join(', ')}${paths.length > shown.length ? ' and more' : ''}`
}

interface Leaf {
  path: string
  /** What the name or the key of its member says. */
  name: string
  /** The key of the object around it: `pm` of `pm.fine`. */
  around: string
  value: unknown
}

/** Everything in a body that is a number, or a text that could be one or a time. */
function leavesOf(body: unknown, path = '', name = '', around = '', depth = 0): Leaf[] {
  if (typeof body === 'number' || typeof body === 'string')
    return [{ path: path === '' ? '.' : path, name, around, value: body }]
  if (typeof body !== 'object' || body === null || depth > mapPathStepsMax) return []
  const found: Leaf[] = []
  for (const [key, value] of Object.entries(body)) {
    if (found.length >= mapFieldsMax) break
    const own = Array.isArray(body) ? labelOf(value) : undefined
    const step = own === undefined ? key : `[${own.key}=${own.label}]`
    const next = path === '' || step.startsWith('[') ? path + step : `${path}.${step}`
    const isPlain = Array.isArray(body) || /^(?:value|val|v)$/i.test(key)
    const said = own?.label ?? (isPlain ? name : key)
    found.push(...leavesOf(value, next, said, isPlain ? around : name, depth + 1))
  }
  return found.filter(({ value }) => typeof value === 'number' || isNumberOrTime(String(value)))
}

function isNumberOrTime(text: string): boolean {
  return readNumber(text) !== undefined || parseIsoZoned(text) !== undefined
}

/** Lists of small devices name their members: `{"name": "temp", "value": 20}`. */
function labelOf(member: unknown): { key: string; label: string } | undefined {
  if (!isObject(member)) return undefined
  for (const key of ['name', 'value_type', 'type', 'sensor', 'key', 'id', 'n']) {
    const label = member[key]
    if (typeof label === 'string' && /^[^\]=.]{1,40}$/.test(label)) return { key, label }
  }
  return undefined
}

/** A map to go on with: quantities that the names tell, and "?" for the steward to name or delete. */
export function draftOf(text: string): { time?: string; fields: Record<string, unknown> } {
  const body: unknown = bodyOf(text)
  const first: unknown = Array.isArray(body) && !isNamedList(body) ? body[0] : body
  const leaves = leavesOf(first)
  const time = leaves.find(isTime)
  const fields: Record<string, unknown> = {}
  for (const { path, name, around, value } of leaves) {
    if (path === time?.path || (typeof value === 'string' && readNumber(value) === undefined)) continue
    fields[path] = ruleFor(guessOf(around, name), Number(value))
  }
  return { ...(time === undefined ? {} : { time: time.path }), fields }
}

/** What libraries write for a sensor that is not there: a draft names them, so that nobody has to know how. */
const senseless = new Set([-999, -9_999, -127, 327.67, -327.68, 32_767, -32_768, 65_535])
function ruleFor(guess: Guess | undefined, value: number): unknown {
  const isMillivolts = guess?.quantity === 'battery' && value > definitionOf('battery').possibleMax
  const quantity = isMillivolts ? 'battery_voltage' : (guess?.quantity ?? unnamed)
  const unit = isMillivolts ? 'mV' : guess?.unit
  if (unit === undefined && !senseless.has(value)) return quantity
  return {
    quantity,
    ...(unit === undefined ? {} : { unit }),
    ...(senseless.has(value) ? { sentinel: value } : {})
  }
}

/** Too short or too loose to be read unasked; in a draft a steward looks at each. */
const looseNames: readonly (readonly [end: RegExp, name: string])[] = [
  [/(?<![^_])t_(?=[cf]$)/, 'temp_'],
  [/(?<![^_])pm_fine$/, 'pm_2_5']
]

/** The object around says more: `pm.fine`, `wall.temp`, and that `cpu.temp` is none of a room. */
function guessOf(around: string, name: string): Guess | undefined {
  const whole = `${around} ${name}`
  const [loose, spelled] = looseNames.find(([end]) => end.test(plainName(whole))) ?? []
  if (loose === undefined || spelled === undefined) return guessName(whole.trim())
  return guessName(plainName(whole).replace(loose, spelled))
}

function isNamedList(list: readonly unknown[]): boolean {
  return labelOf(list[0]) !== undefined
}

const timeName =
  /^(?:at|t|ts|dt|time|timestamp|datetime|unix|unixtime|unix_time|utc|epoch|sent|sent_at|created_at|measured_at|recorded_at)$/i

function isTime({ name, value }: Leaf): boolean {
  if (typeof value === 'string' && parseIsoZoned(value) !== undefined) return true
  // Unix time in seconds or milliseconds, of this century; a `t` of that size is no temperature.
  return timeName.test(name) && Number(value) > 1e9
}
