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
const backwardCost = 10
/** More than an interval without a row. */
const gapCost = 1
/** The same time again: a row that is repeated, or a clock that shows no seconds. */
const repeatedCost = 0.2
/** A step of up to so many intervals is no gap. */
export const gapIntervals = 1.5

/**
 * Forward in time, a run is a stretch of first rounds and then one of seconds. Each place where it may turn is weighed by
 * the steps that follow from it, for rows in either direction; where two of the best disagree about a row nobody can tell.
 */
export function roundsOf(run: DoubledRun): Round[] {
  const forward = turnsOf(run)
  const { wallMs, beforeMs, afterMs } = run
  const backward = turnsOf({ ...run, wallMs: wallMs.toReversed(), beforeMs: afterMs, afterMs: beforeMs })
  const best = Math.min(forward.cost, backward.cost)
  const count = run.wallMs.length
  const votes = {
    first: new Array<boolean>(count).fill(false),
    second: new Array<boolean>(count).fill(false)
  }
  const cast = ({ cost, turns }: Turns, place: (index: number) => number): void => {
    if (cost > best + costTolerance) return
    for (const turn of turns) {
      for (let i = 0; i < count; i++) votes[i < turn ? 'first' : 'second'][place(i)] = true
    }
  }
  cast(forward, (index) => index)
  cast(backward, (index) => count - 1 - index)
  return run.wallMs.map((_, i) =>
    votes.first[i] === votes.second[i] ? null : votes.first[i] ? 'first' : 'second'
  )
}

/** Sums of a few tenths are compared. */
const costTolerance = 1e-6

interface Turns {
  cost: number
  /** How many rows are of the first round, for each way that costs no more. */
  turns: number[]
}

function turnsOf({ wallMs, laterMs, beforeMs, afterMs, intervalMs }: DoubledRun): Turns {
  const count = wallMs.length
  const step = (from: number | null, to: number | null): number =>
    from === null || to === null ? 0 : costOf(to - from, intervalMs)
  // All steps within one round; at the turn one of them is another.
  let within = 0
  for (let i = 1; i < count; i++) within += step(wallMs[i - 1]!, wallMs[i]!)
  let best: Turns = { cost: Infinity, turns: [] }
  for (let turn = 0; turn <= count; turn++) {
    const lateAt = (index: number): number => wallMs[index]! + (index < turn ? 0 : laterMs)
    let cost = within + step(beforeMs, lateAt(0)) + step(lateAt(count - 1), afterMs)
    if (turn > 0 && turn < count)
      cost += step(lateAt(turn - 1), lateAt(turn)) - step(wallMs[turn - 1]!, wallMs[turn]!)
    if (cost < best.cost - costTolerance) best = { cost, turns: [turn] }
    else if (cost <= best.cost + costTolerance) best.turns.push(turn)
  }
  return best
}

function costOf(stepMs: number, intervalMs: number): number {
  if (stepMs < 0) return backwardCost
  if (stepMs === 0) return repeatedCost
  return stepMs > gapIntervals * intervalMs ? gapCost : 0
}
