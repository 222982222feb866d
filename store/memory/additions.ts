/** What a batch adds to the catalogue: it stays when the batch is on disk, or is forgotten with it. */
import type { Catalogue, Channel, Series } from './catalogue.ts'
import type { Reading } from '../../model/reading.ts'

export class Additions {
  readonly channels: Channel[] = []
  readonly series: Series[] = []
  readonly #catalogue: Catalogue

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
  }

  /** The series of a reading, which is added where it is not known yet. */
  seriesOf({ siteId, deviceId, quantity }: Pick<Reading, 'siteId' | 'deviceId' | 'quantity'>): Series {
    const known = this.#catalogue.series(siteId, deviceId, quantity)
    if (known) return known
    const { series, channelIsNew } = this.#catalogue.add(siteId, deviceId, quantity)
    this.series.push(series)
    if (channelIsNew) this.channels.push(series.channel)
    return series
  }

  abandon(): void {
    for (const series of this.series) this.#catalogue.forgetSeries(series)
    for (const channel of this.channels) this.#catalogue.forgetChannel(channel)
  }
}
