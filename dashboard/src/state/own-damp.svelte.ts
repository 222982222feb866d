/** Damp in the rooms of a host over the period that was chosen; asked for before anything else of the page. */
import { untrack } from 'svelte'
import { dayMs } from '../../../model/time.ts'
import { fetchOwnDamp } from '../fetch/own.ts'
import { Resource } from './resource.svelte.ts'

export const dampRangeDays = { '7d': 7, '30d': 30, '90d': 90, year: 365 } as const
export type DampRange = keyof typeof dampRangeDays

export class OwnDampView {
  rangeName = $state<DampRange>('30d')
  readonly #now: () => number
  /** Up to the moment at which it is asked for, so that the chart shows the range that was asked. */
  readonly range = $derived.by(() => {
    const until = untrack(() => this.#now())
    return { from: until - dampRangeDays[this.rangeName] * dayMs, until }
  })
  readonly rooms = new Resource((signal) => fetchOwnDamp(signal, this.range))

  constructor(now: () => number) {
    this.#now = now
  }

  load(): Promise<void> {
    return this.rooms.load()
  }
}
