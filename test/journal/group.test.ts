/** Packing messages into one block and back. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eraseDevice, groupChecksum, packGroup, unpackGroup } from '../../journal/group.ts'
import type { UnixMs } from '../../model/time.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 200 })
const message = fc.record({
  deviceId: fc.oneof(fc.constantFrom('d1', 'd2', 'd3'), text),
  topic: text,
  payload: fc.uint8Array({ maxLength: 400 }),
  receivedAt: fc.integer({ min: 0, max: 4e12 }).map((at) => at as UnixMs)
})
const messages = fc.array(message, { minLength: 1, maxLength: 30 })

describe('a group', () => {
  it('gives back what was packed, with its sequences', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 1e12 }), (given, first) => {
        const { body, ...numbers } = packGroup(given)
        const back = unpackGroup({ first, ...numbers }, body, 0, 1_000)
        expect(back.map((m) => ({ ...m, payload: Buffer.from(m.payload) }))).toEqual(
          given.map((m, i) => ({ ...m, payload: Buffer.from(m.payload), sequence: first + i }))
        )
      })
    )
  })

  it('gives only what comes after a sequence, and no more than was asked for', () => {
    const { body, ...numbers } = packGroup(
      ['a', 'b', 'c', 'd'].map((deviceId) => ({
        deviceId,
        topic: 't',
        payload: new Uint8Array(),
        receivedAt: 5 as UnixMs
      }))
    )
    const some = unpackGroup({ first: 10, ...numbers }, body, 10, 2)
    expect(some.map((m) => [m.sequence, m.deviceId])).toEqual([
      [11, 'b'],
      [12, 'c']
    ])
  })

  it('erases one device, up to a message or wholly, and keeps the sequences of the others', () => {
    const end = fc.option(fc.integer({ min: 0, max: 30 }), { nil: Infinity })
    fc.assert(
      fc.property(messages, end, (given, through) => {
        const { body, ...numbers } = packGroup(given)
        const header = { first: 7, ...numbers }
        const { rest, erased } = eraseDevice(header, body, { deviceId: 'd1', through })
        const left = rest === undefined ? [] : unpackGroup(header, rest, 0, 1_000)
        const all = unpackGroup(header, body, 0, 1_000)
        const kept = all.filter((m) => m.deviceId !== 'd1' || m.sequence > through)
        expect(left).toEqual(kept)
        expect(erased).toBe(all.length - kept.length)
      })
    )
  })

  it('has another checksum when any bit of block or header changed', () => {
    const { body, ...numbers } = packGroup([
      { deviceId: 'd1', topic: 't', payload: Buffer.from('{"pm2_5":8.1}'), receivedAt: 1e12 as UnixMs }
    ])
    const header = { first: 3, ...numbers }
    const crc = groupChecksum(header, body)
    for (let bit = 0; bit < body.length * 8; bit++) {
      const flipped = Uint8Array.from(body)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(groupChecksum(header, flipped)).not.toBe(crc)
    }
    expect(groupChecksum({ ...header, first: 4 }, body)).not.toBe(crc)
    expect(groupChecksum({ ...header, count: 2 }, body)).not.toBe(crc)
  })
})
