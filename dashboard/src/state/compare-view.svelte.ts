/** What the page of comparisons holds: the streets to choose from, the lines that are drawn, and a change beside its control. */
import type { StreetDetail, StreetSummary } from '../../../contract/street.ts'
import type { BeforeAfter } from '../../../contract/trend.ts'
import type { Quantity } from '../../../model/quantity.ts'
import { siteLine } from '../chart/columns.ts'
import { emptyMiddle, shifted, streetLine } from '../chart/lines.ts'
import {
  fetchBeforeAfter,
  fetchSiteSeries,
  fetchStreet,
  fetchStreets,
  fetchStreetSeries
} from '../fetch/hub.ts'
import type { Range } from '../range.ts'
import { Resource } from './resource.svelte.ts'
import type { Drawn } from './street-view.svelte.ts'

/** One line: a street's median, one sensor, or a street's median of an earlier time. */
export interface CompareLine {
  kind: 'street' | 'site'
  id: string
  name: string
  /** By how much earlier it is than the range that is drawn. */
  earlierMs: number
}

export interface CompareAsked {
  quantity: Quantity
  range: Range
  window: 'hour' | 'day'
  zone: string
  lines: readonly CompareLine[]
}

export interface ChangeAsked {
  street: string
  control: string
  quantity: Quantity
  at: string
}

export class CompareView {
  readonly streets = new Resource<StreetSummary[]>(fetchStreets)
  #streetId = ''
  readonly street = new Resource<StreetDetail>((signal) => fetchStreet(this.#streetId, signal))
  #asked: CompareAsked | undefined
  readonly lines = new Resource<Drawn>((signal) => drawLines(this.#asked!, signal))
  #change: ChangeAsked | undefined
  readonly change = new Resource<BeforeAfter>((signal) => fetchBeforeAfter(this.#change!, signal))

  /** The sensors of one street, to choose from. */
  async lookInto(streetId: string): Promise<void> {
    this.#streetId = streetId
    await this.street.load()
  }

  async draw(asked: CompareAsked): Promise<void> {
    this.#asked = asked
    await this.lines.load()
  }

  async ask(change: ChangeAsked): Promise<void> {
    this.#change = change
    await this.change.load()
  }

  stop(): void {
    for (const one of [this.streets, this.street, this.lines, this.change]) one.stop()
  }
}

async function drawLines(asked: CompareAsked, signal: AbortSignal): Promise<Drawn> {
  const { quantity, range, window, zone } = asked
  const lines = await Promise.all(
    asked.lines.map(async ({ kind, id, name, earlierMs }) => {
      const request = { quantity, from: range.from - earlierMs, until: range.until - earlierMs, window }
      const line =
        kind === 'site'
          ? siteLine(id, name, await fetchSiteSeries(id, request, signal))
          : streetLine(id, name, await fetchStreetSeries(id, { ...request, placement: 'outdoor' }, signal))
      return shifted({ ...line, siteId: `${id} ${earlierMs}` }, -earlierMs)
    })
  )
  const shown = { quantity, range, window, zone, placement: 'outdoor', siteId: null } as const
  return { shown, middle: emptyMiddle(window), lines, alone: true }
}
