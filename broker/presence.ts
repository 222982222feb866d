/** How a device is, from what the front door saw of it since the start: online, asleep, silent, or vanished. */
import { parseDeviceTopic } from '../model/message.ts'
import type { UnixMs } from '../model/time.ts'

/**
 * online: connected and heard of in time. asleep: said goodbye, as devices on batteries do between two readings.
 * silent: no message for five intervals, connected or not. vanished: the connection was lost without a goodbye.
 * unknown: not heard of since the hub started.
 */
export type Presence = 'online' | 'asleep' | 'silent' | 'vanished' | 'unknown'

export type PresenceEvent =
  | { kind: 'connected' }
  | { kind: 'left' }
  | { kind: 'lost' }
  /** What a box behind a gateway, or its firmware, says of its connection. */
  | { kind: 'said'; presence: 'online' | 'offline' }
  /** A message; `says` is what a status says of itself. */
  | { kind: 'message'; says?: 'asleep' | 'offline' }

/** What is known of one device. */
export interface Sighting {
  /** How its last connection stands, or ended; null when it only pushed over HTTP. */
  connection: 'open' | 'left' | 'lost' | null
  /** It said that it goes to sleep; the next message ends that. */
  asleep: boolean
  messageAt: UnixMs | null
  /** When its connection last came or went. */
  changedAt: UnixMs | null
}

export const neverSeen: Readonly<Sighting> = Object.freeze({
  connection: null,
  asleep: false,
  messageAt: null,
  changedAt: null
})

/** Intervals without a message after which a device is silent. */
export const silentIntervals = 5

export function sightingAfter(before: Readonly<Sighting>, event: PresenceEvent, at: UnixMs): Sighting {
  switch (event.kind) {
    case 'connected':
      return { ...before, connection: 'open', asleep: false, changedAt: at }
    case 'left':
      return { ...before, connection: 'left', changedAt: at }
    case 'lost':
      return { ...before, connection: 'lost', changedAt: at }
    case 'said':
      return { ...before, connection: event.presence === 'online' ? 'open' : 'lost', changedAt: at }
    case 'message':
      // "offline" is a last will as well as a goodbye: it is no sign of life.
      if (event.says === 'offline') return { ...before }
      return { ...before, asleep: event.says === 'asleep', messageAt: at }
  }
}

/** `intervalS` is null while nobody knows how often the device speaks; then it is never silent. */
export function presenceOf(sighting: Readonly<Sighting>, intervalS: number | null, now: UnixMs): Presence {
  const { connection, asleep, messageAt, changedAt } = sighting
  if (connection === null && messageAt === null) return 'unknown'
  if (connection === 'lost' && !asleep) return 'vanished'
  const heardAt = Math.max(messageAt ?? -Infinity, changedAt ?? -Infinity)
  if (intervalS !== null && now - heardAt > silentIntervals * intervalS * 1_000) return 'silent'
  if (connection === 'open' || connection === null) return asleep ? 'asleep' : 'online'
  return 'asleep'
}

/** Every device that was heard of since the start. */
export class PresenceBook {
  readonly #sightings = new Map<string, Sighting>()

  note(deviceId: string, event: PresenceEvent, at: UnixMs): void {
    this.#sightings.set(deviceId, sightingAfter(this.#sightings.get(deviceId) ?? neverSeen, event, at))
  }

  /** A message as it came in: ten thousand a second, so an ordinary one changes one number and makes nothing new. */
  noteMessage(deviceId: string, topic: string, payload: Uint8Array, at: UnixMs): void {
    const known = this.#sightings.get(deviceId)
    const says =
      payload.length <= longestWord && topic.endsWith('/status') ? wordOf(topic, payload) : undefined
    if (known && says === undefined) {
      known.messageAt = at
      known.asleep = false
    } else this.note(deviceId, says === undefined ? { kind: 'message' } : { kind: 'message', says }, at)
  }

  sighting(deviceId: string): Readonly<Sighting> {
    return this.#sightings.get(deviceId) ?? neverSeen
  }

  of(deviceId: string, intervalS: number | null, now: UnixMs): Presence {
    return presenceOf(this.sighting(deviceId), intervalS, now)
  }

  forget(deviceId: string): void {
    this.#sightings.delete(deviceId)
  }

  /** When a message of the device last came in. */
  messageAt(deviceId: string): UnixMs | undefined {
    return this.#sightings.get(deviceId)?.messageAt ?? undefined
  }
}

const longestWord = '"offline"'.length

function wordOf(topic: string, payload: Uint8Array): 'asleep' | 'offline' | undefined {
  if (parseDeviceTopic(topic)?.kind !== 'status') return undefined
  const word = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1')
  const bare = word.trim().replace(/^"(.*)"$/, '$1')
  return bare === 'asleep' || bare === 'offline' ? bare : undefined
}
