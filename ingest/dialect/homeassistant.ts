/**
 * Home Assistant's `mqtt_statestream`: each entity's state in a topic of its own, its time in another, each attribute in one more,
 * all retained. A reading is made of a state and its `last_updated`, so that what is sent again after a reconnect is the same
 * reading. Source: home-assistant.io/integrations/mqtt_statestream; core/homeassistant/components/mqtt_statestream.
 */
import { homeassistantEntitiesMax, stateCharactersMax, halvesMsMax } from '../limits.ts'
import type { Fault } from '../../model/fault.ts'
import { isQuantity, type MeasuredQuantity } from '../../model/quantity.ts'
import { parseIsoZoned, type UnixMs } from '../../model/time.ts'
import { quantityOfClass, unitOfEntity } from '../discovery.ts'
import { readyField } from '../fields.ts'
import { Gathering, refused } from '../gathering.ts'
import { noParts, type GatewayMessage, type SplitMessage } from '../gateway.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { parseJson } from '../json.ts'
import { readNumber, readText } from '../payload.ts'
import { guessName, plainName } from '../vocabulary.ts'

/** What is known of one entity, and which half of its next reading has come. */
export interface EntityState {
  unit?: string
  deviceClass?: string
  /** A state whose time has not come yet. */
  value?: string
  /** A time whose state has not come yet; after a reconnect topics come in any order. */
  time?: string
  /** When the half that waits came. */
  halfAt?: UnixMs
  /** The newest time of which a reading was made. */
  madeAt?: UnixMs
  /** No unit came with a whole reading: attributes are not published, and the usual unit is taken. */
  isUnitless?: true
}

export type HomeassistantState = Readonly<Record<string, EntityState>>

export const homeassistant: Dialect<HomeassistantState> = {
  name: 'homeassistant',
  label: 'Home Assistant',
  intervalSDefault: null,
  // Home Assistant sends on change only; what changes within the hour is covered.
  silenceSMax: 3_600,
  topicUse,
  decode,
  usualTopic: () => 'homeassistant/sensor/box_temperature/state',
  looksLike: (topic) =>
    /(?:^|\/)sensor\/[^/]+\/(?:last_updated|last_changed|unit_of_measurement)$/.test(topic),
  rewound: (state) =>
    Object.fromEntries(Object.entries(state).map(([object, entity]) => [object, withoutReadings(entity)])),
  split,
  isLocalAddress: () => true
}

/** `<base>/<domain>/<object>/<what>`. */
const pattern = /(?:^|\/)([a-z_]+)\/([^/]+)\/([^/]+)$/
const read: ReadonlySet<string> = new Set(['state', 'last_updated', 'unit_of_measurement', 'device_class'])

function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  const match = pattern.exec(topic)
  if (!match || topic.startsWith('sensors/')) return undefined
  return match[1] === 'sensor' && read.has(match[3]!) ? 'readings' : 'ignored'
}

function decode(
  { topic, payload, receivedAt }: DialectMessage,
  { state = {}, notes }: Source<HomeassistantState>
): Decoded<HomeassistantState> {
  const match = pattern.exec(topic)
  const [domain, object = '', what = ''] = match?.slice(1) ?? []
  if (domain !== 'sensor' || !read.has(what)) {
    notes?.ignored(topic, 'no state, time, unit or kind of a sensor')
    return match ? { measurements: [], faults: [] } : refused(unknownTopic)
  }
  const text = readText(payload)
  if (!text.ok) return refused(text.fault)
  const gathering = new Gathering<HomeassistantState>(notes)
  let entity: EntityState = Object.hasOwn(state, object) ? state[object]! : {}
  const isHalf = what === 'state' || what === 'last_updated'
  // The unit comes behind state and time; whoever sends the next reading before a unit sends none.
  if (isHalf && isWhole(entity)) entity = made(gathering, object, { ...entity, isUnitless: true }, receivedAt)
  if (what === 'state' && isTimeless(entity)) gathering.fault(timeMissing(object))
  if (isHalf) entity = { ...withoutOldHalf(entity, receivedAt), halfAt: receivedAt }
  entity = hear(gathering, entity, what, text.value)
  if (isWhole(entity) && (entity.unit !== undefined || entity.isUnitless)) {
    entity = made(gathering, object, entity, receivedAt)
  } else if (isRepeated(entity)) entity = withoutHalves(entity)
  if (Object.hasOwn(state, object) || Object.keys(state).length < homeassistantEntitiesMax)
    gathering.state = { ...state, [object]: entity }
  return gathering
}

