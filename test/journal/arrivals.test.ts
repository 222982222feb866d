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

  it.each([
    ['ISO 8601', (at: number) => JSON.stringify(new Date(at).toISOString())],
    ['Unix seconds', (at: number) => String(at / 1_000)],
    ['Unix milliseconds', (at: number) => String(at)]
  ])('leaves none for an array that brings its own believed times in %s', (_style, write) => {
    const now = Date.UTC(2026, 10, 23)
    const arrivals = new Arrivals(settableClock(now), null)
    const backlog = [3, 2, 1].map((hours) => `{"at": ${write(now - hours * 3_600_000)}, "pm2_5": 8}`)
    const payloads = [Buffer.from(`[${backlog.join()}]`), one]
    expect(payloads.map((payload) => arrivals.receivedAt('d1', payload) - now)).toEqual([0, 1])
  })

  it.each([
    ['a time far ahead', '[{"at":"2031-01-01T00:00:00Z","pm1":1},{"at":"2031-01-01T00:01:00Z","pm1":2}]'],
    ['a clock that was never set', '[{"at":5,"pm1":1},{"at":65,"pm1":2}]'],
    ['a time without a zone', '[{"at":"2026-11-22T10:00:00","pm1":1},{"at":"2026-11-22T10:01:00","pm1":2}]'],
    ['a member without a time', '[{"at":"2026-11-22T10:00:00Z","pm1":1},{"pm1":2}]']
  ])('leaves room for an array with %s', (_what, payload) => {
    const now = Date.UTC(2026, 10, 23)
    const arrivals = new Arrivals(settableClock(now), null)
    const payloads = [Buffer.from(payload), one]
    expect(payloads.map((bytes) => arrivals.receivedAt('d1', bytes) - now)).toEqual([0, 2])
  })

  it('leaves no more room than an array may have members', () => {
    const arrivals = new Arrivals(settableClock(1_000), null)
    arrivals.receivedAt('d1', Buffer.from(`[${'{'.repeat(100_000)}`))
    expect(arrivals.receivedAt('d1', one)).toBe(1_500)
  })

  it('never goes back with the clock', () => {
    const clock = settableClock(1_000_000)
    const arrivals = new Arrivals(clock, null)
    arrivals.receivedAt('d1', one)
    clock.at = 999_000 as UnixMs
    expect(arrivals.receivedAt('d1', one)).toBe(1_000_001)
  })

  it('does not follow a clock that was years ahead for two seconds, nor one far back', () => {
    const clock = settableClock(Date.UTC(2029, 0, 1))
    const arrivals = new Arrivals(clock, null)
    arrivals.receivedAt('d1', three)
    clock.at = Date.UTC(2026, 10, 23) as UnixMs
    expect([1, 2].map(() => arrivals.receivedAt('d1', one) - clock.at)).toEqual([0, 1])
    expect(arrivals.size).toBe(1)
    clock.at = (clock.at - 8 * 60 * minuteMs) as UnixMs
    expect(arrivals.receivedAt('d1', one)).toBe(clock.at)
  })

  it.each([
    ['holds it within five minutes', 5 * minuteMs, 1],
    ['not beyond', 5 * minuteMs + 1_000, -(5 * minuteMs + 1_000)]
  ])('a clock that goes back: %s', (_what, backMs, later) => {
    const clock = settableClock(1_000_000_000)
    const arrivals = new Arrivals(clock, null)
    const before = arrivals.receivedAt('d1', one)
    clock.at = (clock.at - backMs + 1) as UnixMs
    expect(arrivals.receivedAt('d1', one) - before).toBe(later === 1 ? 1 : later + 1)
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
