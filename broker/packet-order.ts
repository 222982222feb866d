/**
 * Keeps a client's packets in the order in which they came. A publish waits for the disk, and Aedes handles what comes
 * behind it meanwhile: a SUBSCRIBE would miss the message before it, a DISCONNECT would end the connection before the
 * PUBACK was sent. These wait until every publish before them is through (MQTT 3.1.1, section 4.6).
 */
import type { Packet } from './aedes-inside.ts'
import { packetsWaitingMax } from './limits.ts'

export class PacketOrder {
  readonly #pass: (packet: Packet) => void
  readonly #refuse: (why: string) => void
  #publishing = 0
  #waiting: Packet[] = []

  constructor(pass: (packet: Packet) => void, refuse: (why: string) => void) {
    this.#pass = pass
    this.#refuse = refuse
  }

  take(packet: Packet): void {
    if (this.#waiting.length === 0 && !this.#mustWait(packet)) return this.#handOn(packet)
    if (this.#waiting.length >= packetsWaitingMax) return this.#refuse('too many packets behind one publish')
    this.#waiting.push(packet)
  }

  /** A publish of this client was delivered to whom it concerns, or refused. */
  published(): void {
    if (this.#publishing > 0) this.#publishing--
    if (this.#waiting.length === 0 || this.#publishing > 0) return
    const waiting = this.#waiting
    let next = 0
    while (next < waiting.length && !this.#mustWait(waiting[next]!)) this.#handOn(waiting[next++]!)
    this.#waiting = waiting.slice(next)
  }

  #mustWait({ cmd }: Packet): boolean {
    return this.#publishing > 0 && (cmd === 'subscribe' || cmd === 'unsubscribe' || cmd === 'disconnect')
  }

  #handOn(packet: Packet): void {
    if (packet.cmd === 'publish') this.#publishing++
    this.#pass(packet)
  }
}
