/**
 * Keeps a client's packets in the order in which they came. A publish waits for the disk, and Aedes handles what comes
 * behind it meanwhile: a SUBSCRIBE would miss the message before it, a PUBREL be answered before its PUBREC, a
 * DISCONNECT end the connection before the PUBACK was sent. These wait until what is before them is through (MQTT
 * 3.1.1, section 4.6). A client need not wait for CONNACK (section 3.1.4), and Aedes takes a packet that comes in a read
 * of its own meanwhile for one of nobody: so everything behind CONNECT waits for its answer too. What is subscribed to is granted one
 * after another, since an UNSUBSCRIBE must not overtake.
 */
import type { Packet } from './aedes-inside.ts'
import { packetsWaitingMax, subscribesWaitingMax } from './limits.ts'

export class PacketOrder {
  readonly #pass: (packet: Packet) => void
  readonly #refuse: (why: string) => void
  readonly #isConnecting: () => boolean
  #publishing = 0
  #subscribing = 0
  #subscribesWaiting = 0
  #ended = false
  #goingOn = false
  #waiting: Packet[] = []

  /** `isConnecting`: CONNECT came and is not answered yet. */
  constructor(pass: (packet: Packet) => void, refuse: (why: string) => void, isConnecting: () => boolean) {
    this.#pass = pass
    this.#refuse = refuse
    this.#isConnecting = isConnecting
  }

  /** Something that it published is not answered yet. */
  get isPublishing(): boolean {
    return this.#publishing > 0
  }

  take(packet: Packet): void {
    if (this.#ended) return
    if (this.#waiting.length === 0 && !this.#mustWait(packet)) return this.#handOn(packet)
    if (this.#waiting.length >= packetsWaitingMax) return this.#end('too many packets behind one publish')
    if (isSubscribing(packet) && ++this.#subscribesWaiting > subscribesWaitingMax)
      return this.#end('too many packets that subscribe')
    this.#waiting.push(packet)
  }

  /** Nothing behind it is taken any more. */
  #end(why: string): void {
    this.#ended = true
    this.#refuse(why)
  }

  /** It was let in. */
  connected(): void {
    this.#goOn()
  }

  /** A publish of this client was delivered to whom it concerns, or refused. */
  published(): void {
    if (this.#publishing > 0) this.#publishing--
    if (this.#publishing === 0) this.#goOn()
  }

  /** A SUBSCRIBE or UNSUBSCRIBE of this client was answered. */
  subscribed(): void {
    if (this.#subscribing > 0) this.#subscribing--
    this.#goOn()
  }

  #goOn(): void {
    // Some packets are answered while they are handed on; the loop that hands them on sees to those behind them.
    if (this.#waiting.length === 0 || this.#goingOn) return
    this.#goingOn = true
    let next = 0
    while (next < this.#waiting.length && !this.#mustWait(this.#waiting[next]!))
      this.#handOnWaiting(this.#waiting[next++]!)
    this.#waiting = this.#waiting.slice(next)
    this.#goingOn = false
  }

  #mustWait({ cmd }: Packet): boolean {
    if (this.#isConnecting()) return true
    switch (cmd) {
      case 'subscribe':
      case 'unsubscribe':
        return this.#publishing > 0 || this.#subscribing > 0
      case 'pubrel':
        return this.#publishing > 0
      case 'disconnect':
        return this.#publishing > 0 || this.#subscribing > 0
      default:
        return false
    }
  }

  #handOnWaiting(packet: Packet): void {
    if (isSubscribing(packet)) this.#subscribesWaiting--
    this.#handOn(packet)
  }

  #handOn(packet: Packet): void {
    if (this.#ended) return
    if (packet.cmd === 'publish') this.#publishing++
    else if (isSubscribing(packet)) this.#subscribing++
    if (packet.cmd !== 'disconnect') return this.#pass(packet)
    this.#ended = true
    // Aedes destroys the connection; answers of this turn are written at its end.
    setImmediate(() => this.#pass(packet))
  }
}

function isSubscribing({ cmd }: Packet): boolean {
  return cmd === 'subscribe' || cmd === 'unsubscribe'
}
