/**
 * Writes PUBACKs: all that one turn of the event loop brings for a client in one piece. Aedes writes each as three
 * pieces, which took a fifth of the main thread. The journal answers in groups, so there are many at a time.
 */
import type { Duplex } from 'node:stream'

/** The PUBACKs that one client is owed. */
export interface Owed {
  conn: Duplex
  messageIds: number[]
}

export class Acknowledgements {
  #owed: Owed[] = []

  /** Leaves at the end of this turn, behind those added before it [MQTT-4.6.0-2]. */
  add(owed: Owed, messageId: number): void {
    if (owed.messageIds.length === 0) {
      if (this.#owed.length === 0) process.nextTick(() => this.#write())
      this.#owed.push(owed)
    }
    owed.messageIds.push(messageId)
  }

  #write(): void {
    const all = this.#owed
    this.#owed = []
    for (const { conn, messageIds } of all) {
      if (conn.writable) conn.write(pubacks(messageIds))
      messageIds.length = 0
    }
  }
}

const pubackBytes = 4

/** MQTT 3.1.1, section 3.4: a header, two bytes to come, and the message's id. */
function pubacks(messageIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(pubackBytes * messageIds.length)
  let at = 0
  for (const id of messageIds) {
    bytes[at++] = 0x40
    bytes[at++] = 2
    bytes[at++] = id >> 8
    bytes[at++] = id & 0xff
  }
  return bytes
}
