/** A message as a device sent it, and the one door through which every message comes in. */
import type { UnixMs } from './time.ts'

export interface IncomingMessage {
  deviceId: string
  topic: string
  payload: Uint8Array
  /** Distinct for each message of a device, see `arrivals` in the journal. */
  receivedAt: UnixMs
}

/**
 * Takes a message into custody. `done()` without an error means: on disk, synced; only then may it be acknowledged.
 * With an error nothing was kept and nothing may be acknowledged. Callbacks of one device come in the order of its calls.
 */
export type Accept = (
  deviceId: string,
  topic: string,
  payload: Uint8Array,
  done: (failure?: Error) => void,
  /** The publisher, or a broker before it, asked for it to be kept; of what a gateway sends, perhaps an old value. */
  retained?: boolean
) => void

/** What a topic of a family carries. readings: to the journal. ignored: acknowledged and forgotten (logs, descriptions). */
export type TopicUse = 'readings' | 'ignored'

/** What a device published that other people must not see passes through here; see model/visibility.ts. */
export interface DeviceTopic {
  deviceId: string
  kind: 'readings' | 'status' | 'problems'
}

const root = 'sensors/'

/** `sensors/<deviceId>/readings|status|problems`, or undefined for anything else. */
export function parseDeviceTopic(topic: string): DeviceTopic | undefined {
  const slash = topic.indexOf('/', root.length)
  if (slash <= root.length || !topic.startsWith(root)) return undefined
  const kind = topic.slice(slash + 1)
  if (kind !== 'readings' && kind !== 'status' && kind !== 'problems') return undefined
  return { deviceId: topic.slice(root.length, slash), kind }
}

/** Below it Observations are published under the topics of OGC SensorThings 1.1 (18-088, section 14): the standard fixes the name. */
export const observationsRoot = 'v1.1'

export function deviceTopic(deviceId: string, kind: DeviceTopic['kind']): string {
  return `sensors/${deviceId}/${kind}`
}

/**
 * In the journal, a message that nobody had to sign is told by its topic, so that a second decoding marks its readings as the
 * first did. No client can publish to it: a topic of MQTT may not begin so.
 */
const unauthenticatedMark = '$open/'

export function unauthenticatedTopic(topic: string): string {
  return unauthenticatedMark + topic
}

/** The topic as the box used it, and whether anybody could have used it. */
export function signedTopic(topic: string): { topic: string; unauthenticated: boolean } {
  return topic.startsWith(unauthenticatedMark)
    ? { topic: topic.slice(unauthenticatedMark.length), unauthenticated: true }
    : { topic, unauthenticated: false }
}

/** What a sensor's own clock said in a message, and when the hub received that. */
export interface SensorTime {
  deviceId: string
  at: UnixMs
  receivedAt: UnixMs
}

/** Messages that were received from … until, as the hub told the time then, were received this much later. */
export interface WrongStretch {
  from: UnixMs
  until: UnixMs
  shiftMs: number
}

/** Of the messages after one sequence, up to and including another, those of the stretch. */
export interface MendedTimes extends WrongStretch {
  after: number
  through: number
}

export interface KeptMendedTimes extends MendedTimes {
  /** Grows; what was found later holds for times as they were mended before. */
  id: number
  /** The store has what was decoded with the mended times. */
  isDone: boolean
}
