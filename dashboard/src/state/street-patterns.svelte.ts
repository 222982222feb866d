/** The shape of a street's time: its typical week, the days of the last 12 months, and for sound the parts of the day. */
import type { StreetSeries } from '../../../contract/series.ts'
import type { StreetNumbers } from '../../../contract/summary.ts'
import type { Profile } from '../../../contract/trend.ts'
import type { Quantity } from '../../../model/quantity.ts'
import { dayMs, dayStart, type UnixMs } from '../../../model/time.ts'
import { typicalWeekMsMin } from '../limits.ts'
import { fetchProfile, fetchStreetSeries, fetchStreetSummary } from '../fetch/hub.ts'
import { Resource } from './resource.svelte.ts'

export interface PatternsAsked {
  quantity: Quantity
  from: number
  until: number
  zone: string
}

export class StreetPatterns {
  readonly streetId: string
  #asked: PatternsAsked | undefined
  readonly week = new Resource<Profile>((signal) => this.#typical(this.#asked!, signal))
  readonly days = new Resource<StreetSeries>((signal) => this.#year(this.#asked!, signal))
  readonly noise = new Resource<StreetNumbers>((signal) =>
    fetchStreetSummary(this.streetId, this.#asked!, signal)
  )

  constructor(streetId: string) {
    this.streetId = streetId
  }

  load(asked: PatternsAsked): void {
    this.#asked = asked
    void this.week.load()
    void this.days.load()
    if (asked.quantity === 'laeq') void this.noise.load()
  }

  stop(): void {
    for (const one of [this.week, this.days, this.noise]) one.stop()
  }

  /** A week is typical of many: a shorter period than a season is made one. */
  #typical({ quantity, from, until }: PatternsAsked, signal: AbortSignal): Promise<Profile> {
    return fetchProfile(
      this.streetId,
      { quantity, from: Math.min(from, until - typicalWeekMsMin), until },
      signal
    )
  }

  /** Whole days up to today, whatever the chart shows: a calendar is of a year. */
  #year({ quantity, until, zone }: PatternsAsked, signal: AbortSignal): Promise<StreetSeries> {
    const from = dayStart((until - 364 * dayMs) as UnixMs, zone)
    return fetchStreetSeries(
      this.streetId,
      { quantity, from, until, window: 'day', placement: 'outdoor' },
      signal
    )
  }
}
