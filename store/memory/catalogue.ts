/** What a store keeps in memory: its dictionaries, how far each series reaches, and the newest reading of each channel. */
import type { Flag, Reasons } from '../../model/flag.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'
import type { LatestReading } from '../promise/read.ts'

/** A site and a quantity. */
export interface Channel {
  id: number
  siteId: string
  quantity: Quantity
  latest: Newest | undefined
}

/** The newest reading of a channel whose flag is not 4; at equal times that of the device with the higher id. */
export interface Newest {
  series: Series
  time: number
  value: number
  flag: Flag
  reasons: Reasons
}

/** A channel and a device. Every stored reading of it lies in [low, high]; outside of that nothing needs to be looked up. */
export interface Series {
  id: number
  channel: Channel
  deviceId: string
  low: number
  high: number
}

export class Catalogue {
  readonly #channels = new Map<number, Channel>()
  readonly #series = new Map<number, Series>()
  readonly #byPlace = new Map<string, Map<string, Map<Quantity, Series>>>()
  readonly #bySite = new Map<string, Map<Quantity, Channel>>()
  #lastChannel = 0
  #lastSeries = 0

  series(siteId: string, deviceId: string, quantity: Quantity): Series | undefined {
    return this.#byPlace.get(siteId)?.get(deviceId)?.get(quantity)
  }

  seriesById(id: number): Series | undefined {
    return this.#series.get(id)
  }

  channel(siteId: string, quantity: Quantity): Channel | undefined {
    return this.#bySite.get(siteId)?.get(quantity)
  }

  channelById(id: number): Channel | undefined {
    return this.#channels.get(id)
  }

  channelsOf(siteIds: Iterable<string>, quantities?: readonly Quantity[]): Channel[] {
    const found: Channel[] = []
    for (const siteId of siteIds) {
      for (const channel of this.#bySite.get(siteId)?.values() ?? []) {
        if (!quantities || quantities.includes(channel.quantity)) found.push(channel)
      }
    }
    return found
  }

  channels(): Iterable<Channel> {
    return this.#channels.values()
  }

  seriesOf(channels: Iterable<Channel>): Series[] {
    const wanted = new Set(channels)
    return [...this.#series.values()].filter((series) => wanted.has(series.channel))
  }

  allSeries(): Iterable<Series> {
    return this.#series.values()
  }

  seriesOfDevice(deviceId: string): Series[] {
    return [...this.#series.values()].filter((series) => series.deviceId === deviceId)
  }

  /** A series that is not on disk yet; whoever adds it writes it with its first reading, or forgets it. */
  add(siteId: string, deviceId: string, quantity: Quantity): { series: Series; channelIsNew: boolean } {
    const known = this.channel(siteId, quantity)
    const channel = known ?? this.putChannel(this.#lastChannel + 1, siteId, quantity)
    return { series: this.putSeries(this.#lastSeries + 1, channel, deviceId), channelIsNew: !known }
  }

  /** A channel without series of its own: that of a corrected quantity. */
  addChannel(siteId: string, quantity: Quantity): Channel {
    return this.channel(siteId, quantity) ?? this.putChannel(this.#lastChannel + 1, siteId, quantity)
  }

  /** Of one site and quantity, by device. */
  seriesAt(siteId: string, quantity: Quantity): Series[] {
    const found: Series[] = []
    for (const byQuantity of this.#byPlace.get(siteId)?.values() ?? []) {
      const series = byQuantity.get(quantity)
      if (series) found.push(series)
    }
    return found.sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1))
  }

  siteIds(): Iterable<string> {
    return this.#bySite.keys()
  }

  forgetSeries(series: Series): void {
    this.#series.delete(series.id)
    this.#byPlace.get(series.channel.siteId)?.get(series.deviceId)?.delete(series.channel.quantity)
  }

  forgetChannel(channel: Channel): void {
    for (const series of this.seriesOf([channel])) this.forgetSeries(series)
    this.#channels.delete(channel.id)
    this.#bySite.get(channel.siteId)?.delete(channel.quantity)
  }

  putChannel(id: number, siteId: string, quantity: Quantity): Channel {
    const channel: Channel = { id, siteId, quantity, latest: undefined }
    this.#lastChannel = Math.max(this.#lastChannel, id)
    this.#channels.set(id, channel)
    const site = this.#bySite.get(siteId) ?? new Map<Quantity, Channel>()
    this.#bySite.set(siteId, site.set(quantity, channel))
    return channel
  }

  putSeries(id: number, channel: Channel, deviceId: string): Series {
    const series: Series = { id, channel, deviceId, low: Infinity, high: -Infinity }
    this.#lastSeries = Math.max(this.#lastSeries, id)
    this.#series.set(id, series)
    const site = this.#byPlace.get(channel.siteId) ?? new Map<string, Map<Quantity, Series>>()
    const device = site.get(deviceId) ?? new Map<Quantity, Series>()
    this.#byPlace.set(channel.siteId, site.set(deviceId, device.set(channel.quantity, series)))
    return series
  }
}

/** Takes a reading (with a flag other than 4) as the newest of its channel, if it is. */
export function offerLatest(series: Series, time: number, value: number, flag: Flag, reasons: Reasons): void {
  const { channel } = series
  const known = channel.latest
  if (known && (known.time > time || (known.time === time && known.series.deviceId > series.deviceId))) return
  channel.latest = { series, time, value, flag, reasons }
}

export function latestReading(channel: Channel): LatestReading | undefined {
  const { latest } = channel
  if (!latest) return undefined
  return {
    siteId: channel.siteId,
    deviceId: latest.series.deviceId,
    quantity: channel.quantity,
    measuredAt: latest.time as UnixMs,
    value: latest.value,
    flag: latest.flag,
    reasons: latest.reasons
  }
}

export function asFlag(value: unknown): Flag {
  if (value === 1 || value === 2 || value === 3 || value === 4 || value === 9) return value
  throw new TypeError(`the database gave ${String(value)} where a flag stands`)
}
