/**
 * ESPHome over MQTT: `<prefix>/sensor/<object id>/state` holds one number as text. No unit and no time; the discovery
 * message of an entity names its unit and kind. Source: esphome/components/mqtt, 2024.1 to 2026.8.
 */
import { esphomeEntitiesMax, esphomeGroupMsMax } from '../limits.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import { type UnixMs } from '../../model/time.ts'
import { readyField } from '../fields.ts'
import { Gathering, refused } from '../gathering.ts'
import { quantityOfClass, abbreviated, unitOfEntity } from '../discovery.ts'
import type { Decoded, Dialect, DialectMessage, Source } from '../ingest.ts'
import { readNumber, readObject, readText } from '../payload.ts'
import { guessName } from '../vocabulary.ts'
import { secondSensorFault } from '../wording.ts'

/** What is remembered of a box: its entities, and the moment that belongs to its last values. */
export interface EsphomeState {
  /** By object id; null for one that is no reading. */
  entities: Readonly<Record<string, Entity | null>>
  /** Values that come within moments of each other are of one measurement. */
  group: { at: UnixMs; quantities: readonly MeasuredQuantity[] }
}

export interface Entity {
  quantity: MeasuredQuantity
  unit: string | null
}

export const esphome: Dialect<EsphomeState> = {
  name: 'esphome',
  label: 'ESPHome',
  // The default update_interval of nearly every component.
  intervalSDefault: 60,
  silenceSMax: null,
  topicUse,
  decode,
  usualTopic: () => 'box/sensor/temperature/state',
  looksLike: (topic) =>
    /\/(?:sensor|binary_sensor|text_sensor|climate)\/[^/]+\/state$/.test(topic) ||
    topic.startsWith('esphome/'),
  rewound: ({ entities }) => ({ entities, group: empty.group })
}

const stateTopic = /(?:^|\/)sensor\/([^/]+)\/state$/
const discoveryTopic = /(?:^|\/)sensor\/[^/]+\/([^/]+)\/config$/
const otherTopic =
  /(?:\/debug|\/state|\/config|\/command|\/(?:current|target)_[a-z_]+\/state)$|^esphome\/|^homeassistant\//

function topicUse(topic: string): 'readings' | 'ignored' | undefined {
  if (stateTopic.test(topic) || discoveryTopic.test(topic) || topic.endsWith('/status')) return 'readings'
  return otherTopic.test(topic) ? 'ignored' : undefined
}

function decode(message: DialectMessage, source: Source<EsphomeState>): Decoded<EsphomeState> {
  const objectId = stateTopic.exec(message.topic)?.[1]
  if (objectId !== undefined) return decodeState(objectId, message, source)
  const discovered = discoveryTopic.exec(message.topic)?.[1]
  if (discovered !== undefined) return decodeDiscovery(message, source)
  if (message.topic.endsWith('/status')) return decodeStatus(message)
  const isOther = otherTopic.test(message.topic)
  if (isOther) source.notes?.ignored(message.topic, 'no sensor')
  return isOther ? { measurements: [], faults: [] } : refused(unknownTopic)
}

const unknownTopic = {
  code: 'topicUnknown',
  message: 'ESPHome publishes readings to <topic_prefix>/sensor/<name>/state, and to no other topic.'
} as const

function decodeStatus({ payload }: DialectMessage): Decoded<EsphomeState> {
  const text = readText(payload)
  const word = text.ok ? text.value.trim() : ''
  const presence = word === 'online' || word === 'offline' ? word : undefined
  return { measurements: [], faults: [], ...(presence ? { health: { presence } } : {}) }
}

function decodeState(
  objectId: string,
  { payload, receivedAt }: DialectMessage,
  { state = empty, notes }: Source<EsphomeState>
): Decoded<EsphomeState> {
  const text = readText(payload)
  if (!text.ok) return refused(text.fault)
  const gathering = new Gathering<EsphomeState>(notes)
  const entity = Object.hasOwn(state.entities, objectId)
    ? state.entities[objectId]!
    : entityOf(objectId, state)
  if (entity === null) {
    tellUnread(gathering, objectId, text.value, state)
    const after = remembered(state, objectId, null)
    if (after !== state) gathering.state = after
    return gathering
  }
  const group = groupOf(state.group, entity.quantity, receivedAt)
  gathering.assumed('no time of its own: measured when it was received')
  if (entity.unit === null) gathering.assumed(`${objectId} comes in the usual unit`)
  if (!isNothing(text.value)) {
    gathering.text(objectId, text.value, readyField(entity.quantity, entity.unit ?? ''), {
      at: group.at,
      reasons: 0
    })
  } else gathering.ignored(objectId, 'nothing was measured')
  gathering.state = { ...remembered(state, objectId, entity), group }
  return gathering
}

