/** The proxies whose word is taken for where a connection or a request comes from. */
import { BlockList, isIPv6 } from 'node:net'
import { plainAddress } from '../model/address.ts'

/** Each an address, or a network in the notation of RFC 4632 (172.16.0.0/12): checked with the settings. */
export function trustedProxies(listed: readonly string[]): (address: string) => boolean {
  const proxies = new BlockList()
  for (const one of listed) {
    const [address = '', bits] = one.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) proxies.addAddress(address, family)
    else proxies.addSubnet(address, Number(bits), family)
  }
  return (address) => {
    const plain = plainAddress(address)
    return listed.length > 0 && proxies.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
  }
}
