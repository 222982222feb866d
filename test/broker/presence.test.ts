/** How a device is, from what was seen of it: each path through the little state machine, and what never happens. */
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  neverSeen,
  PresenceBook,
  presenceOf,
  sightingAfter,
  type PresenceEvent,
  type Sighting
} from '../../broker/presence.ts'
import type { UnixMs } from '../../model/time.ts'

const minute = 60_000
const at = (minutes: number): UnixMs => (minutes * minute) as UnixMs

/** What is seen minute by minute, from minute 0 on. */
function after(...events: Exclude<PresenceEvent['kind'], 'said'>[]): Sighting {
  return events.reduce<Sighting>((seen, kind, i) => sightingAfter(seen, { kind }, at(i)), { ...neverSeen })
}

describe('a device', () => {
  it.each([
    ['unknown before anything was seen', after(), 0, 'unknown'],
    ['online once connected', after('connected'), 1, 'online'],
    ['online while messages come', after('connected', 'message', 'message'), 5, 'online'],
    ['silent after five intervals without one', after('connected', 'message'), 7, 'silent'],
    ['asleep after its goodbye', after('connected', 'message', 'left'), 4, 'asleep'],
    ['silent when it never woke again', after('connected', 'message', 'left'), 8, 'silent'],
    ['vanished when the connection was lost', after('connected', 'message', 'lost'), 2.5, 'vanished'],
    ['vanished for as long as it stays away', after('connected', 'lost'), 10_000, 'vanished'],
    ['online again when it is back', after('connected', 'lost', 'connected'), 3, 'online'],
    ['online when it only pushes over HTTP', after('message'), 1, 'online']
  ] as const)('is %s', (_name, seen, minutes, expected) => {
    expect(presenceOf(seen, 60, at(minutes))).toBe(expected)
  })

  it('is never silent while nobody knows its interval', () => {
    expect(presenceOf(after('connected'), null, at(1_000_000))).toBe('online')
  })

  it('that says it sleeps may lose its connection without vanishing', () => {
    const asleep = sightingAfter(after('connected'), { kind: 'message', says: 'asleep' }, at(1))
    expect(presenceOf(sightingAfter(asleep, { kind: 'lost' }, at(2)), 60, at(3))).toBe('asleep')
  })

  it('behind a gateway is what the gateway says of it', () => {
    const away = sightingAfter(after('message'), { kind: 'said', presence: 'offline' }, at(1))
    expect(presenceOf(away, 60, at(1))).toBe('vanished')
    expect(presenceOf(sightingAfter(away, { kind: 'said', presence: 'online' }, at(2)), 60, at(2))).toBe(
      'online'
    )
  })

  it('is not brought back by its last will', () => {
    const lost = after('connected', 'message', 'lost')
    const will = sightingAfter(lost, { kind: 'message', says: 'offline' }, at(3))
    expect(presenceOf(will, 60, at(3))).toBe('vanished')
  })
})

const event = fc.constantFrom<PresenceEvent>(
  { kind: 'connected' },
  { kind: 'left' },
  { kind: 'lost' },
  { kind: 'message' },
  { kind: 'message', says: 'asleep' },
  { kind: 'message', says: 'offline' }
)

describe('whatever happens', () => {
  it('a device that was heard of is known, and one that just connected is online', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let seen: Sighting = { ...neverSeen }
        for (const [i, one] of events.entries()) seen = sightingAfter(seen, one, at(i))
        const now = at(events.length)
        const heard = events.some((one) => one.kind !== 'message' || one.says !== 'offline')
        expect(presenceOf(seen, 60, now) !== 'unknown').toBe(heard)
        expect(presenceOf(sightingAfter(seen, { kind: 'connected' }, now), 60, now)).toBe('online')
      })
    )
  })
})

describe('the book', () => {
  const status = (word: string) => Buffer.from(word)

  it('reads what a status says, quoted or not, and nothing into a reading', () => {
    const book = new PresenceBook()
    book.note('d1', { kind: 'connected' }, at(0))
    book.noteMessage('d1', 'sensors/d1/readings', status('asleep'), at(1))
    expect(book.of('d1', 60, at(1))).toBe('online')
    book.noteMessage('d1', 'sensors/d1/status', status('"asleep"'), at(2))
    expect(book.of('d1', 60, at(2))).toBe('asleep')
    book.noteMessage('d1', 'sensors/d1/readings', status('{}'), at(3))
    expect(book.of('d1', 60, at(3))).toBe('online')
    expect(book.messageAt('d1')).toBe(at(3))
  })

  it('does not take an offline of a device that it never saw for a sign of life', () => {
    const book = new PresenceBook()
    book.noteMessage('d1', 'sensors/d1/status', status('offline'), at(1))
    book.noteMessage('d2', 'sensors/d2/readings', status('{}'), at(1))
    expect(book.of('d1', 60, at(1))).toBe('unknown')
    expect(book.of('d3', 60, at(1))).toBe('unknown')
    expect(book.messageAt('d1')).toBeUndefined()
  })
})
