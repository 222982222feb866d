/** How far it is with hours that are made again: because corrections changed, the hub's clock, or how hours are made. */
import type { Recomputing } from '../promise/read.ts'

export class RecomputingProgress {
  /** All measured hours are made again, not only the corrected ones that wait. */
  isAll = false
  /** Most hours that were left of a channel since it began. */
  readonly #mostOf = new Map<number, number>()

  begin(isAll = this.isAll): void {
    this.isAll = isAll
    this.#mostOf.clear()
  }

  /** By channel how many hours are left. Called once for all when it begins, so that the whole is known before work does. */
  of(left: Iterable<readonly [channelId: number, hoursLeft: number]>): Recomputing {
    const sum = { hoursLeft: 0, hoursTotal: 0 }
    for (const [channelId, hoursLeft] of left) {
      const most = Math.max(this.#mostOf.get(channelId) ?? 0, hoursLeft)
      if (most > 0) this.#mostOf.set(channelId, most)
      sum.hoursLeft += hoursLeft
      sum.hoursTotal += most
    }
    return sum
  }
}
