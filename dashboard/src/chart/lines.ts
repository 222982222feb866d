/** Charts of lines alone, without a street's median. */
import type { Middle } from '../state/street-view.svelte.ts'
import type { SiteLine } from '../../../words/series.ts'
import type { StreetSeries } from '../../../contract/series.ts'

export function emptyMiddle(window: 'hour' | 'day'): Middle {
  return {
    window,
    basis: 'sites',
    sitesNeeded: 0,
    time: [],
    median: [],
    p25: [],
    p75: [],
    sites: [],
    coverage: []
  }
}

/** A street's median as one line among others. */
export function streetLine(streetId: string, name: string, series: StreetSeries): SiteLine {
  const { window, time, median, coverage } = series
  return { siteId: streetId, name, window, time, value: median, coverage }
}

/** The same line `offset` earlier, so that two periods lie on each other. */
export function shifted(line: SiteLine, offset: number): SiteLine {
  return { ...line, time: line.time.map((at) => at - offset) }
}
