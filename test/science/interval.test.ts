/** The interval that is assumed of a device: the shortest gap that makes up at least a fifth of those of five seconds and more. */
import { describe, expect, it } from 'vitest'
import { assumedIntervalS } from '../../science/interval.ts'
import { seededRandom } from '../../science/resample.ts'

const many = (gapMs: number, count: number): number[] => Array.from({ length: count }, () => gapMs)

describe('the interval that is assumed', () => {
  it.each([
    ['is in whole seconds', [147_800, 147_900, 147_700], 148],
    ['does not mind an outage', [60_000, 60_000, 7_200_000], 60],
    ['is not doubled by losses', [...many(60_000, 34), ...many(120_000, 22), ...many(180_000, 44)], 60],
    ['needs a fifth', [...many(60_000, 19), ...many(300_000, 81)], 300],
    ['is the shortest that has a fifth', [...many(60_000, 20), ...many(300_000, 80)], 60],
    ['leaves out members of an array without times', [...many(1, 300), ...many(300_000, 10)], 300],
    ['leaves out what comes twice within five seconds', [...many(2_000, 10), ...many(30_000, 10)], 30],
    ['is a second where nearly all gaps are shorter', [...many(1_000, 95), ...many(7_000, 5)], 1],
    ['lies in the middle of what jitters', [50, 53, 56, 58, 60, 62, 64, 67, 70].map((s) => s * 1_000), 60],
    ['is a day at most', [1e9, 1e9], 86_400],
    ['is unknown without gaps', [], undefined],
    ['is unknown from milliseconds alone', [1, 1, 1], undefined],
    ['is unknown where no gap comes back', [10, 20, 40, 80, 160, 320].map((s) => s * 1_000), undefined]
  ])('%s', (_what, gaps, expected) => {
    expect(assumedIntervalS(gaps)).toBe(expected)
    expect(assumedIntervalS(gaps.toReversed())).toBe(expected)
  })

  /** Gaps of a device that measures each `everyS` and loses as many of its messages, with half a second of jitter. */
  function gapsOf(everyS: number, lost: number, seed = 7): number[] {
    const random = seededRandom(seed)
    const gaps: number[] = []
    let last = 0
    for (let i = 1; gaps.length < 400; i++) {
      if (random() < lost) continue
      const at = i * everyS * 1_000 + (random() - 0.5) * 1_000
      gaps.push(at - last)
      last = at
    }
    return gaps
  }

  it.each([
    [60, 0.9],
    [60, 0.95],
    [145, 0.97],
    [300, 0.85]
  ])('is found at %i s though the share of %d was lost', (everyS, lost) => {
    expect(assumedIntervalS(gapsOf(everyS, lost))).toBe(everyS)
  })

  it('is found of twenty gaps in half of all cases, and never a shorter one', () => {
    const found = Array.from({ length: 200 }, (_, seed) =>
      assumedIntervalS(gapsOf(60, 0.95, seed).slice(0, 20))
    )
    expect(found.filter((intervalS) => intervalS === 60).length).toBeGreaterThan(80)
    expect(found.filter((intervalS) => intervalS !== undefined && intervalS < 60)).toEqual([])
  })

  it('is unknown of what reports when something changes', () => {
    const random = seededRandom(11)
    const gaps = Array.from({ length: 400 }, () => 5_000 + Math.round(-Math.log(random()) * 900) * 1_000)
    expect(assumedIntervalS(gaps)).toBeUndefined()
  })

  it('does not mind what is no number', () => {
    expect(assumedIntervalS([NaN, NaN, 60_000, 60_000, 60_000])).toBe(60)
    expect(assumedIntervalS([NaN])).toBeUndefined()
  })
})
