/** From a message to what it measured and what was wrong with it, through the dialect of its device. Pure. */
import { airgradient } from './dialect/airgradient.ts'
import { airrohr } from './dialect/airrohr.ts'
import { ecowitt } from './dialect/ecowitt.ts'
import { esphome } from './dialect/esphome.ts'
import { homeassistant } from './dialect/homeassistant.ts'
import { lamppost } from './dialect/lamppost.ts'
import { chirpstack } from './dialect/chirpstack.ts'
import { enviro } from './dialect/enviro.ts'
import { meshtastic } from './dialect/meshtastic.ts'
import { senml } from './dialect/senml.ts'
import { theengs } from './dialect/theengs.ts'
import { opensensemap } from './dialect/opensensemap.ts'
import { thingsboard } from './dialect/thingsboard.ts'
import { other } from './dialect/other.ts'
import { shelly } from './dialect/shelly.ts'
import { smartcitizen } from './dialect/smartcitizen.ts'
import { tasmota } from './dialect/tasmota.ts'
import { ttn } from './dialect/ttn.ts'
import { zigbee2mqtt } from './dialect/zigbee2mqtt.ts'
import type { FaultCode } from '../model/fault.ts'
import { reasonBits } from '../model/flag.ts'
import { signedTopic } from '../model/message.ts'
import { lookedAtBytesMax, strangeFaultsMin } from './limits.ts'
import { wrongFamilyFault } from './wording.ts'
import type { Decoded, Dialect, DialectMessage, Source } from './ingest.ts'

/** Every device family the hub understands, by the name that `--dialect` takes. */
export const dialects: ReadonlyMap<string, Dialect> = new Map(
  [
    lamppost,
    airrohr,
    smartcitizen,
    airgradient,
    esphome,
    tasmota,
    zigbee2mqtt,
    ttn,
    chirpstack,
    homeassistant,
    shelly,
    ecowitt,
    theengs,
    opensensemap,
    senml,
    thingsboard,
    enviro,
    meshtastic,
    other
  ].map((dialect): [string, Dialect] => [dialect.name, dialect])
)

/** A device whose dialect this version does not know is read as native. */
export function dialectOf(name: string): Dialect {
  return dialects.get(name) ?? lamppost
}

/**
 * Never throws, whatever the bytes. Readings of a message that nobody had to sign are marked; of a message that makes little
 * sense it is said whose it looks like.
 */
export function decode(dialect: string, message: DialectMessage, source: Source = {}): Decoded {
  const { topic, unauthenticated } = signedTopic(message.topic)
  // The hub's own topics have its own payload, whichever family the box is of.
  const family = topic.startsWith('sensors/') ? lamppost : dialectOf(dialect)
  // An empty message is how MQTT takes a retained one away [MQTT-3.3.1-10]; the native payload and pushes are never emptied.
  if (message.payload.length === 0 && family !== lamppost && !topic.startsWith('push/'))
    return { measurements: [], faults: [] }
  const decoded = family.decode(unauthenticated ? { ...message, topic } : message, source)
  if (unauthenticated) {
    for (const measurement of decoded.measurements) measurement.reasons |= unauthenticatedReason
  }
  if (decoded.faults.length > 0) advise(decoded, family, topic, message.payload)
  return decoded
}

function advise(
  { measurements, faults }: Decoded,
  family: Dialect,
  topic: string,
  payload: Uint8Array
): void {
  const isStrange = measurements.length === 0 || faults.length >= strangeFaultsMin
  if (!isStrange || !faults.some(({ code }) => strange.has(code))) return
  const text = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.byteLength, lookedAtBytesMax))
  const [other] = looksLike(topic, text.toString('latin1')).filter((name) => name !== 'lamppost')
  if (other !== undefined && other !== family.name)
    faults.push(wrongFamilyFault(dialects.get(other)!, family))
}

const strange: ReadonlySet<FaultCode> = new Set([
  'payloadNotJson',
  'payloadShape',
  'nothingMeasured',
  'unknownQuantity',
  'topicUnknown'
])

/** Families whose message this could be, surest first; the native payload last, since its names are everybody's. */
export function looksLike(topic: string, text: string): string[] {
  const alike = [...dialects.values()]
    .filter((dialect) => dialect.looksLike(topic, text))
    .map(({ name }) => name)
  return alike.toSorted((a, b) => Number(a === 'lamppost') - Number(b === 'lamppost'))
}

const unauthenticatedReason = reasonBits('unauthenticated')
