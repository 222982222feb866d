/** Hours in which readings came, went or changed: marked in the state file first, then in memory. */
import type { ClockHours } from '../../../model/time.ts'
import type { MarkedHour } from '../../memory/marked-hours.ts'
import type { Core } from '../core.ts'

export class TouchedHours {
  readonly #hours = new Map<number, Set<number>>()
  readonly #clock: ClockHours

  constructor(clock: ClockHours) {
    this.#clock = clock
  }

  add(channelId: number, time: number): void {
    const hour = this.#clock.hourStart(time)
    const of = this.#hours.get(channelId)
    if (of) of.add(hour)
    else this.#hours.set(channelId, new Set([hour]))
  }

  *[Symbol.iterator](): Generator<MarkedHour> {
    for (const [channelId, hours] of this.#hours) for (const hour of hours) yield { channelId, hour }
  }

  /** Within a transaction of the state file; `keep` follows when that is through. */
  write(core: Core): void {
    core.state.mark(
      'dirty',
      [...this].filter((mark) => !core.dirty.has(mark))
    )
    core.state.mark(
      'unexamined',
      [...this].filter((mark) => !core.unexamined.has(mark))
    )
  }

  keep(core: Core): void {
    for (const mark of this) {
      core.dirty.mark(mark)
      core.unexamined.mark(mark)
    }
  }
}
