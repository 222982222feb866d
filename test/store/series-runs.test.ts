/** Readings of one series come in runs, and leave in the order of time. */
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { joined, part, SeriesRuns } from '../../store/series-runs.ts'

/** A reading whose other columns say which one it was. */
function add(runs: SeriesRuns, time: number): void {
  runs.add(time, time / 2, (time % 4) + 1, time + 1)
}

describe('readings of a series', () => {
  it('are in the order of time, each with its own value, whatever order they came in', () => {
    const times = fc.uniqueArray(fc.nat({ max: 10_000 }), { maxLength: 300 })
    fc.assert(
      fc.property(times, fc.nat({ max: 20 }), (given, room) => {
        const runs = new SeriesRuns(room)
        for (const time of given) add(runs, time)
        const sorted = given.toSorted((a, b) => a - b)
        const { time, value, flag, reasons } = runs.inOrder()
        expect([...time]).toEqual(sorted)
        expect([...value]).toEqual(sorted.map((one) => one / 2))
        expect([...flag]).toEqual(sorted.map((one) => (one % 4) + 1))
        expect([...reasons]).toEqual(sorted.map((one) => one + 1))
      })
    )
  })

  it.each([
    ['two pieces that were swapped', [5, 6, 7, 1, 2, 3]],
    ['a piece that belongs between', [1, 2, 7, 8, 3, 4, 5, 9]],
    ['three runs, the last of which has no partner', [7, 8, 4, 5, 1, 2]],
    ['the other way round', [4, 3, 2, 1]]
  ])('are put in order: %s', (_what, given) => {
    const runs = new SeriesRuns(2)
    for (const time of given) add(runs, time)
    expect([...runs.inOrder().time]).toEqual(given.toSorted((a, b) => a - b))
  })

  it('are cut and joined again', () => {
    const runs = new SeriesRuns(4)
    for (const time of [1, 2, 3, 4]) add(runs, time)
    const all = runs.inOrder()
    expect([...joined([part(all, 0, 1), part(all, 2, 4)]).time]).toEqual([1, 3, 4])
  })
})
