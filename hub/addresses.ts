/** Where people reach the hub: what it prints, and what its links begin with. Never taken from what a request says. */
import { networkInterfaces } from 'node:os'

/** Addresses of this machine in its networks. */
export function networkAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flat()
    .flatMap((address) =>
      address && !address.internal && address.family === 'IPv4' ? [address.address] : []
    )
}

/** Whether the hub listens on every address of the machine. */
export function listensEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** The address that links begin with, without a slash at its end: the public one, else one of the local network. */
export function dashboardUrl(
  { publicUrl, host }: { publicUrl: string | null; host: string },
  httpPort: number
): string {
  if (publicUrl !== null) return publicUrl.replace(/\/+$/, '')
  const name = listensEverywhere(host) ? (networkAddresses()[0] ?? 'localhost') : host
  const authority = name.includes(':') ? `[${name}]` : name
  return `http://${authority}${httpPort === 80 ? '' : `:${httpPort}`}`
}

export interface HostSettings {
  deviceAddress: string | null
  publicUrl: string | null
  /** Address that it listens on. */
  host: string
}

/**
 * The name or address under which boxes reach the hub: what the steward set, else where people reach it, else the address that
 * it listens on, else this machine's on its network.
 */
export function deviceHost({ deviceAddress, publicUrl, host }: HostSettings): string {
  if (deviceAddress !== null) return deviceAddress
  if (publicUrl !== null) return new URL(publicUrl).hostname
  return listensEverywhere(host) ? (networkAddresses()[0] ?? 'localhost') : host
}
