/** Messages that real boxes sent give exactly the readings that are written beside them; and no bytes whatever do harm. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from '../../ingest/check.ts'
import { decode, dialects } from '../../ingest/decode.ts'
import { faults as catalogue } from '../../model/fault.ts'
import type { UnixMs } from '../../model/time.ts'
import {
  boxStories,
  collectedExpectations,
  collectedMessages,
  hasCollectedPayloads,
  payloadOf
} from '../support/box-cases.ts'

const receivedAt = Date.UTC(2026, 10, 22, 10, 0, 5) as UnixMs
const collected = hasCollectedPayloads ? Object.entries(collectedExpectations()) : []

describe('collected messages', () => {
  it.each(collected)('of %s', (file, { dialect, topic, readings, failed = [] }) => {
    const messages = collectedMessages(file, topic)
    expect(messages).toHaveLength(readings.length)
    // Lines of one file are of several boxes, so nothing is remembered from one to the next.
    for (const [i, message] of messages.entries()) {
      const { measurements } = decode(dialect, {
        ...message,
        payload: payloadOf({ text: message.payload }),
        receivedAt
      })
      const got = Object.fromEntries(measurements.map(({ quantity, value }) => [quantity, value]))
      expect(got, `${message.topic} ${message.payload.slice(0, 200)}`).toEqual(readings[i])
      for (const measurement of measurements)
        expect(check(measurement).flag === 4, measurement.quantity).toBe(
          failed.includes(measurement.quantity)
        )
    }
  })
})

describe('whatever comes', () => {
  const topics = [...new Set(boxStories().flatMap(({ messages }) => messages.map(({ topic }) => topic)))]
  const bodies = boxStories().flatMap(({ messages }) => messages.map((message) => payloadOf(message)))

  const isSound = (dialect: string, topic: string, payload: Uint8Array): void => {
    const first = decode(dialect, { topic, payload, receivedAt })
    const state: unknown = JSON.parse(JSON.stringify(first.state ?? null)) ?? undefined
    const second = decode(dialect, { topic, payload, receivedAt: (receivedAt + 1_000) as UnixMs }, { state })
    for (const { measurements, faults } of [first, second]) {
      for (const { value, measuredAt } of measurements) {
        expect(Number.isFinite(value) && Number.isFinite(measuredAt) && !Object.is(value, -0)).toBe(true)
      }
      for (const { code, message } of faults) {
        expect(Object.hasOwn(catalogue, code)).toBe(true)
        expect(message.length).toBeLessThan(400)
        expect(message.isWellFormed()).toBe(true)
      }
    }
    expect(JSON.stringify(second.state ?? first.state ?? null).length).toBeLessThan(32 * 1024)
  }

  it.each([...dialects.keys()])('%s: bytes, JSON, cut and exchanged messages do no harm', (dialect) => {
    const anyTopic = fc.oneof(fc.constantFrom(...topics), fc.string({ unit: 'grapheme' }))
    const anyBody = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.tuple(fc.constantFrom(...bodies), fc.nat(400)).map(([body, length]) => body.slice(0, length)),
      fc.constantFrom(...bodies)
    )
    fc.assert(
      fc.property(anyTopic, anyBody, (topic, payload) => isSound(dialect, topic, payload)),
      { numRuns: 400 }
    )
  })

  it.each([...dialects.keys()])('%s takes a message of the largest size', (dialect) => {
    const own =
      boxStories().find((story) => story.dialect === dialect)?.messages[0]?.topic ?? 'sensors/d-1/readings'
    for (const topic of [own, topics[0]!])
      for (const text of [`{${'"a":1,'.repeat(18_000)}"b":2}`, 'a=1&'.repeat(30_000), '9'.repeat(130_000)])
        isSound(dialect, topic, new TextEncoder().encode(text))
  })
})
