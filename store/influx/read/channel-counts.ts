/** How many readings a site has of a quantity, counted by the server. */
import type { TimeRange, Window } from '../../../model/columns.ts'
import { countReadings } from '../../counting.ts'
import type { Channel } from '../../memory/catalogue.ts'
import type { ChannelCount, CountsQuery } from '../../promise/read.ts'
import { rollupColumns } from '../../rollups/answers.ts'
import type { Core } from '../core.ts'
import { countBySeries } from './counts.ts'

const doing = 'counting readings'

export function counts(core: Core, query: CountsQuery): Promise<ChannelCount[]> {
  return countReadings(core, query, {
    readings: (series, range) => core.read(doing, () => countBySeries(core, doing, series, range)),
    windows: (window, channels, range) => readingsByChannel(core, window, channels, range)
  })
}

/** By channel what hours or days were made of, failed readings too. */
export async function readingsByChannel(
  core: Core,
  window: Window,
  channels: readonly Channel[],
  range: TimeRange
): Promise<Map<Channel, number>> {
  const found = await rollupColumns(core, window, { channels, range }, ['count', 'failed'])
  return new Map(
    [...found].map(([channel, { columns }]) => {
      let readings = 0
      for (const column of columns.values()) for (const count of column) readings += count
      return [channel, readings]
    })
  )
}
