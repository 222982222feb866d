/** Which corrected hours are to be made: those whose sources are being made, and those whose correction changed. */
import { correctedOf, isCorrectable } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import { usesHumidity } from '../corrected.ts'
import type { Channel, Series } from '../memory/catalogue.ts'
import { wantedOf } from '../memory/corrections.ts'
import { readingsAnHour } from './hour-readings.ts'
import type { MarkedHour } from '../memory/marked-hours.ts'
import type { StoreMemory } from '../memory/memory.ts'
import { recorrectReadingsEnough, recorrectReadingsMax } from '../limits.ts'

export class CorrectedHours {
  readonly #source: Pick<StoreMemory, 'catalogue' | 'corrections' | 'clock'>
  readonly #hours = new Map<number, Set<number>>()
  /** Channels that no hour was ever made of before. */
  readonly newChannels: Channel[] = []

  constructor(source: Pick<StoreMemory, 'catalogue' | 'corrections' | 'clock'>) {
    this.#source = source
  }

  /** The corrected hours that are made of an hour: of its source, or of the humidity its correction asks for. */
  follow({ channelId, hour }: MarkedHour): void {
    const channel = this.#source.catalogue.channelById(channelId)
    if (!channel) return
    const { siteId, quantity } = channel
    if (isCorrectable(quantity)) this.#add(siteId, quantity, hour)
    if (quantity !== 'humidity') return
    for (const source of this.#sourcesWithHumidity(siteId)) {
      this.#add(siteId, source, hour)
      // The last humidity of an hour still counts for the first readings of the next.
      this.#add(siteId, source, this.#source.clock.hourEnd(hour))
    }
  }

  add({ channelId, hour }: MarkedHour): void {
    const hours = this.#hours.get(channelId)
    if (hours) hours.add(hour)
    else this.#hours.set(channelId, new Set([hour]))
  }

  all(): MarkedHour[] {
    return [...this.#hours].flatMap(([channelId, hours]) => [...hours].map((hour) => ({ channelId, hour })))
  }

  #sourcesWithHumidity(siteId: string) {
    const rows = this.#source.catalogue
      .channelsOf([siteId])
      .flatMap((channel) => this.#source.catalogue.seriesAt(siteId, channel.quantity))
      .flatMap((series) => this.#source.corrections.of(series).filter(usesHumidity))
    return new Set(rows.map(({ quantity }) => quantity))
  }

  #add(siteId: string, source: Parameters<typeof correctedOf>[0], hour: number): void {
    const { catalogue } = this.#source
    const quantity = correctedOf(source)
    let channel = catalogue.channel(siteId, quantity)
    if (!channel) {
      if (!catalogue.seriesAt(siteId, source).some((series) => this.#isCorrectedAt(series, hour))) return
      channel = catalogue.addChannel(siteId, quantity)
      this.newChannels.push(channel)
    }
    this.add({ channelId: channel.id, hour })
  }

  #isCorrectedAt(series: Series, hour: number): boolean {
    return this.#source.corrections
      .of(series)
      .some(
        ({ from, until }) =>
          (from ?? -Infinity) < this.#source.clock.hourEnd(hour) && hour < (until ?? Infinity)
      )
  }

  abandon(): void {
    for (const channel of this.newChannels) this.#source.catalogue.forgetChannel(channel)
  }
}

/** Hours whose correction changed, oldest first: closed ones up to a bite, and with the last of them the running ones. */
export function pickRecorrecting(
  memory: StoreMemory,
  now: UnixMs,
  limit: number
): { picked: MarkedHour[]; more: boolean } {
  const perHour = new Map<number, number>()
  let readings = 0
  let last = -Infinity
  const dayOf = (hour: number): number => memory.clock.dayStart(hour)
  const found = memory.recorrecting.closed(now, ({ channelId, hour }, picked) => {
    if (picked >= limit) return true
    if (hour > last && picked > 0) {
      if (readings > recorrectReadingsMax) return true
      if (readings > recorrectReadingsEnough && dayOf(hour) !== dayOf(last)) return true
    }
    last = hour
    const rate = perHour.get(channelId) ?? sourceRate(memory, channelId)
    perHour.set(channelId, rate)
    readings += rate
    return false
  })
  if (found.more) return found
  return { picked: [...found.picked, ...memory.recorrecting.running(now)], more: false }
}

/** Readings of an hour of the channel's sources; also where nothing corrects them any more, and hours are to go. */
function sourceRate(memory: StoreMemory, channelId: number): number {
  const channel = memory.catalogue.channelById(channelId)
  if (!channel) return 0
  return wantedOf(memory, channel.siteId, channel.quantity).reduce(
    (sum, { source }) => sum + readingsAnHour(memory.intervals.newest(source)),
    0
  )
}
