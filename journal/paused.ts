/**
 * Holds back the acknowledgements of devices of which too much waits for a place: their messages wait here, in order
 * and in memory, until they may go to the journal. Nothing is dropped, and everybody else goes past.
 */
import { JournalUnavailable } from './journal.ts'
import { pausedBytesMax, pausedBytesPerDeviceMax } from '../model/limits.ts'
import type { Accept } from '../model/message.ts'

type Waiting = Parameters<Accept>

/** What a waiting message costs beside its payload, and by which empty ones are bounded too. */
const messageBytes = 256

export interface PausedDevices {
  accept: Accept
  /** From now on these are held back, and nobody else. */
  set(deviceIds: readonly string[]): void
  /** Messages that wait here. */
  waiting(): number
  /** Whoever waits is refused, now and from now on: the device keeps what was not acknowledged. */
  stop(): void
}

export function pauseDevices(accept: Accept): PausedDevices {
  const lanes = new Map<string, { messages: Waiting[]; bytes: number }>()
  let bytesInAll = 0
  let stopped = false

  const release = (deviceId: string, each: (message: Waiting) => void): void => {
    const lane = lanes.get(deviceId)
    lanes.delete(deviceId)
    bytesInAll -= lane?.bytes ?? 0
    lane?.messages.forEach(each)
  }

  return {
    accept(deviceId, topic, payload, done) {
      const lane = lanes.get(deviceId)
      if (!lane) return accept(deviceId, topic, payload, done)
      const bytes = payload.byteLength + messageBytes
      const room = lane.bytes + bytes <= pausedBytesPerDeviceMax && bytesInAll + bytes <= pausedBytesMax
      if (stopped || !room) return done(refusal())
      lane.messages.push([deviceId, topic, payload, done])
      lane.bytes += bytes
      bytesInAll += bytes
    },
    set(deviceIds) {
      const wanted = new Set(deviceIds)
      for (const deviceId of [...lanes.keys()])
        if (!wanted.has(deviceId)) release(deviceId, (message) => accept(...message))
      for (const deviceId of wanted) if (!lanes.has(deviceId)) lanes.set(deviceId, { messages: [], bytes: 0 })
    },
    waiting() {
      let count = 0
      for (const { messages } of lanes.values()) count += messages.length
      return count
    },
    stop() {
      stopped = true
      for (const [deviceId, lane] of lanes) {
        for (const [, , , done] of lane.messages.splice(0)) done(refusal())
        bytesInAll -= lane.bytes
        lanes.set(deviceId, { messages: [], bytes: 0 })
      }
    }
  }
}

function refusal(): JournalUnavailable {
  return new JournalUnavailable(
    'Too many messages of this device wait for a place, so it is paused; it keeps new messages until it is given a place.'
  )
}
