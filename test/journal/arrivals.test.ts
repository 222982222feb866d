/** Moments of arrival that never repeat within a device. */
import { describe, expect, it } from 'vitest'
import { Arrivals } from '../../journal/arrivals.ts'
import { minuteMs, type UnixMs } from '../../model/time.ts'
import { settableClock } from './support.ts'

const one = Buffer.from('{"pm2_5":8}')
const three = Buffer.from('[{"pm2_5":8},{"pm2_5":9},{"pm2_5":7}]')

describe('arrivals', () => {
  it('gives messages of one millisecond distinct moments, each device for itself', () => {
    const arrivals = new Arrivals(settableClock(1_000), null)
    expect([1, 2, 3].map(() => arrivals.receivedAt('d1', one))).toEqual([1_000, 1_001, 1_002])
    expect(arrivals.receivedAt('d2', one)).toBe(1_000)
  })

  it('leaves room for the members of an array', () => {
    const arrivals = new Arrivals(settableClock(1_000), null)
    expect([three, one].map((payload) => arrivals.receivedAt('d1', payload))).toEqual([1_000, 1_003])
  })

  it('leaves no more room than an array may have members', () => {
    const arrivals = new Arrivals(settableClock(1_000), null)
    arrivals.receivedAt('d1', Buffer.from('{'.repeat(100_000)))
    expect(arrivals.receivedAt('d1', one)).toBe(1_500)
  })

  it('never goes back with the clock', () => {
    const clock = settableClock(1_000_000)
    const arrivals = new Arrivals(clock, null)
    arrivals.receivedAt('d1', one)
    clock.at = 999_000 as UnixMs
    expect(arrivals.receivedAt('d1', one)).toBe(1_000_001)
  })

  it('begins after what the journal already has, array included', () => {
    expect(new Arrivals(settableClock(1_000), 1_000 as UnixMs).receivedAt('d1', one)).toBe(1_500)
    expect(new Arrivals(settableClock(9_000), 1_000 as UnixMs).receivedAt('d1', one)).toBe(9_000)
  })

  it('does not follow a journal whose clock ran far ahead', () => {
    const wrong = (1_000 + 10 * minuteMs) as UnixMs
    expect(new Arrivals(settableClock(1_000), wrong).receivedAt('d1', one)).toBe(1_000)
  })

  it('forgets devices that were silent for a minute', () => {
    const clock = settableClock(1_000)
    const arrivals = new Arrivals(clock, null)
    for (let n = 0; n < 500; n++) arrivals.receivedAt(`d${n}`, one)
    clock.at = (1_000 + 3 * minuteMs) as UnixMs
    arrivals.receivedAt('d1', one)
    expect(arrivals.size).toBe(1)
  })
})
