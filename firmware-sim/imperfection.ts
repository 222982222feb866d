/** How boxes fail: each failure is a function of seed, box and time, so that history and live agree on it. */
import { dayMs, hourMs, minuteMs } from '../model/time.ts'
import { createRandom, noiseKey, normalAt, uniformAt, type NoiseKey } from './random.ts'

export interface Spell {
  from: number
  until: number
}

interface SpellHabit {
  /** At most one spell in each period, wholly inside it. */
  periodMs: number
  probability: number
  shortestMs: number
  longestMs: number
}

/** Times at which something is wrong for a while. */
export class Spells {
  readonly #key: NoiseKey
  readonly #habit: SpellHabit
  #period = NaN
  #spell: Spell | null = null

  constructor(key: NoiseKey, habit: SpellHabit) {
    this.#key = key
    this.#habit = habit
  }

  /** The spell that lasts at `t`. */
  at(t: number): Spell | null {
    const spell = this.inPeriodOf(t)
    return spell && spell.from <= t && t < spell.until ? spell : null
  }

  /** The spell of the period that `t` lies in, before or after it. */
  inPeriodOf(t: number): Spell | null {
    const period = Math.floor(t / this.#habit.periodMs)
    if (period !== this.#period) {
      this.#spell = this.#draw(period)
      this.#period = period
    }
    return this.#spell
  }

  #draw(period: number): Spell | null {
    const { periodMs, probability, shortestMs, longestMs } = this.#habit
    if (uniformAt(this.#key, period * 3) >= probability) return null
    // Short ones are common, long ones rare: the square keeps most near the shortest.
    const lengthMs = shortestMs + (longestMs - shortestMs) * uniformAt(this.#key, period * 3 + 1) ** 2
    const from = (period + uniformAt(this.#key, period * 3 + 2) * (1 - lengthMs / periodMs)) * periodMs
    return { from, until: from + lengthMs }
  }
}

const habits = {
  wifiLost: { periodMs: 5 * dayMs, probability: 0.45, shortestMs: 15 * minuteMs, longestMs: 14 * hourMs },
  reboot: { periodMs: 9 * dayMs, probability: 0.5, shortestMs: 40_000, longestMs: 25 * minuteMs },
  unplugged: { periodMs: 40 * dayMs, probability: 0.3, shortestMs: 2 * hourMs, longestMs: 40 * hourMs },
  stuck: { periodMs: 30 * dayMs, probability: 0.3, shortestMs: 2 * hourMs, longestMs: 26 * hourMs },
  saturated: { periodMs: 24 * dayMs, probability: 0.35, shortestMs: 5 * minuteMs, longestMs: 50 * minuteMs }
} as const satisfies Record<string, SpellHabit>

const duplicateProbability = 0.0025
const spikeProbability = 0.0006
const spikeBinMs = 30_000

/** A crystal of ±20 ppm, as sold, corrected by the network's time once a day. */
const driftPpmDeviation = 20
const clockSetMs = dayMs

/** One box in thirty never gets the network's time but once a week, and loses 35 s a day. */
const poorClockProbability = 1 / 30
const poorClockPpm = -400
const poorClockSetMs = 7 * dayMs

const rebootPeriodsBack = 8

export class Imperfections {
  /** Keeps its readings while the Wi-Fi is away and sends them afterwards; the others lose them. */
  readonly keepsBacklog: boolean
  readonly driftPpm: number
  readonly #wifi: Spells
  readonly #reboot: Spells
  readonly #unplugged: Spells
  readonly #stuck: Spells
  readonly #saturated: Spells
  readonly #duplicate: NoiseKey
  readonly #spike: NoiseKey
  readonly #signal: NoiseKey
  readonly #signalDbm: number
  readonly #clockSetMs: number
  readonly #clockPhaseMs: number
  /** Milliseconds that a battery lasts, and where in its life it was at time 0; null for a box on the mains. */
  readonly #battery: { lifeMs: number; phaseMs: number } | null

  constructor(seed: number, name: string, options: { onBattery: boolean }) {
    const key = noiseKey(seed, `imperfections ${name}`)
    const random = createRandom(key)
    const spells = (what: keyof typeof habits): Spells => new Spells(noiseKey(key, what), habits[what])
    this.#wifi = spells('wifiLost')
    this.#reboot = spells('reboot')
    this.#unplugged = spells('unplugged')
    this.#stuck = spells('stuck')
    this.#saturated = spells('saturated')
    this.#duplicate = noiseKey(key, 'duplicate')
    this.#spike = noiseKey(key, 'spike')
    this.#signal = noiseKey(key, 'signal')
    this.#signalDbm = random.between(-82, -48)
    this.keepsBacklog = random.chance(0.8)
    const isPoorClock = random.chance(poorClockProbability)
    this.driftPpm = isPoorClock ? poorClockPpm : random.normal(0, driftPpmDeviation)
    this.#clockSetMs = isPoorClock ? poorClockSetMs : clockSetMs
    this.#clockPhaseMs = random.between(0, this.#clockSetMs)
    const lifeMs = random.between(45, 130) * dayMs
    this.#battery = options.onBattery ? { lifeMs, phaseMs: random.between(0, lifeMs) } : null
  }

  /** Nothing is measured: it boots, somebody needed the socket, or the battery is flat. */
  isOff(t: number): boolean {
    return this.#reboot.at(t) !== null || this.#unplugged.at(t) !== null || this.isFlat(t)
  }

  wifiLost(t: number): Spell | null {
    return this.#wifi.at(t)
  }

  /** When the value that the sensor repeats was measured; null while it works. */
  stuckSince(t: number): number | null {
    return this.#stuck.at(t)?.from ?? null
  }

  isSaturated(t: number): boolean {
    return this.#saturated.at(t) !== null
  }

  /** 0 without a spike, else up to 1: smoke blown at the box, a hand on the microphone. */
  spike(t: number): number {
    const bin = Math.floor(t / spikeBinMs)
    if (uniformAt(this.#spike, bin) >= spikeProbability) return 0
    return 0.3 + 0.7 * uniformAt(this.#spike, bin ^ 0x2aaaaa)
  }

  /** The acknowledgement was lost, so the reading is sent again. */
  isSentTwice(t: number): boolean {
    return uniformAt(this.#duplicate, Math.floor(t / 1_000)) < duplicateProbability
  }

  /** How far the box's clock is ahead of the truth. */
  clockErrorMs(t: number): number {
    const sinceSetMs = (((t - this.#clockPhaseMs) % this.#clockSetMs) + this.#clockSetMs) % this.#clockSetMs
    return Math.round((sinceSetMs * this.driftPpm) / 1e6)
  }

  /** When it was last switched on. */
  bootedAt(t: number): number {
    const { periodMs } = habits.reboot
    for (let back = 0; back < rebootPeriodsBack; back++) {
      const spell = this.#reboot.inPeriodOf(t - back * periodMs)
      if (spell && spell.until <= t) return spell.until
    }
    return t - rebootPeriodsBack * periodMs
  }

  /** 100 to 0; a box on the mains has none. */
  batteryPct(t: number): number | null {
    if (!this.#battery) return null
    const used =
      (((t + this.#battery.phaseMs) % this.#battery.lifeMs) + this.#battery.lifeMs) % this.#battery.lifeMs
    const part = used / this.#battery.lifeMs
    // A lithium cell's gauge holds long and falls fast at the end.
    return 100 * (1 - part ** 1.4)
  }

  /** Below 3 % the regulator gives up; the last percents of the gauge are the days until somebody charges it. */
  isFlat(t: number): boolean {
    const battery = this.batteryPct(t)
    return battery !== null && battery < 3
  }

  rssiDbm(t: number): number {
    const bin = Math.floor(t / minuteMs)
    return Math.round(Math.min(-32, Math.max(-93, this.#signalDbm + 3 * normalAt(this.#signal, bin))))
  }
}
