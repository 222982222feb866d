/** What waits for the store: how much, how long, until when it fits, and the lines that say so. */
import { describe, expect, it } from 'vitest'
import { backlogOf, type Backlog } from '../../hub/backlog.ts'
import { backlogReasons } from '../../hub/health.ts'
import { hourMs, minuteMs, type UnixMs } from '../../model/time.ts'

const now = 1_800_000_000_000 as UnixMs
const gigabyte = 1e9

describe('the backlog', () => {
  const full = { lastSequence: 4_000, bytes: gigabyte, bytesMax: 4 * gigabyte }

  it('is nothing when the store has everything', () => {
    const followed = { checkpoint: 4_000, firstSequence: 1, nextReceivedAt: null }
    expect(backlogOf(followed, full, now)).toEqual({
      messages: 0,
      ageMs: 0,
      bytes: 0,
      share: 0,
      fullInMs: null
    })
  })

  it('is its share of the journal, which holds stored messages too', () => {
    const followed = { checkpoint: 3_000, firstSequence: 1, nextReceivedAt: (now - hourMs) as UnixMs }
    expect(backlogOf(followed, full, now)).toEqual({
      messages: 1_000,
      ageMs: hourMs,
      bytes: gigabyte / 4,
      share: 1 / 16,
      fullInMs: 15 * hourMs
    })
  })

  it('counts only what is there, where older messages were trimmed', () => {
    const followed = { checkpoint: 3_500, firstSequence: 3_001, nextReceivedAt: (now - minuteMs) as UnixMs }
    // Too young to tell when the journal would be full.
    expect(backlogOf(followed, full, now)).toMatchObject({
      messages: 500,
      bytes: gigabyte / 2,
      fullInMs: null
    })
  })
})

describe('what is said of it', () => {
  const small: Backlog = { messages: 10, ageMs: 900, bytes: 2_000, share: 0.0001, fullInMs: null }

  it('is nothing while the store keeps up', () => {
    expect(backlogReasons(small, gigabyte)).toEqual([])
  })

  it('is how long readings wait', () => {
    const [line, ...more] = backlogReasons({ ...small, ageMs: 12 * minuteMs }, gigabyte)
    expect(line?.text).toContain(
      '10 messages are on disk and not yet in the store, the oldest for 12 minutes'
    )
    expect(line?.everybody).toMatch(
      /^Messages are on disk and not yet in the store, the oldest for 12 minutes/
    )
    expect(more).toEqual([])
  })

  it.each([
    [0.5, 'half full'],
    [0.8, 'nearly full']
  ])('at %d of the journal it says %s, how long is left, and what to do', (share, says) => {
    const backlog = {
      messages: 200_000,
      ageMs: 30 * hourMs,
      bytes: share * gigabyte,
      share,
      fullInMs: 30 * hourMs
    }
    const line = backlogReasons(backlog, gigabyte).at(-1)
    expect(line?.text).toContain(`The journal is ${says}`)
    expect(line?.text).toContain('is full in about 30 hours')
    expect(line?.text).toContain('LAMPPOST_JOURNAL_MB')
    // How many bytes there are tells of every sensor.
    expect(line?.everybody).toMatch(/^[^0-9]+$/)
  })
})
