/** Addresses: one spelling, a share, what a log keeps, and where a request behind proxies comes from. */
import { describe, expect, it } from 'vitest'
import { clientAddress, isLoopback, plainAddress, shareOf, shownAddress } from '../../model/address.ts'

describe('an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9', '203.0.113.0'],
    ['::ffff:203.0.113.9', '203.0.113.9', '203.0.113.0'],
    ['127.0.0.7', '127.0.0.7', '127.0.0.0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::'],
    ['2001:0DB8:0001:0002::6', '2001:db8:1:2::/64', '2001:db8:1::'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::'],
    ['::1', '0:0:0:0::/64', '0:0:0::']
  ])('%s has the share %s and is shown as %s', (address, share, shown) => {
    expect(shareOf(address)).toBe(share)
    expect(shownAddress(address)).toBe(shown)
  })

  it('is of this machine in either family, with a mapping or without', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true)
    expect(['128.0.0.1', '::2', '127.0.0.1.example'].some(isLoopback)).toBe(false)
    expect(plainAddress('::FFFF:10.0.0.1')).toBe('10.0.0.1')
  })
})

describe('a request', () => {
  const isProxy = (address: string): boolean => ['10.0.0.1', '127.0.0.1'].includes(address)

  it.each([
    ['203.0.113.9', undefined, '203.0.113.9', 'comes from the other end'],
    ['203.0.113.9', '198.51.100.1', '203.0.113.9', 'and not from where a stranger says'],
    ['10.0.0.1', '198.51.100.1', '198.51.100.1', 'or from where a trusted proxy says'],
    [
      '127.0.0.1',
      '1.2.3.4, 198.51.100.1, 10.0.0.1',
      '198.51.100.1',
      'through two of them, whatever it made up before'
    ],
    ['10.0.0.1', undefined, undefined, 'or from nobody in particular'],
    ['::ffff:10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1', 'in one spelling'],
    ['10.0.0.1', '198.51.100.1:50123', '198.51.100.1', 'whatever port the proxy adds'],
    ['10.0.0.1', '[2001:db8::5]:50123, 10.0.0.1:443', '2001:db8::5', 'in either family'],
    ['10.0.0.1', '2001:db8::5', '2001:db8::5', 'or none']
  ])('of %s for %s: %s (%s)', (peer, forwarded, address, _why) => {
    expect(clientAddress(peer, forwarded, isProxy)).toBe(address)
  })
})
