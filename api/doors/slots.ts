/** Places for something scarce (a download, a large question): so many at once, so many of them for one address, and a fair queue. */

import { servedAddressesMax } from '../limits.ts'

export interface SlotLimits {
  atOnceMax: number
  perAddressMax: number
  waitingMax: number
  waitingPerAddressMax: number
  waitMsMax: number
}

/** What somebody holds. */
export interface Place {
  readonly address: string
  /** May be called twice. */
  give(): void
}

interface Waiting {
  address: string
  /** Takes the place that is free now. */
  come(): void
}

export class Slots {
  readonly #limits: SlotLimits
  readonly #held = new Map<string, number>()
  readonly #waiting = new Set<Waiting>()
  /** Addresses in the order in which each was given a place last. */
  readonly #served = new Map<string, number>()
  #servings = 0
  #taken = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  /** Does anybody wait here, or is each refused at once? */
  get isWaitedFor(): boolean {
    return this.#limits.waitingMax > 0
  }

  get taken(): number {
    return this.#taken
  }

  /** undefined where none came free in time, too many wait already, or the client disconnected. */
  async take(address: string, gone: AbortSignal): Promise<Place | undefined> {
    if (gone.aborted) return undefined
    if (this.#hasRoomFor(address)) return this.#hold(address)
    const { waitingMax, waitingPerAddressMax, waitMsMax } = this.#limits
    const alike = [...this.#waiting].filter((one) => one.address === address).length
    if (this.#waiting.size >= waitingMax || alike >= waitingPerAddressMax) return undefined
    return new Promise((resolve) => {
      const end = (place: Place | undefined): void => {
        clearTimeout(timer)
        gone.removeEventListener('abort', leave)
        this.#waiting.delete(waiting)
        resolve(place)
      }
      const leave = (): void => end(undefined)
      const waiting: Waiting = { address, come: () => end(this.#hold(address)) }
      const timer = setTimeout(leave, waitMsMax)
      gone.addEventListener('abort', leave)
      this.#waiting.add(waiting)
    })
  }

  /** Of places that nobody makes use of, the first of which goes first: those that have to go so that who waits comes in. */
  inTheWay<P extends Place>(unused: readonly P[]): P[] {
    const left = [...unused]
    const going: P[] = []
    const held = new Map(this.#held)
    for (const { address } of this.#waiting) {
      const ofAddress = held.get(address) ?? 0
      const isFull = ofAddress >= this.#limits.perAddressMax
      const index = left.findIndex((place) => !isFull || place.address === address)
      if (index < 0) continue
      const [place] = left.splice(index, 1)
      going.push(place!)
      held.set(place!.address, held.get(place!.address)! - 1)
      held.set(address, (held.get(address) ?? 0) + 1)
    }
    return going
  }

  #hasRoomFor(address: string): boolean {
    return this.#taken < this.#limits.atOnceMax && (this.#held.get(address) ?? 0) < this.#limits.perAddressMax
  }

  #hold(address: string): Place {
    this.#taken++
    this.#held.set(address, (this.#held.get(address) ?? 0) + 1)
    this.#noteServed(address)
    let isHeld = true
    const give = (): void => {
      if (!isHeld) return
      isHeld = false
      this.#taken--
      const left = this.#held.get(address)! - 1
      if (left === 0) this.#held.delete(address)
      else this.#held.set(address, left)
      this.#next()?.come()
    }
    return { address, give }
  }

  #noteServed(address: string): void {
    this.#served.delete(address)
    this.#served.set(address, ++this.#servings)
    if (this.#served.size <= servedAddressesMax) return
    const [oldest] = this.#served.keys()
    this.#served.delete(oldest!)
  }

  /**
   * Of the address that holds the fewest; of those, that was served the longest ago, or else whoever has an old place cut would
   * have it again at once with what he has waiting; of those, who has waited longest.
   */
  #next(): Waiting | undefined {
    let next: Waiting | undefined
    let [fewest, earliest] = [Infinity, Infinity]
    for (const one of this.#waiting) {
      const held = this.#held.get(one.address) ?? 0
      const served = this.#served.get(one.address) ?? 0
      if (held > fewest || (held === fewest && served >= earliest) || !this.#hasRoomFor(one.address)) continue
      next = one
      fewest = held
      earliest = served
    }
    return next
  }
}