const empty: EsphomeState = { entities: {}, group: { at: 0 as UnixMs, quantities: [] } }

/** `nan` and nothing are what ESPHome publishes of a sensor that has no value yet. */
function isNothing(text: string): boolean {
  const word = text.trim().toLowerCase()
  return word === 'nan' || word === '' || word === 'unknown'
}

function isAbout(objectId: string): boolean {
  return /uptime|free|heap|loop|reset|version|time|count|dew|esp|cpu|chip|internal/.test(objectId)
}

/** A second entity of a quantity does not join the first: two thermometers are not one line. */
function entityOf(objectId: string, { entities }: EsphomeState): Entity | null {
  const guess = guessName(objectId)
  if (!guess) return null
  const isTaken = Object.values(entities).some((one) => one?.quantity === guess.quantity)
  return isTaken ? null : { quantity: guess.quantity, unit: guess.unit ?? null }
}

function remembered(state: EsphomeState, objectId: string, entity: Entity | null): EsphomeState {
  if (Object.hasOwn(state.entities, objectId)) return state
  if (Object.keys(state.entities).length >= esphomeEntitiesMax) return state
  return { ...state, entities: { ...state.entities, [objectId]: entity } }
}

/** What is no reading is told about once; a word, or what is about the box, needs no telling. */
function tellUnread(
  gathering: Gathering<EsphomeState>,
  objectId: string,
  text: string,
  { entities }: EsphomeState
): void {
  gathering.ignored(objectId, 'not a quantity of the air, or one that another entity measures')
  if (Object.hasOwn(entities, objectId) || readNumber(text) === undefined || isAbout(objectId)) return
  const quantity = guessName(objectId)?.quantity
  const other = Object.entries(entities).find(([, one]) => one !== null && one.quantity === quantity)?.[0]
  if (quantity !== undefined && other !== undefined)
    gathering.fault(secondSensorFault(quantity, other, objectId))
  else gathering.unknown(objectId, text)
}

/** The group that is open, if its time is not over and this quantity is not in it yet; else a new one. */
function groupOf(
  group: EsphomeState['group'],
  quantity: MeasuredQuantity,
  receivedAt: UnixMs
): EsphomeState['group'] {
  const agoMs = receivedAt - group.at
  const isOpen = agoMs >= 0 && agoMs <= esphomeGroupMsMax && !group.quantities.includes(quantity)
  return isOpen
    ? { at: group.at, quantities: [...group.quantities, quantity] }
    : { at: receivedAt, quantities: [quantity] }
}

/** The discovery message says what an entity is, so nothing needs to be guessed from its name. */
function decodeDiscovery(
  { topic, payload }: DialectMessage,
  { state = empty, notes }: Source<EsphomeState>
): Decoded<EsphomeState> {
  const body = readObject(payload)
  if (!body.ok) return refused(body.fault)
  const config = abbreviated(body.value)
  const objectId = stateTopic.exec(config.stateTopic ?? '')?.[1] ?? discoveryTopic.exec(topic)![1]!
  notes?.ignored(topic, 'a description, which gives the unit of later messages')
  const quantity = quantityOfClass(config.deviceClass, objectId)
  const unit = config.unit
  if (quantity === undefined) return { measurements: [], faults: [] }
  // Counts of particles and grams of vapour are called like the mass and the humidity: only their unit tells them apart.
  const known = unitOfEntity(quantity, unit)
  const entity: Entity | null = known === undefined ? null : { quantity, unit: known || null }
  const isTaken = Object.entries(state.entities).some(
    ([id, one]) => id !== objectId && one?.quantity === quantity
  )
  const others = Object.fromEntries(Object.entries(state.entities).filter(([id]) => id !== objectId))
  return {
    measurements: [],
    faults: [],
    ...(config.firmware === undefined ? {} : { health: { firmware: config.firmware } }),
    state: remembered({ ...state, entities: others }, objectId, isTaken ? null : entity)
  }
}
