/** Sound in a street: traffic by hour, what is left without it, and the single events that wake people. */
import { hourMs, minuteMs } from '../model/time.ts'
import { isWeekend } from './calendar.ts'
import type { Moment } from './environment.ts'
import { createRandom, noiseKey, normalAt, smoothAt, uniformAt, type NoiseKey } from './random.ts'
import { bonfireStrength, type Story } from './scenario.ts'
import type { StreetCharacter } from './street-kind.ts'
import { clamp01 } from './weather.ts'

/** Levels of ten minutes in dB(A), LA10 ≥ LA50 ≥ LA90 as exceeded for 10, 50 and 90 % of the time. */
export interface NoiseSample {
  laeq: number
  lamin: number
  lamax: number
  la10: number
  la50: number
  la90: number
}

/** An event is heard by all readings of its two minutes, whatever the interval they are taken at. */
const eventBinMs = 2 * minuteMs

/** An ICS-43434 hears nothing below its own noise of 29 dB(A). */
const selfNoiseDb = 29

export class NoiseSite {
  readonly #street: StreetCharacter
  readonly #story: Story
  readonly #wander: NoiseKey
  readonly #sample: NoiseKey
  readonly #event: NoiseKey
  readonly #placeDb: number
  readonly #collection: { weekday: number; hour: number }

  constructor(seed: number, name: string, streetName: string, street: StreetCharacter, story: Story) {
    const key = noiseKey(seed, `noise site ${name}`)
    this.#street = street
    this.#story = story
    this.#wander = noiseKey(key, 'wander')
    this.#sample = noiseKey(key, 'sample')
    // Neighbours hear the same siren: the street decides when, the site only how loud.
    this.#event = noiseKey(seed, `noise event ${streetName}`)
    // How far from the kerb, and whether a wall reflects behind it.
    this.#placeDb = createRandom(key).normal(0, 1.1)
    const streetRandom = createRandom(this.#event)
    this.#collection = { weekday: streetRandom.whole(1, 5), hour: streetRandom.between(6.6, 9) }
  }

  at(moment: Moment, into: NoiseSample): void {
    const street = this.#street
    const seconds = Math.floor(moment.t / 1_000)
    const minutes = moment.t / minuteMs
    const flow = moment.trafficFlow * (1 + 0.25 * smoothAt(this.#wander, minutes / 35))
    // Tyres are about 2 dB louder on a wet road.
    const trafficDb =
      street.trafficDb + street.trafficDbPerDecade * Math.log10(flow) + 2 * clamp01(moment.rainMmH * 2)
    const steadyDb = addDb(addDb(trafficDb, this.#people(moment)), this.#floorDb(moment)) + this.#placeDb
    const baseDb = steadyDb + 0.6 * normalAt(this.#sample, seconds)

    // For levels spread normally LAeq = LA50 + 0.115 σ² and LA10 = LA50 + 1.28 σ (Griffiths and Langdon 1968).
    const quietPart = clamp01((baseDb - this.#floorDb(moment) - this.#placeDb) / 12)
    const spread = 1 + (street.spreadDb - 1) * quietPart
    const la50 = baseDb - 0.115 * spread * spread
    const la90 = la50 - 1.28 * spread
    const la10 = la50 + 1.28 * spread
    const eventDb = this.#eventDb(moment)
    const peakDb = la10 + 4 + 3.5 * Math.abs(normalAt(this.#sample, seconds ^ 0x3c6e))

    // An event of some 10 s in ten minutes carries 10·lg(10/600) = −18 dB into LAeq.
    into.laeq = heard(addDb(baseDb, eventDb - 18))
    into.lamin = heard(la90 - 1.2 - 1.1 * Math.abs(normalAt(this.#sample, seconds ^ 0x1b87)))
    into.lamax = heard(Math.max(peakDb, eventDb, into.laeq + 2))
    into.la10 = heard(la10)
    into.la50 = heard(la50)
    into.la90 = heard(la90)
  }

  /** Wind in leaves and around the microphone rises with its speed; nights are a little quieter without it. */
  #floorDb(moment: Moment): number {
    const night = moment.localHour < 5 ? 1.5 : 0
    return this.#street.floorDb - night + 1.5 * Math.max(0, moment.windMs - 1.5)
  }

  /** Children and cars at the school gate, pubs on Friday and Saturday nights, fireworks: decibels of their own. */
  #people(moment: Moment): number {
    let level = 0
    if (moment.schoolRun > 0 && this.#street.school > 0)
      level = 68 + 10 * Math.log10(moment.schoolRun * this.#street.school + 1e-4)
    const night = nightlife(moment.localHour, moment.weekday) * this.#street.nightlife
    if (night > 0) level = addDb(level, 63 + 10 * Math.log10(night + 1e-4))
    for (const { at, size } of this.#story.bonfires) {
      const since = moment.t - at
      if (since < 4.5 * hourMs) level = addDb(level, 57 * Math.min(1, 0.6 + size * bonfireStrength(since)))
    }
    return level
  }

  /** Level of the loudest event that lasts into this moment; 0 when there is none. */
  #eventDb(moment: Moment): number {
    const bin = Math.floor(moment.t / eventBinMs)
    const awake = moment.localHour < 6 ? 0.16 : moment.localHour < 7 || moment.localHour > 22.5 ? 0.45 : 1
    const lazy = isWeekend(moment.weekday) ? 0.8 : 1
    const expected = this.#street.eventsPerHour * awake * lazy * (eventBinMs / hourMs)
    const binsOfCollection =
      moment.weekday === this.#collection.weekday && Math.abs(moment.localHour - this.#collection.hour) < 0.12
    if (binsOfCollection) return 79 + this.#placeDb
    if (uniformAt(this.#event, bin) >= 1 - Math.exp(-expected)) return 0
    return 69 + 14 * uniformAt(this.#event, bin ^ 0x55555) ** 2 + this.#placeDb
  }
}

/** 0 to 1: from nine in the evening until half past one, on the evenings of Friday and Saturday. */
function nightlife(localHour: number, weekday: number): number {
  const lateOfEvening = localHour >= 21 && (weekday === 5 || weekday === 6)
  const afterMidnight = localHour < 1.5 && (weekday === 6 || weekday === 0)
  if (!lateOfEvening && !afterMidnight) return 0
  const since = (localHour - 21 + 24) % 24
  return Math.sin((Math.PI * since) / 4.5)
}

/** Two sounds at once: their energies add. */
export function addDb(a: number, b: number): number {
  const louder = Math.max(a, b)
  const gap = Math.abs(a - b)
  return gap > 40 ? louder : louder + 10 * Math.log10(1 + 10 ** (-gap / 10))
}

/** What the microphone makes of it: its own noise added, its overload at 120 dB. */
function heard(level: number): number {
  return Math.min(120, addDb(level, selfNoiseDb))
}
