/** What people do with water at home, day by day: showers, cooking, clothes on the rack, sleep. */
import { isWeekend, weekdayOf } from './calendar.ts'
import type { HomeProfile } from './home-profile.ts'
import { createRandom, noiseKey, type NoiseKey, type Random } from './random.ts'

/** Vapour given off from `hour` for `hours`, lifting the room by up to `gramsM3` and leaving with the ventilation. */
interface Release {
  hour: number
  hours: number
  gramsM3: number
}

export class MoisturePlan {
  readonly #profile: HomeProfile
  readonly #key: NoiseKey
  readonly #airingHours: number
  #day = NaN
  /** Of the day and of the day before it, whose hours are counted from this day's midnight. */
  #releases: Release[] = []

  constructor(homeKey: NoiseKey, profile: HomeProfile) {
    this.#profile = profile
    this.#key = noiseKey(homeKey, 'moisture')
    // Walls and furniture take up vapour and give it back: the room dries three times slower than its air changes.
    this.#airingHours = Math.min(5, 1.3 / profile.airChanges)
  }

  /** Grams in a cubic metre above what the home always has. */
  vapourAt(localDay: number, localHour: number): number {
    if (localDay !== this.#day) {
      const yesterday = this.#plan(localDay - 1).map((r) => ({ ...r, hour: r.hour - 24 }))
      this.#releases = [...yesterday, ...this.#plan(localDay)]
      this.#day = localDay
    }
    let sum = 0
    for (const release of this.#releases) sum += this.#left(release, localHour)
    return sum
  }

  /** A room filling and airing with one time constant: up while it lasts, down afterwards. */
  #left({ hour, hours, gramsM3 }: Release, at: number): number {
    const since = at - hour
    if (since <= 0) return 0
    const airing = this.#airingHours
    if (since < hours) return gramsM3 * (1 - Math.exp(-since / airing))
    const after = (since - hours) / airing
    return after > 7 ? 0 : gramsM3 * (1 - Math.exp(-hours / airing)) * Math.exp(-after)
  }

  #plan(day: number): Release[] {
    const random = createRandom(noiseKey(this.#key, String(day)))
    const isFree = isWeekend(weekdayOf(day))
    const releases: Release[] = [...this.#showers(random, isFree), ...this.#meals(random, isFree)]
    if (random.chance(this.#profile.dryingDaysInTen / 10))
      releases.push({
        hour: random.between(8, 19),
        hours: random.between(8, 12),
        gramsM3: random.between(1, 1.8)
      })
    releases.push({ hour: 22.5, hours: 8, gramsM3: 0.25 * this.#profile.people })
    return releases
  }

  #showers(random: Random, isFree: boolean): Release[] {
    const count = Math.min(6, random.poisson(this.#profile.people * 0.65))
    return Array.from({ length: count }, () => ({
      hour: random.chance(0.65) ? random.between(6.3, isFree ? 10.5 : 8) : random.between(19.5, 22.5),
      hours: 0.2,
      gramsM3: random.between(4, 8)
    }))
  }

  #meals(random: Random, isFree: boolean): Release[] {
    const people = 0.7 + 0.15 * this.#profile.people
    const supper = { hour: random.between(17.3, 19.2), hours: 0.7, gramsM3: random.between(2, 4.5) * people }
    const breakfast = { hour: random.between(6.8, isFree ? 10 : 8), hours: 0.25, gramsM3: 1.5 * people }
    const lunch = { hour: random.between(12, 13.5), hours: 0.4, gramsM3: random.between(1.5, 3) * people }
    return isFree ? [breakfast, lunch, supper] : [breakfast, supper]
  }
}
