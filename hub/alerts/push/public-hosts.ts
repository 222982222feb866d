/** Push services are on the internet: whoever names an address to the hub must not make it ask what is in the house. */
import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Of IANA's special-purpose registries (RFC 6890), and multicast: nothing there is somebody's server on the internet. */
const notPublic = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3]
] as const)
  notPublic.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  // An IPv4 address stands inside.
  ['2002::', 16],
  ['3fff::', 20]
] as const)
  notPublic.addSubnet(network, prefix, 'ipv6')

/** Of IPv6 only what was given out (2000::/3): everything else is local, reserved, or holds an IPv4 address. */
const givenOut = new BlockList()
givenOut.addSubnet('2000::', 3, 'ipv6')

export function isPublicAddress(address: string): boolean {
  const kind = isIP(address)
  if (kind === 4) return !notPublic.check(address, 'ipv4')
  return kind === 6 && givenOut.check(address, 'ipv6') && !notPublic.check(address, 'ipv6')
}

/** Asked for each connection, so that a name that leads elsewhere a moment later is seen too. */
export const publicLookup: LookupFunction = (host, options, done) => {
  systemLookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return done(error, '')
    const open = found.filter(({ address }) => isPublicAddress(address))
    const [first] = open
    if (!first) return done(new Error(`${host} is not a host on the internet.`), '')
    if (options.all) done(null, open)
    else done(null, first.address, first.family)
  })
}

/** An address that a message may be sent to: https at a name. Node asks no resolver for an address in numbers. */
export function isPushEndpoint(text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return false
  const host = url.hostname
  return host.includes('.') && !host.endsWith('.') && isIP(host) === 0 && !host.startsWith('[')
}
