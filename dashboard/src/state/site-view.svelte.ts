/** What the page of one sensor holds: the sensor, and its lines as measured and corrected. */
import type { SiteDetail } from '../../../contract/street.ts'
import { correctedOf, isCorrectable, type Quantity } from '../../../model/quantity.ts'
import { siteLine } from '../chart/columns.ts'
import { fetchSite, fetchSiteSeries } from '../fetch/hub.ts'
import { emptyMiddle } from '../chart/lines.ts'
import type { Range } from '../range.ts'
import { Resource } from './resource.svelte.ts'
import { isDrawable } from '../../../words/series.ts'
import type { LeftOut } from '../../../contract/left-out.ts'
import type { Drawn } from './street-view.svelte.ts'

export interface SiteAsked {
  quantity: Quantity
  range: Range
  window: 'hour' | 'day'
  zone: string
  names: { raw: string; corrected: string }
}

export interface SiteDrawn {
  drawn: Drawn
  leftOut: LeftOut | undefined
}

export class SiteView {
  readonly siteId: string
  readonly site: Resource<SiteDetail>
  #asked: SiteAsked | undefined
  readonly lines = new Resource<SiteDrawn>((signal) => this.#draw(this.#asked!, signal))

  constructor(siteId: string) {
    this.siteId = siteId
    this.site = new Resource((signal) => fetchSite(siteId, signal))
  }

  /** Raw readings where the period is short, hours or days beyond. */
  async draw(asked: SiteAsked): Promise<void> {
    this.#asked = asked
    await this.lines.load()
  }

  stop(): void {
    this.site.stop()
    this.lines.stop()
  }

  async #draw({ quantity, range, window, zone, names }: SiteAsked, signal: AbortSignal): Promise<SiteDrawn> {
    const { from, until } = range
    const ask = (name: Quantity) =>
      fetchSiteSeries(this.siteId, { quantity: name, from, until, window }, signal)
    const [raw, corrected] = await Promise.all([
      ask(quantity),
      isCorrectable(quantity) ? ask(correctedOf(quantity)) : undefined
    ])
    const lines = [
      siteLine('raw', names.raw, raw),
      ...(corrected ? [siteLine('corrected', names.corrected, corrected)].filter(isDrawable) : [])
    ]
    const shown = { quantity, range, window, zone, placement: 'outdoor', siteId: null } as const
    return { drawn: { shown, middle: emptyMiddle(window), lines, alone: true }, leftOut: raw.leftOut }
  }
}
