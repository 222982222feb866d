/**
 * Judges the computer's clock against one that nobody sets (time since the machine started, sleep included) and against the
 * clocks of the sensors. Pure: all it knows comes in as arguments.
 *
 * What counts as the time is the steady clock plus an offset. While the computer's clock moves with the steady one, the offset
 * is its own. When it steps, the offset stays until the new time has stood for a while, or the sensors say who is right.
 */
import { clockAheadMsMax } from '../../model/limits.ts'
import type { SensorTime, WrongStretch } from '../../model/message.ts'
import type { UnixMs } from '../../model/time.ts'
import {
  clockSettleMs,
  clockStepMsMin,
  clockWrongMsMax,
  sensorJitterMs,
  sensorMessagesMin,
  sensorSaidMsMax,
  sensorsAgreeMin,
  sensorsAgreeMs,
  sensorsAgreeShare,
  sensorSpanMsMin,
  sensorsWatchedMax
} from './limits.ts'

/** Why the computer's clock is not believed, or was not. */
export type ClockDoubt =
  /** It was set, and has not stood long enough. */
  | { kind: 'stepped'; byMs: number }
  /** So many sensors agree with each other on another time; `byMs` is how far their time is ahead of the computer's. */
  | { kind: 'sensors'; byMs: number; sensors: number }
  /** The same, but a time server keeps the computer's clock, so the computer is believed. */
  | { kind: 'sensorsWrong'; byMs: number; sensors: number }
  /** The journal has messages that were received later than now. */
  | { kind: 'journal'; newest: UnixMs }

export interface ClockReading {
  wall: UnixMs
  /** Milliseconds since the machine started, whatever its clock was set to. */
  steadyMs: number
  /** A time server has set the computer's clock since the machine started. */
  isServed: boolean
}

/** What a judgement goes on with after the program was started again; of one start of the machine. */
export interface KnownClock {
  offset: number
  wallOffset: number
  unsureSince: number
  wasConfirmed: boolean
  believedSensors: number
}

interface Said {
  receivedAt: number
  /** How far the sensor was ahead of the hub. */
  aheadMs: number
}

export class ClockJudgement {
  /** What counts: the time is the steady clock plus this. */
  #offset: number
  /** The computer's own. */
  #wallOffset: number
  /** Since when, on the steady clock, nobody has said that the hub's time is right. */
  #unsureSince: number
  #steadyMs: number
  #stepped: { since: number } | undefined
  #isServed = false
  #newestInJournal: UnixMs | undefined
  readonly #said = new Map<string, Said[]>()
  #agreed: { aheadMs: number; sensors: number } | undefined
  /** How many sensors gave us the time that counts; 0 where it is the computer's. */
  #believedSensors = 0
  #wasConfirmed = false
  #hasHeard = false

  constructor({ wall, steadyMs }: ClockReading, known?: KnownClock) {
    this.#offset = known?.offset ?? wall - steadyMs
    // A computer that was set meanwhile is seen to be set by the first look.
    this.#wallOffset = known?.wallOffset ?? wall - steadyMs
    this.#unsureSince = known?.unsureSince ?? steadyMs
    this.#wasConfirmed = known?.wasConfirmed ?? false
    this.#believedSensors = known?.believedSensors ?? 0
    this.#steadyMs = steadyMs
  }

  /** For the next process. */
  get known(): KnownClock {
    return {
      offset: this.#offset,
      wallOffset: this.#wallOffset,
      unsureSince: this.#unsureSince,
      wasConfirmed: this.#wasConfirmed,
      believedSensors: this.#believedSensors
    }
  }

