/** Hours and days computed again at work: every ten seconds, in pieces that let readings be written between them. */
import { rollupPauseMsMax, rollupRunningMs } from '../../model/limits.ts'
import type { Clock } from '../../model/time.ts'
import type { ReadingKeeper, RefreshedRollups, TouchedWindow } from '../../store/promise/keep.ts'
import type { StoreUnavailable } from '../../store/promise/unavailable.ts'
import { keepDoing, type Recurring } from '../../recurring.ts'
import { orNothing } from './or-nothing.ts'

export interface RollupDeps {
  store: Pick<ReadingKeeper, 'refreshRollups'>
  clock: Clock
  /** What the store must know first. */
  before(): Promise<void>
  touched(touched: TouchedWindow[]): void
  /** How often a device measures, learnt from its readings. */
  intervalLearnt(learnt: RefreshedRollups['learnt'][number]): void
  unavailable(cause: StoreUnavailable): void
  onBug(cause: unknown): void
}

export function keepRollupsFresh(deps: RollupDeps): Recurring<void> {
  const { store, clock, before, touched, intervalLearnt, unavailable, onBug } = deps
  return keepDoing({
    async work(stopping) {
      await before()
      for (let more = true; more && !stopping.aborted;) {
        const result = await store.refreshRollups(clock.now())
        if (result.touched.length > 0) touched(result.touched)
        result.learnt.forEach(intervalLearnt)
        more = result.more
      }
    },
    failed: orNothing(undefined, unavailable),
    untilNextMs: rollupPauseMs,
    onBug
  })
}

/** Four times as long as the work took: while a backlog is written, rollups leave most of this thread to it. */
function rollupPauseMs(tookMs: number): number {
  return Math.min(Math.max(rollupRunningMs, 4 * tookMs), rollupPauseMsMax)
}
