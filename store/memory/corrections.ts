/** Which corrections hold for which series: what every store keeps of them in memory. */
import type { CorrectionRow } from '../../model/correction.ts'
import { correctedOf, sourceOf, type Quantity } from '../../model/quantity.ts'
import type { Catalogue, Channel, Series } from './catalogue.ts'
import type { Intervals } from './intervals.ts'
import { correctionsOf, usesHumidity, type CorrectedColumns, type ReadingColumns } from '../corrected.ts'

export class Corrections {
  #rows: readonly CorrectionRow[] = []
  #bySeries = new WeakMap<Series, CorrectionRow[]>()
  get rows(): readonly CorrectionRow[] {
    return this.#rows
  }

  take(rows: readonly CorrectionRow[]): void {
    this.#rows = rows
    this.#bySeries = new WeakMap()
  }

  /** Those for the readings of a source's series; most series have none. */
  of(series: Series): readonly CorrectionRow[] {
    if (this.#rows.length === 0) return []
    let found = this.#bySeries.get(series)
    if (!found) {
      const { deviceId, channel } = series
      found = correctionsOf(this.#rows, { siteId: channel.siteId, quantity: channel.quantity, deviceId })
      this.#bySeries.set(series, found)
    }
    return found
  }

  /** Rows that are not the same in `rows`, as they were and as they will be: the hours of their periods change. */
  changed(rows: readonly CorrectionRow[]): CorrectionRow[] {
    const before = new Map(this.#rows.map((row) => [JSON.stringify(row), row]))
    const after = new Map(rows.map((row) => [JSON.stringify(row), row]))
    return [
      ...[...before].filter(([text]) => !after.has(text)),
      ...[...after].filter(([text]) => !before.has(text))
    ].map(([, row]) => row)
  }
}

/** The sources' series that a row is for. */
export function seriesOfRow(catalogue: Catalogue, row: CorrectionRow): Series[] {
  return catalogue
    .seriesOfDevice(row.deviceId)
    .filter(
      ({ channel }) =>
        channel.quantity === row.quantity && (row.siteId === null || row.siteId === channel.siteId)
    )
}

/** What readings of a corrected channel are made of, for one device. */
export interface CorrectedSeries {
  /** Of an id that is no channel's while no hour of it was made. */
  channel: Channel
  source: Series
  /** undefined where no formula asks for it, or the device measures none. */
  humidity: Series | undefined
  rows: readonly CorrectionRow[]
}

/** A corrected series with the readings of its source, and what was made of them. */
export interface ComputedSeries {
  of: CorrectedSeries
  source: ReadingColumns
  columns: CorrectedColumns
}

/** What corrected numbers are made from; every store brings it. */
export interface CorrectionSource {
  readonly catalogue: Catalogue
  readonly corrections: Corrections
  readonly intervals: Intervals
  /** Reads the sources within the stretches and computes: see corrected.ts. In the order of `wanted`. */
  compute(
    wanted: readonly CorrectedSeries[],
    stretches: readonly (readonly [from: number, until: number])[]
  ): Promise<ComputedSeries[]>
}

type Known = Pick<CorrectionSource, 'catalogue' | 'corrections'>

/** By device; none where the quantity is measured, or nothing corrects it. `rows` instead of those that hold. */
export function wantedOf(
  { catalogue, corrections }: Known,
  siteId: string,
  quantity: Quantity,
  rows?: readonly CorrectionRow[]
): CorrectedSeries[] {
  const source = sourceOf(quantity)
  if (!source) return []
  const channel = catalogue.channel(siteId, quantity) ?? unmade(siteId, quantity)
  return catalogue.seriesAt(siteId, source).flatMap((series) => {
    const { deviceId } = series
    const own = rows ? correctionsOf(rows, { siteId, deviceId, quantity: source }) : corrections.of(series)
    if (own.length === 0) return []
    const humidity = own.some(usesHumidity) ? catalogue.series(siteId, deviceId, 'humidity') : undefined
    return [{ channel, source: series, humidity, rows: own }]
  })
}

function unmade(siteId: string, quantity: Quantity): Channel {
  return { id: 0, siteId, quantity, latest: undefined }
}

/** Corrected channels of sites, whether or not an hour of them was made yet. */
export function correctedChannels({ catalogue, corrections }: Known, siteIds?: readonly string[]): Channel[] {
  const quantities = new Set(corrections.rows.map((row) => correctedOf(row.quantity)))
  const sites = new Set(siteIds ?? catalogue.siteIds())
  return [...sites].flatMap((siteId) =>
    [...quantities].map((quantity) => catalogue.channel(siteId, quantity) ?? unmade(siteId, quantity))
  )
}
