/** Every family's messages give exactly the readings that their makers' documents say, one after another as a box sends them. */
import { describe, expect, it } from 'vitest'
import { decode, dialects } from '../../ingest/decode.ts'
import { toIso, type UnixMs } from '../../model/time.ts'
import { boxStories, payloadOf } from '../support/box-cases.ts'

const start = Date.UTC(2026, 10, 22, 10, 0, 5) as UnixMs

const stories = boxStories()

describe.each([...dialects.keys()].filter((name) => name !== 'lamppost'))('%s', (dialect) => {
  const own = stories.filter((story) => story.dialect === dialect)

  it('has messages with what they mean', () => {
    expect(own.length).toBeGreaterThan(0)
  })

  it.each(own)('$about', ({ address, map, messages }) => {
    let state: unknown
    let receivedAt = start
    const received: UnixMs[] = []
    for (const [i, message] of messages.entries()) {
      if (i > 0) receivedAt = (receivedAt + (message.afterS ?? 60) * 1_000) as UnixMs
      received.push(receivedAt)
      const decoded = decode(
        dialect,
        { topic: message.topic, payload: payloadOf(message), receivedAt },
        { state, address: address ?? null, map: map === undefined ? null : JSON.stringify(map) }
      )
      // What is remembered passes through the journal.
      if ('state' in decoded && decoded.state !== undefined)
        state = JSON.parse(JSON.stringify(decoded.state)) as unknown
      const at = message.at ?? toIso(message.atOf === undefined ? receivedAt : received[message.atOf]!)
      expect(
        Object.fromEntries(decoded.measurements.map(({ quantity, value }) => [quantity, value])),
        `message ${i}`
      ).toEqual(message.readings)
      expect(decoded.measurements).toHaveLength(Object.keys(message.readings).length)
      for (const { measuredAt } of decoded.measurements)
        expect(toIso(measuredAt), `message ${i}`).toBe(at.includes('.') ? at : at.replace('Z', '.000Z'))
      expect(
        decoded.faults.map(({ code }) => code),
        `message ${i}: ${JSON.stringify(decoded.faults)}`
      ).toEqual(message.faults ?? [])
      if (message.says !== undefined) expect(decoded.faults[0]?.message).toContain(message.says)
      if (message.health !== undefined) expect(decoded.health).toMatchObject(message.health)
    }
  })
})
