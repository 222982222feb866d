/** Counts connections: all, of one address, and those that have not said who they are; whoever has most makes room. */
import type { Duplex } from 'node:stream'
import { connectionsMax, connectionsPerAddressMax, unknownConnectionsMax } from './limits.ts'

export interface ConnectionLimits {
  connectionsMax: number
  connectionsPerAddressMax: number
  unknownConnectionsMax: number
}

const defaults: ConnectionLimits = { connectionsMax, connectionsPerAddressMax, unknownConnectionsMax }

interface Share {
  /** undefined for connections of trusted proxies that do not say whose they are: they count as nobody's. */
  address: string | undefined
  open: number
  /** That have not said who they are, oldest first. */
  unknown: Set<Duplex>
}

export class Connections {
  readonly #limits: ConnectionLimits
  readonly #open = new Map<Duplex, Share>()
  readonly #shares = new Map<string | undefined, Share>()
  #unknown = 0

  constructor(limits: Partial<ConnectionLimits> = {}) {
    this.#limits = { ...defaults, ...limits }
  }

  /**
   * False when there are too many already. Of those that never said who they are, the oldest of the address with the most
   * makes room: a flood from one address pushes out only itself.
   */
  admit(conn: Duplex, address: string | undefined): boolean {
    const share = this.#shares.get(address) ?? { address, open: 0, unknown: new Set() }
    if (address !== undefined && share.open >= this.#limits.connectionsPerAddressMax) return false
    if (this.#open.size >= this.#limits.connectionsMax && !this.#makeRoom()) return false
    this.#shares.set(address, share)
    share.open++
    share.unknown.add(conn)
    this.#unknown++
    this.#open.set(conn, share)
    conn.once('close', () => this.#closed(conn, share))
    if (this.#unknown > this.#limits.unknownConnectionsMax) this.#makeRoom()
    return true
  }

  /** It said who it is. */
  known(conn: Duplex): void {
    if (this.#open.get(conn)?.unknown.delete(conn)) this.#unknown--
  }

  /** Those that have not said who they are. */
  destroyUnknown(): void {
    for (const { unknown } of this.#shares.values()) for (const conn of unknown) conn.destroy()
  }

  get size(): number {
    return this.#open.size
  }

  destroyAll(): void {
    for (const conn of this.#open.keys()) conn.destroy()
  }

  /** Ends the oldest unknown connection of the address that has most of them; false where there is none. */
  #makeRoom(): boolean {
    let most: Share | undefined
    for (const share of this.#shares.values())
      if (share.unknown.size > (most?.unknown.size ?? 0)) most = share
    const [oldest] = most?.unknown ?? []
    if (!oldest || !most) return false
    // Counted as gone now: its own end of the connection may take a moment.
    this.#closed(oldest, most)
    oldest.destroy()
    return true
  }

  #closed(conn: Duplex, share: Share): void {
    if (!this.#open.delete(conn)) return
    if (share.unknown.delete(conn)) this.#unknown--
    share.open--
    if (share.open === 0) this.#shares.delete(share.address)
  }
}
