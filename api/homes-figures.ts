/** Indoor figures of a street: placeholder until the rule for homes is there. */
import type { TimeRange, Window } from '../model/columns.ts'
import type { Quantity } from '../model/quantity.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import type { ReadingReader } from '../store/store.ts'
import type { StreetSeries } from './contract.ts'
import type { Places } from './deps.ts'
import type { Figures } from './outdoor-figures.ts'

export interface HomesDeps {
  readings: Pick<ReadingReader, 'rollup'>
  places: Pick<Places, 'sites'>
  clock: Clock
  timezone: string
}
export function homesKey(_places: HomesDeps['places'], _streetId: string): string {
  return ''
}
export function homesFigures(_deps: HomesDeps, _streetId: string, _now: UnixMs): Promise<Figures> {
  return Promise.resolve({})
}
export function homesSeries(
  _deps: HomesDeps,
  _query: { streetId: string; quantity: Quantity; range: TimeRange; window: Window; grid: UnixMs[] }
): Promise<StreetSeries> {
  throw new Error('not yet')
}
