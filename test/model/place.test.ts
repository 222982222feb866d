/** Stays that cover a time without a gap: what is known of a device only while it was in certain places is judged by it. */
import { describe, expect, it } from 'vitest'
import { coverAll } from '../../model/place.ts'
import type { UnixMs } from '../../model/time.ts'

const at = (time: number | null) => time as UnixMs | null
const stay = (from: number | null, until: number | null) => ({ from: at(from), until: at(until) })

describe('stays cover a time', () => {
  it.each([
    ['that has no end and no beginning', [stay(null, null)], null, true],
    ['of two that join', [stay(null, 10), stay(10, null)], null, true],
    ['that began with it', [stay(10, null)], 10, true],
    ['that began after it', [stay(11, null)], 10, false],
    ['that began at some time, of a time that nobody knows', [stay(5, null)], null, false],
    ['with a gap', [stay(null, 12), stay(13, null)], 10, false],
    ['after a gap', [stay(null, 5), stay(8, null)], 10, true],
    ['that ended before its end', [stay(null, 20)], 10, false],
    ['that ended before it', [stay(null, 10)], 10, false],
    ['without any', [], 10, false]
  ] as const)('%s', (_what, stays, from, covers) => {
    expect(coverAll(stays, { from: at(from), until: 20 as UnixMs })).toBe(covers)
  })
})
