/** Which device was installed at which site: each such pair is one row of lines in InfluxDB, whatever it measured. */
import type { Catalogue, Series } from '../../memory/catalogue.ts'
import type { Quantity } from '../../../model/quantity.ts'
import { tagsOf } from '../wire/line-protocol.ts'

export interface Mount {
  siteId: string
  deviceId: string
  /** As they stand in a line. */
  tags: string
  series: Map<Quantity, Series>
  /** Every line lies in [low, high]; outside of that nothing needs to be looked up. */
  low: number
  high: number
}

export class Mounts {
  readonly #bySite = new Map<string, Map<string, Mount>>()

  constructor(catalogue: Catalogue) {
    for (const series of catalogue.allSeries()) this.of(series)
  }

  find(siteId: string, deviceId: string): Mount | undefined {
    return this.#bySite.get(siteId)?.get(deviceId)
  }

  ofSites(siteIds: Iterable<string>): Mount[] {
    return [...siteIds].flatMap((siteId) => [...(this.#bySite.get(siteId)?.values() ?? [])])
  }

  ofSeries(series: Iterable<Series>): Mount[] {
    return [...new Set([...series].map((one) => this.of(one)))]
  }

  /** Made where it is new. */
  of(series: Series): Mount {
    const { siteId, quantity } = series.channel
    const { deviceId } = series
    const site = this.#bySite.get(siteId) ?? new Map<string, Mount>()
    this.#bySite.set(siteId, site)
    let mount = site.get(deviceId)
    if (!mount) {
      const tags = tagsOf({ site: siteId, device: deviceId })
      mount = { siteId, deviceId, tags, series: new Map(), low: Infinity, high: -Infinity }
      site.set(deviceId, mount)
    }
    if (mount.series.get(quantity) !== series) {
      mount.series.set(quantity, series)
      mount.low = Math.min(mount.low, series.low)
      mount.high = Math.max(mount.high, series.high)
    }
    return mount
  }

  /** Readings came: wider than need be is safe, it only costs a look-up. */
  widen(series: Series, low: number, high: number): void {
    const mount = this.of(series)
    series.low = Math.min(series.low, low)
    series.high = Math.max(series.high, high)
    mount.low = Math.min(mount.low, low)
    mount.high = Math.max(mount.high, high)
  }

  forgetSeries(series: Series): void {
    const site = this.#bySite.get(series.channel.siteId)
    const mount = site?.get(series.deviceId)
    mount?.series.delete(series.channel.quantity)
    if (mount?.series.size === 0) site?.delete(series.deviceId)
  }

  forgetSite(siteId: string): void {
    this.#bySite.delete(siteId)
  }
}
