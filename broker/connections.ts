/** Counts connections: all, by address, and those that have not said who they are. */
import type { Duplex } from 'node:stream'
import { connectionsMax, connectionsPerAddressMax, unknownConnectionsMax } from './limits.ts'

export interface ConnectionLimits {
  connectionsMax: number
  connectionsPerAddressMax: number
  unknownConnectionsMax: number
}

const defaults: ConnectionLimits = { connectionsMax, connectionsPerAddressMax, unknownConnectionsMax }

export class Connections {
  readonly #limits: ConnectionLimits
  readonly #open = new Set<Duplex>()
  readonly #byAddress = new Map<string, number>()
  /** Oldest first. */
  readonly #unknown = new Set<Duplex>()

  constructor(limits: Partial<ConnectionLimits> = {}) {
    this.#limits = { ...defaults, ...limits }
  }

  /** False when there are too many already. Of those that never said who they are, the oldest makes room. */
  admit(conn: Duplex, address: string): boolean {
    const ofAddress = this.#byAddress.get(address) ?? 0
    if (this.#open.size >= this.#limits.connectionsMax) return false
    if (ofAddress >= this.#limits.connectionsPerAddressMax) return false
    this.#open.add(conn)
    this.#byAddress.set(address, ofAddress + 1)
    this.#unknown.add(conn)
    conn.once('close', () => this.#closed(conn, address))
    if (this.#unknown.size > this.#limits.unknownConnectionsMax) {
      const [oldest] = this.#unknown
      oldest?.destroy()
    }
    return true
  }

  /** It said who it is. */
  known(conn: Duplex): void {
    this.#unknown.delete(conn)
  }

  get size(): number {
    return this.#open.size
  }

  destroyAll(): void {
    for (const conn of this.#open) conn.destroy()
  }

  #closed(conn: Duplex, address: string): void {
    this.#open.delete(conn)
    this.#unknown.delete(conn)
    const left = (this.#byAddress.get(address) ?? 1) - 1
    if (left === 0) this.#byAddress.delete(address)
    else this.#byAddress.set(address, left)
  }
}
