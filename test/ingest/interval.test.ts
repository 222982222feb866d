/** The interval of a device, learnt from the gaps of its first twenty readings. */
import { describe, expect, it } from 'vitest'
import { IntervalLearner, medianGapS } from '../../ingest/interval.ts'
import { intervalLearnReadings } from '../../model/limits.ts'
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'

function times(gapsMs: number[]): UnixMs[] {
  let at = 1_000_000
  return [at, ...gapsMs.map((gap) => (at += gap))] as UnixMs[]
}

function learn(learner: IntervalLearner, quantity: Quantity, at: UnixMs[]): (number | undefined)[] {
  return at.map((time) => learner.observe('d-1', quantity, time)).filter((s) => s !== undefined)
}

describe('the median gap', () => {
  it.each([
    ['is in whole seconds', [147_800, 147_900, 147_700], 148],
    ['does not mind an outage', [60_000, 60_000, 7_200_000], 60],
    ['of two gaps lies between them', [60_000, 62_000], 61],
    ['leaves out members of an array without times', [1, 1, 1, 300_000, 1, 1, 300_000], 300],
    ['is a second at least', [1_000, 1_200, 1_100], 1],
    ['is a day at most', [1e9, 1e9], 86_400],
    ['is unknown without gaps', [], undefined],
    ['is unknown from milliseconds alone', [1, 1, 1], undefined]
  ])('%s', (_what, gaps, expected) => {
    const at = times(gaps)
    expect(medianGapS(at)).toBe(expected)
    expect(medianGapS(at.toReversed())).toBe(expected)
  })
})

describe('the learner', () => {
  const minutes = times(Array.from({ length: intervalLearnReadings * 2 }, () => 60_000))

  it('says it once, with the twentieth distinct time', () => {
    const learner = new IntervalLearner()
    const early = minutes.slice(0, intervalLearnReadings - 1)
    expect(learn(learner, 'pm2_5', [...early, ...early])).toEqual([])
    expect(learn(learner, 'pm2_5', minutes)).toEqual([60])
  })

  it('counts each quantity for itself: a board may send them in turn', () => {
    const learner = new IntervalLearner()
    const between = minutes.map((time) => (time + 10_000) as UnixMs)
    const said = minutes.flatMap((time, i) => [
      learner.observe('d-1', 'pm2_5', time),
      learner.observe('d-1', 'humidity', between[i]!)
    ])
    expect(said.filter((s) => s !== undefined)).toEqual([60])
  })

  it('does not listen to battery and signal', () => {
    expect(learn(new IntervalLearner(), 'battery', minutes)).toEqual([])
  })

  it('begins afresh when it was told to forget', () => {
    const learner = new IntervalLearner()
    learn(learner, 'pm2_5', minutes.slice(0, 15))
    learner.forget('d-1')
    expect(learn(learner, 'pm2_5', minutes.slice(15, 30))).toEqual([])
  })
})
