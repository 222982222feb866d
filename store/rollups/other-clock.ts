/** Tells windows of the hub's clock from those that were made by the clock before it. */
import type { RollupColumns, Window } from '../../model/columns.ts'
import type { ClockHours } from '../../model/time.ts'

export function otherClockOf(
  clock: ClockHours,
  window: Window,
  time: readonly number[]
): Pick<RollupColumns, 'otherClock'> {
  const startOf = (at: number): number => (window === 'hour' ? clock.hourStart(at) : clock.dayStart(at))
  const otherClock = time.map((at) => startOf(at) !== at)
  return otherClock.includes(true) ? { otherClock } : {}
}
