/** What files of a chart are called: which street and which days, so that they can be told apart in a folder. */
import type { Shown } from '../state/street-view.svelte.ts'
import { isoDate } from '../range.ts'

/** "ashley-road-pm2_5-hour-2026-11-23-to-2026-11-30". */
export function fileStem(name: string, { quantity, window, range, zone }: Shown): string {
  return [name, quantity, window, isoDate(range.from, zone), 'to', isoDate(range.until - 1, zone)].join('-')
}
