/** When a home is heated, and how warm it is because of that, in closed form so that any moment can be asked for. */
import { dayMs, hourMs, minuteMs } from '../model/time.ts'
import type { HomeProfile } from './home-profile.ts'
import { isWeekend, weekdayOf } from './calendar.ts'
import { createRandom, noiseKey, uniformAt, type NoiseKey } from './random.ts'

/** From `localMs` on, the room goes exponentially from `startC` towards `goalC` (never past `heldC` while heated). */
interface Stretch {
  localMs: number
  startC: number
  goalC: number
  timeMs: number
  heldC: number
}

/** Radiators lift a room by about two degrees in the first hour. */
const warmingMs = 2.2 * hourMs
const radiatorLiftC = 9

/** Days computed before the one asked for: after eight, less than 1 % of a wrong start is left even where nothing heats. */
const runInDays = 8

export class HeatingPlan {
  readonly #profile: HomeProfile
  readonly #outdoorC: (localMs: number) => number
  readonly #key: NoiseKey
  readonly #habit: { wake: number; leave: number; back: number; bed: number }
  #day = NaN
  #stretches: Stretch[] = []

  constructor(homeKey: NoiseKey, profile: HomeProfile, outdoorC: (localMs: number) => number) {
    this.#profile = profile
    this.#outdoorC = outdoorC
    this.#key = noiseKey(homeKey, 'heating')
    const random = createRandom(this.#key)
    this.#habit = {
      wake: random.between(5.9, 7.3),
      leave: random.between(8.2, 9.2),
      back: random.between(15.5, 17.8),
      bed: random.between(21.5, 23)
    }
  }

  temperatureAt(localMs: number, localDay: number): number {
    if (localDay !== this.#day) {
      this.#stretches = this.#plan(localDay)
      this.#day = localDay
    }
    const stretches = this.#stretches
    let i = stretches.length - 1
    while (i > 0 && stretches[i]!.localMs > localMs) i--
    return roomC(stretches[i]!, localMs)
  }

  #plan(localDay: number): Stretch[] {
    const firstDay = localDay - runInDays
    const stretches: Stretch[] = []
    let startC = this.#profile.setpointC - 1
    for (let day = firstDay; day <= localDay; day++) {
      for (const [fromHour, isHeated] of this.#switches(day)) {
        const localMs = day * dayMs + fromHour * hourMs
        const before = stretches.at(-1)
        if (before) startC = roomC(before, localMs)
        stretches.push(this.#stretch(localMs, startC, isHeated))
      }
    }
    return stretches.filter((_s, i) => (stretches[i + 1]?.localMs ?? Infinity) > localDay * dayMs)
  }

  #stretch(localMs: number, startC: number, isHeated: boolean): Stretch {
    const { freeGainC, coolingMs, setpointC } = this.#profile
    // The outdoor wall temperature two hours in stands for the whole stretch; stretches are at most six hours long.
    const freeC = this.#outdoorC(localMs + 2 * hourMs) + freeGainC
    if (!isHeated || freeC >= setpointC || startC >= setpointC)
      return {
        localMs,
        startC,
        goalC: isHeated ? Math.max(freeC, setpointC) : freeC,
        timeMs: coolingMs,
        heldC: 99
      }
    return {
      localMs,
      startC,
      goalC: Math.min(setpointC, startC) + radiatorLiftC,
      timeMs: warmingMs * 2,
      heldC: setpointC
    }
  }

  /** Hours at which the heating goes on or off; cold homes heat for two hours in the evening, if at all. */
  #switches(day: number): (readonly [hour: number, isHeated: boolean])[] {
    const { wake, leave, back, bed } = this.#habit
    const late = 0.7 * (uniformAt(this.#key, day) - 0.5)
    if (this.#profile.fuelPoor) {
      const isSkipped = uniformAt(this.#key, day ^ 0x3ff3) < 0.2
      const from = back + 1.2 + late
      return [
        [0, false],
        [6, false],
        [12, false],
        [from, !isSkipped],
        [from + 2.5, false]
      ]
    }
    if (isWeekend(weekdayOf(day))) {
      return [
        [0, false],
        [wake + 1 + late, true],
        [leave + 4, true],
        [back, true],
        [bed + late / 2, false]
      ]
    }
    return [
      [0, false],
      [wake + late / 2, true],
      [leave + late, false],
      [12.5, false],
      [back + late, true],
      [bed, false]
    ]
  }
}

function roomC(stretch: Stretch, localMs: number): number {
  const left = Math.exp(-Math.max(0, localMs - stretch.localMs) / stretch.timeMs)
  const free = stretch.goalC + (stretch.startC - stretch.goalC) * left
  if (free <= stretch.heldC) return free
  // The thermostat lets the room swing by a third of a degree every 25 minutes.
  return stretch.heldC + 0.17 * Math.sin((2 * Math.PI * localMs) / (25 * minuteMs))
}