const unknownTopic = {
  code: 'topicUnknown',
  message:
    'mqtt_statestream publishes to <base_topic>/sensor/<object>/state, and to nothing else that is read here.'
} as const

function hear(gathering: Gathering, before: EntityState, what: string, text: string): EntityState {
  switch (what) {
    case 'state':
      return { ...before, value: text.slice(0, stateCharactersMax) }
    case 'last_updated':
      return { ...before, time: text.replaceAll('"', '').slice(0, stateCharactersMax) }
    case 'unit_of_measurement':
    case 'device_class': {
      gathering.ignored(what, 'an attribute, which explains the state')
      const value = parseJson(text)
      if (typeof value !== 'string') return before
      return what === 'device_class' ? { ...before, deviceClass: value } : { ...before, unit: value }
    }
    default:
      return before
  }
}

function isWhole({ value, time }: EntityState): boolean {
  return value !== undefined && time !== undefined
}

/** A state came before, and never a time. */
function isTimeless({ value, time, madeAt }: EntityState): boolean {
  return value !== undefined && time === undefined && madeAt === undefined
}

function timeMissing(object: string): Fault {
  return {
    code: 'timeMissing',
    message:
      `${object.slice(0, stateCharactersMax)} comes without the time of its state, so it makes no reading: ` +
      'set publish_timestamps: true in mqtt_statestream',
    field: object.slice(0, stateCharactersMax)
  }
}

/**
 * Home Assistant publishes both halves at once. A half that waited longer lost its other half, and what comes now belongs to
 * another reading.
 */
function withoutOldHalf(entity: EntityState, receivedAt: UnixMs): EntityState {
  const isOld = entity.halfAt !== undefined && Math.abs(receivedAt - entity.halfAt) > halvesMsMax
  return isOld ? withoutHalves(entity) : entity
}

/** The same state again, or an older one: both halves have come before, whichever is heard first now. */
function isRepeated({ time, madeAt }: EntityState): boolean {
  const timeMs = time === undefined ? undefined : parseIsoZoned(time)
  return timeMs !== undefined && madeAt !== undefined && timeMs <= madeAt
}

/** Makes the reading of both halves. */
function made(gathering: Gathering, object: string, entity: EntityState, receivedAt: UnixMs): EntityState {
  if (isRepeated(entity)) return withoutHalves(entity)
  const moment = gathering.momentOf(entity.time, receivedAt)
  take(gathering, object, entity, entity.value!, moment)
  return { ...withoutHalves(entity), ...(moment.reasons === 0 ? { madeAt: moment.at } : {}) }
}

function withoutHalves(entity: EntityState): EntityState {
  const { madeAt } = entity
  return { ...withoutReadings(entity), ...(madeAt === undefined ? {} : { madeAt }) }
}

/** What its entity means, and nothing of what it said. */
function withoutReadings({ unit, deviceClass, isUnitless }: EntityState): EntityState {
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(deviceClass === undefined ? {} : { deviceClass }),
    ...(isUnitless ? { isUnitless } : {})
  }
}

function take(
  gathering: Gathering,
  object: string,
  { unit, deviceClass }: EntityState,
  value: string,
  moment: { at: UnixMs; reasons: number }
): void {
  const quantity = quantityOfClass(deviceClass, object)
  if (quantity === undefined) return gathering.ignored(object, 'not a quantity of the air')
  if (readNumber(value) === undefined) return gathering.ignored(object, `"${value}" is no measurement`)
  const known = unitOfEntity(quantity, unit)
  if (known === undefined) return gathering.ignored(object, `${unit ?? 'nothing'} is no unit of ${quantity}`)
  if (known === '') gathering.assumed(`${object} comes in the usual unit`)
  gathering.text(object, value, readyField(quantity, known), moment)
}

/**
 * Entities of one box begin alike (`alpstuga_temperature`, `alpstuga_pm25`): what stands before the quantity's own words is the
 * thing. What is no measurement never passes.
 */
function split({ topic, payload }: GatewayMessage): SplitMessage {
  if (topicUse(topic) !== 'readings') return noParts
  const object = pattern.exec(topic)![2]!
  const guess = guessName(object)
  if (guess === undefined || !isQuantity(guess.quantity)) return noParts
  const address = guess.stem === '' ? plainName(object) : guess.stem
  const quantities: MeasuredQuantity[] = [guess.quantity]
  return { parts: [{ address, isLocal: true, quantities, topic, payload }] }
}
