/** Whether the hub is heard, whatever this device's clock says; and what is kept for when it is not. */
import { describe, expect, it } from 'vitest'
import { Now } from '../../dashboard/src/state/now.svelte.ts'
import { Pulse } from '../../dashboard/src/state/pulse.svelte.ts'
import { dayMs, minuteMs, secondMs, type UnixMs } from '../../model/time.ts'
import { staleText, wrongClockText } from '../../words/stale.ts'
import { english, textContext, textNow } from '../support/english.ts'

function clockAt(start: number): { now(): UnixMs; at: number } {
  const clock = { at: start, now: () => clock.at as UnixMs }
  return clock
}

describe('the pulse', () => {
  it('is silent 45 seconds after the last beat, and forgets it with the next', () => {
    const clock = clockAt(dayMs)
    const pulse = new Pulse(clock)
    pulse.heard(textNow)
    clock.at += 45 * secondMs - 1
    pulse.check()
    expect([pulse.silence, pulse.asOf]).toEqual([undefined, undefined])
    clock.at += 1
    pulse.check()
    expect([pulse.silence, pulse.asOf]).toEqual(['silent', textNow])
    pulse.heard(textNow + 60 * secondMs)
    expect([pulse.silence, pulse.asOf]).toEqual([undefined, undefined])
  })

  it('says that what a browser kept is old at once', () => {
    const pulse = new Pulse(clockAt(dayMs))
    pulse.restored(textNow - dayMs)
    expect(pulse.asOf).toBe(textNow - dayMs)
  })

  it.each([
    ['silent', 'As of 14:30:', 'The hub has not answered since then. This page keeps trying.'],
    [
      'offline',
      'As of 14:30:',
      'This device is offline. The page goes on by itself once there is a network again.'
    ]
  ] as const)('has words for a hub that is %s', (silence, asOf, why) => {
    expect(staleText(textContext(), { asOf: textNow, silence })).toEqual({ asOf, why })
  })
})

describe('the time', () => {
  it('is the hub’s, and a clock of this device is wrong from two minutes on', () => {
    const clock = clockAt(textNow + 2 * minuteMs)
    const now = new Now(clock)
    now.hubSays(textNow)
    expect([now.exact(), now.at, now.wrongMs]).toEqual([textNow, textNow, 0])
    clock.at += dayMs
    now.hubSays(textNow)
    expect(now.wrongMs).toBe(dayMs + 2 * minuteMs)
  })

  it.each([
    [3 * minuteMs, 'The clock of this device is 3 minutes fast. All times on this page are the hub’s.'],
    [-119 * minuteMs, 'The clock of this device is 119 minutes slow. All times on this page are the hub’s.'],
    [24 * 60 * minuteMs, 'The clock of this device is 24 hours fast. All times on this page are the hub’s.'],
    [-400 * dayMs, 'The clock of this device is 400 days slow. All times on this page are the hub’s.']
  ])('says by how much: %d', (off, said) => expect(wrongClockText(english, off)).toBe(said))
})