  /** When the newest message was received that the journal had at the start. */
  takeNewest(newest: UnixMs | null): void {
    if (newest !== null && newest > this.#now + clockAheadMsMax) this.#newestInJournal = newest
  }

  /** How far what counts as the time is from what the computer's clock shows; 0 while that is believed. */
  get correctionMs(): number {
    return this.#offset - this.#wallOffset
  }

  doubt(): ClockDoubt | undefined {
    const agreed = this.#agreed
    if (this.correctionMs !== 0) {
      const sensors = agreed?.sensors ?? this.#believedSensors
      if (sensors > 0) return { kind: 'sensors', byMs: this.correctionMs, sensors }
      return { kind: 'stepped', byMs: -this.correctionMs }
    }
    if (agreed && Math.abs(agreed.aheadMs) > clockAheadMsMax)
      return { kind: 'sensorsWrong', byMs: agreed.aheadMs, sensors: agreed.sensors }
    const newest = this.#newestInJournal
    return newest === undefined ? undefined : { kind: 'journal', newest }
  }

  /** Looks at both clocks. Gives what was received under a time that is found wrong now. */
  look({ wall, steadyMs, isServed }: ClockReading): WrongStretch | undefined {
    const wallOffset = wall - steadyMs
    const isBelieved = this.correctionMs === 0
    const hasStepped = Math.abs(wallOffset - this.#wallOffset) >= clockStepMsMin
    this.#steadyMs = steadyMs
    this.#isServed = isServed
    this.#wallOffset = wallOffset
    // A slewed clock, or a step that is too small to matter.
    if (isBelieved && !hasStepped) {
      this.#offset = wallOffset
      if (isServed) this.#confirm()
    }
    if (this.#newestInJournal !== undefined && this.#now > this.#newestInJournal)
      this.#newestInJournal = undefined
    if (hasStepped) this.#stepped = { since: steadyMs }
    const wrong = this.#hasHeard ? this.#askSensors() : undefined
    if (wrong || this.correctionMs === 0) return wrong
    if (Math.abs(this.correctionMs) < clockStepMsMin) return this.#believeComputer()
    const hasSettled = this.#stepped !== undefined && steadyMs - this.#stepped.since >= clockSettleMs
    // Sensors that agree with the time that counts hold it against a clock that was set.
    return hasSettled && !this.#agreed ? this.#adopt(wallOffset) : undefined
  }

  /** What sensors said lately; the next look takes it into account. */
  observe(times: readonly SensorTime[]): void {
    for (const { deviceId, at, receivedAt } of times)
      this.#note(deviceId, { receivedAt, aheadMs: at - receivedAt })
    this.#hasHeard = true
  }

  #askSensors(): WrongStretch | undefined {
    this.#hasHeard = false
    const running = [...this.#said].flatMap(([, said]) => this.#runningAhead(said) ?? [])
    this.#agreed = agreementOf(running)
    if (!this.#agreed) {
      // Too few to overrule the computer, and enough to say that it is right where none of them says otherwise.
      if (running.length > 0 && running.every((aheadMs) => Math.abs(aheadMs) <= sensorsAgreeMs))
        this.#confirm()
      return undefined
    }
    const { aheadMs } = this.#agreed
    if (Math.abs(aheadMs) <= sensorsAgreeMs) {
      this.#confirm()
      this.#newestInJournal = undefined
      return undefined
    }
    if (Math.abs(aheadMs) <= clockAheadMsMax) return undefined
    const said = this.#offset + aheadMs
    // The computer was set to the time that they have.
    if (Math.abs(said - this.#wallOffset) <= sensorsAgreeMs) return this.#adopt(this.#wallOffset)
    // A time server is the better witness: sensors of one make may all be wrong by a zone.
    if (this.#isServed && this.correctionMs === 0) return undefined
    const { sensors } = this.#agreed
    const wrong = this.#adopt(said)
    this.#believedSensors = sensors
    return wrong
  }

  /** What was received until now stays as it is, whatever is found later. */
  #confirm(): void {
    this.#unsureSince = this.#steadyMs
    this.#wasConfirmed = true
  }

  get #now(): number {
    return this.#steadyMs + this.#offset
  }

  #believeComputer(): undefined {
    this.#offset = this.#wallOffset
    this.#stepped = undefined
    this.#believedSensors = 0
  }

  /** Another time counts from now on. What was received since the last that was known to be right is mended by the difference. */
  #adopt(offset: number): WrongStretch {
    const shiftMs = offset - this.#offset
    const since = Math.max(this.#unsureSince, this.#steadyMs - clockWrongMsMax)
    // Since the start the offset may have moved a little; after a time that was known to be right nothing is touched.
    const slackMs = this.#wasConfirmed ? 0 : clockStepMsMin
    const stretch = {
      from: Math.floor(since + this.#offset - slackMs) as UnixMs,
      until: Math.ceil(this.#now + clockAheadMsMax) as UnixMs,
      shiftMs: Math.round(shiftMs)
    }
    const kept = this.#agreed && { ...this.#agreed, aheadMs: this.#agreed.aheadMs - shiftMs }
    this.#offset = offset
    this.#stepped = undefined
    this.#believedSensors = 0
    this.#newestInJournal = undefined
    this.#said.clear()
    this.#agreed = kept && Math.abs(kept.aheadMs) <= sensorsAgreeMs ? kept : undefined
    return stretch
  }

  #note(deviceId: string, said: Said): void {
    const before = this.#said.get(deviceId) ?? []
    if (before.length === 0 && this.#said.size >= sensorsWatchedMax) return
    // Its first of each stretch of ten seconds stays, so that three messages of a second do not stand for a running clock.
    const last = before.at(-1)
    if (last && said.receivedAt - last.receivedAt < sensorSpanMsMin / (sensorMessagesMin - 1)) return
    this.#said.set(deviceId, [...before, said].slice(-sensorMessagesMin))
  }

  #runningAhead(said: readonly Said[]): number | undefined {
    const [first, last] = [said[0], said.at(-1)]
    if (!first || !last || said.length < sensorMessagesMin) return undefined
    if (last.receivedAt - first.receivedAt < sensorSpanMsMin) return undefined
    if (this.#now - last.receivedAt > sensorSaidMsMax) return undefined
    const ahead = said.map(({ aheadMs }) => aheadMs)
    return Math.max(...ahead) - Math.min(...ahead) <= sensorJitterMs ? last.aheadMs : undefined
  }
}

/** How far most sensors that have a running clock are ahead of us, where enough of them agree. */
function agreementOf(running: readonly number[]): { aheadMs: number; sensors: number } | undefined {
  if (running.length < sensorsAgreeMin) return undefined
  const middle = running.toSorted((a, b) => a - b)[Math.floor(running.length / 2)]!
  const agreeing = running.filter((aheadMs) => Math.abs(aheadMs - middle) <= sensorsAgreeMs)
  if (agreeing.length < Math.max(sensorsAgreeMin, sensorsAgreeShare * running.length)) return undefined
  return { aheadMs: middle, sensors: agreeing.length }
}
