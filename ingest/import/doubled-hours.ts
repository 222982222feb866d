/**
 * The hour that a clock shows twice: which rows of a file are of its first round, which of its second. Told by the rows
 * around and by the order among them, whatever it is: oldest or newest first, rows repeated, several for one minute. Pure.
 */

/** Rows of one sensor that follow each other in a file and whose clock showed a doubled time. */
export interface DoubledRun {
  /** What the clock showed, in the order of the file. */
  wallMs: readonly number[]
  /** How far the second round lies behind the first: an hour, on Lord Howe half an hour. */
  laterMs: number
  /** The moments of the rows before and after, counted as if they were of the first round; null at an end of the file. */
  beforeMs: number | null
  afterMs: number | null
  /** How far rows lie apart. */
  intervalMs: number
}

/** Of each row of the run; null where the rows do not say it. */
export type Round = 'first' | 'second' | null

/** A step back in time among rows that go forward: a round that ends, or else disorder, which no file has much of. */
const backwardCost = 2
/** More than an interval without a row. */
const gapCost = 1
/** The same time again: a row that is repeated, or a clock that shows no seconds. Of a million together less than a gap. */
const repeatedCost = 2 ** -20
/** A step of up to so many intervals is no gap. */
export const gapIntervals = 1.5

/**
 * Forward in time, a run is a stretch of first rounds and then one of seconds. Each place where it may turn is weighed by
 * the steps that follow from it, for rows in either direction; where two of the best disagree about a row nobody can tell.
 * Where even the best has a fault, so may what another way explains by one fault more: that way counts as well.
 */
export function roundsOf(run: DoubledRun): Round[] {
  const forward = turnCosts(run)
  const { wallMs, beforeMs, afterMs } = run
  const backward = turnCosts({ ...run, wallMs: wallMs.toReversed(), beforeMs: afterMs, afterMs: beforeMs })
  const best = Math.min(...forward, ...backward)
  const costMax = best < gapCost ? best : Math.floor(best) + gapCost + (gapCost - repeatedCost)
  const count = run.wallMs.length
  const votes = {
    first: new Array<boolean>(count).fill(false),
    second: new Array<boolean>(count).fill(false)
  }
  const cast = (costs: readonly number[], place: (index: number) => number): void => {
    for (const [turn, cost] of costs.entries()) {
      if (cost > costMax) continue
      for (let i = 0; i < count; i++) votes[i < turn ? 'first' : 'second'][place(i)] = true
    }
  }
  cast(forward, (index) => index)
  cast(backward, (index) => count - 1 - index)
  return run.wallMs.map((_, i) =>
    votes.first[i] === votes.second[i] ? null : votes.first[i] ? 'first' : 'second'
  )
}

/** What it costs, by how many rows are of the first round. All sums are exact. */
function turnCosts({ wallMs, laterMs, beforeMs, afterMs, intervalMs }: DoubledRun): number[] {
  const count = wallMs.length
  const step = (from: number | null, to: number | null): number =>
    from === null || to === null ? 0 : costOf(to - from, intervalMs)
  // All steps within one round; at the turn one of them is another.
  let within = 0
  for (let i = 1; i < count; i++) within += step(wallMs[i - 1]!, wallMs[i]!)
  const costs: number[] = []
  for (let turn = 0; turn <= count; turn++) {
    const lateAt = (index: number): number => wallMs[index]! + (index < turn ? 0 : laterMs)
    let cost = within + step(beforeMs, lateAt(0)) + step(lateAt(count - 1), afterMs)
    if (turn > 0 && turn < count)
      cost += step(lateAt(turn - 1), lateAt(turn)) - step(wallMs[turn - 1]!, wallMs[turn]!)
    costs.push(cost)
  }
  return costs
}

function costOf(stepMs: number, intervalMs: number): number {
  if (stepMs < 0) return backwardCost
  if (stepMs === 0) return repeatedCost
  return stepMs > gapIntervals * intervalMs ? gapCost : 0
}
