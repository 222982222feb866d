/** Holds acknowledgements of devices that send too fast until their pace allows them, each device's in order. */
import { minuteMs } from '../model/time.ts'
import { Pace, type PaceLimits } from './pace.ts'

interface Held {
  dueMs: number
  acknowledge: () => void
}

interface Lane {
  pace: Pace
  /** What the newest message has to wait. */
  waitMs: number
  held: Held[]
  timer: NodeJS.Timeout | undefined
}

export class Pacing {
  readonly #limits: PaceLimits
  readonly #onHeld: (deviceId: string) => void
  readonly #lanes = new Map<string, Lane>()
  #forgetAtMs = 0
  #stopped = false

  constructor(limits: PaceLimits, onHeld: (deviceId: string) => void) {
    this.#limits = limits
    this.#onHeld = onHeld
  }

  /** Counts a message; true when it may be acknowledged at once. Otherwise `hold` it. */
  mayGo(deviceId: string, bytes: number, deliveries: number): boolean {
    const nowMs = performance.now()
    const lane = this.#lane(deviceId, nowMs)
    lane.waitMs = lane.pace.take(bytes, nowMs, deliveries)
    return this.#stopped || (lane.waitMs === 0 && lane.held.length === 0)
  }

  /** Acknowledges the message that was counted just now when the device's pace allows. */
  hold(deviceId: string, acknowledge: () => void): void {
    const nowMs = performance.now()
    const lane = this.#lane(deviceId, nowMs)
    lane.held.push({ dueMs: nowMs + lane.waitMs, acknowledge })
    if (lane.timer) return
    this.#onHeld(deviceId)
    lane.timer = setTimeout(() => this.#look(lane), lane.waitMs)
  }

  /** Everything that is held goes now, and nothing is held any more. */
  stop(): void {
    this.#stopped = true
    for (const lane of this.#lanes.values()) {
      clearTimeout(lane.timer)
      for (const { acknowledge } of lane.held.splice(0)) acknowledge()
    }
  }

  #look(lane: Lane): void {
    const nowMs = performance.now()
    const due = lane.held.findIndex(({ dueMs }) => dueMs > nowMs)
    for (const { acknowledge } of lane.held.splice(0, due === -1 ? lane.held.length : due)) acknowledge()
    const [next] = lane.held
    lane.timer = next && setTimeout(() => this.#look(lane), next.dueMs - nowMs)
  }

  #lane(deviceId: string, nowMs: number): Lane {
    if (nowMs >= this.#forgetAtMs) this.#forget(nowMs)
    const known = this.#lanes.get(deviceId)
    if (known) return known
    const lane: Lane = { pace: new Pace(this.#limits, nowMs), waitMs: 0, held: [], timer: undefined }
    this.#lanes.set(deviceId, lane)
    return lane
  }

  /** A device that is quiet has a full bucket again, as a new one has. */
  #forget(nowMs: number): void {
    for (const [deviceId, lane] of this.#lanes) {
      if (lane.held.length === 0 && lane.pace.isFull(nowMs)) this.#lanes.delete(deviceId)
    }
    this.#forgetAtMs = nowMs + minuteMs
  }
}
