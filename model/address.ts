/** Addresses of the internet as text: in one spelling, as a person's share, and as a log may keep them. Pure. */

/** An IPv4 address as a socket for both families shows it, without its mapping. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

/**
 * What counts as one person where something scarce is shared. A household has one IPv4 address, and of IPv6 a whole network
 * of 64 bits (RFC 6177), from which it can take as many addresses as it likes.
 */
export function shareOf(address: string): string {
  const plain = plainAddress(address)
  if (!plain.includes(':')) return plain
  return `${groupsOf(plain).slice(0, 4).join(':')}::/64`
}

/** As a log may keep it: the network somebody is in, not the home (IPv4 to 24 bits, IPv6 to 48). */
export function shownAddress(address: string): string {
  const plain = plainAddress(address)
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) return plain.replace(/\d+$/, '0')
  if (!plain.includes(':')) return plain
  return `${groupsOf(plain).slice(0, 3).join(':')}::`
}

/**
 * Where a request comes from: the other end of its connection, or, where that is a trusted proxy, what it says in
 * X-Forwarded-For. Every proxy adds the address it was asked from at the end, so the last that is no proxy of ours counts:
 * whatever stands before it may be made up. undefined for a proxy that says nothing: all its visitors are not one person.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | undefined,
  isProxy: (address: string) => boolean
): string | undefined {
  const chain = [...(forwardedFor?.split(',') ?? []).map(withoutPort), peer].map(plainAddress)
  return chain.findLast((address) => !isProxy(address))
}

/** Some proxies add the port, which is another one for each connection: `192.0.2.17:50123`, `[2001:db8::5]:50123`. */
function withoutPort(forwarded: string): string {
  const [, v6, v4] = /^(?:\[([^\]]+)\](?::\d+)?|([^:]+):\d+)$/.exec(forwarded.trim()) ?? []
  return v6 ?? v4 ?? forwarded.trim()
}

export function isLoopback(address: string): boolean {
  const plain = plainAddress(address)
  return /^127\.\d+\.\d+\.\d+$/.test(plain) || plain === '::1'
}

/** All eight groups of an IPv6 address, as they are written but for leading zeros. */
function groupsOf(address: string): string[] {
  const [before = '', after] = address.split('%', 1)[0]!.split('::')
  const head = before ? before.split(':') : []
  const tail = after ? after.split(':') : []
  const missing = after === undefined ? 0 : 8 - head.length - tail.length
  return [...head, ...Array<string>(Math.max(0, missing)).fill('0'), ...tail].map((group) =>
    group.replace(/^0+(?=.)/, '').toLowerCase()
  )
}
