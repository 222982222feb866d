/** Places for something scarce (a download, a large question): so many at once, so many of them for one address, and a fair queue. */

export interface SlotLimits {
  atOnceMax: number
  perAddressMax: number
  waitingMax: number
  waitingPerAddressMax: number
  waitMsMax: number
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
  #taken = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  /** Somebody waits, so whoever holds a place without using it is in somebody's way. */
  get isWanted(): boolean {
    return this.#waiting.size > 0
  }

  get taken(): number {
    return this.#taken
  }

  /**
   * Resolves with how to give the place back, which may be called twice; or with undefined where none came free in time,
   * too many wait already, or the client disconnected.
   */
  async take(address: string, gone: AbortSignal): Promise<(() => void) | undefined> {
    if (gone.aborted) return undefined
    if (this.#hasRoomFor(address)) return this.#hold(address)
    const { waitingMax, waitingPerAddressMax, waitMsMax } = this.#limits
    const alike = [...this.#waiting].filter((one) => one.address === address).length
    if (this.#waiting.size >= waitingMax || alike >= waitingPerAddressMax) return undefined
    return new Promise((resolve) => {
      const end = (give: (() => void) | undefined): void => {
        clearTimeout(timer)
        gone.removeEventListener('abort', leave)
        this.#waiting.delete(waiting)
        resolve(give)
      }
      const leave = (): void => end(undefined)
      const waiting: Waiting = { address, come: () => end(this.#hold(address)) }
      const timer = setTimeout(leave, waitMsMax)
      gone.addEventListener('abort', leave)
      this.#waiting.add(waiting)
    })
  }

  #hasRoomFor(address: string): boolean {
    return this.#taken < this.#limits.atOnceMax && (this.#held.get(address) ?? 0) < this.#limits.perAddressMax
  }

  #hold(address: string): () => void {
    this.#taken++
    this.#held.set(address, (this.#held.get(address) ?? 0) + 1)
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#taken--
      const left = this.#held.get(address)! - 1
      if (left === 0) this.#held.delete(address)
      else this.#held.set(address, left)
      this.#next()?.come()
    }
  }

  /** Whoever holds the fewest; of those, who has waited longest. */
  #next(): Waiting | undefined {
    let next: Waiting | undefined
    let fewest = Infinity
    for (const one of this.#waiting) {
      const held = this.#held.get(one.address) ?? 0
      if (held >= fewest || !this.#hasRoomFor(one.address)) continue
      next = one
      fewest = held
    }
    return next
  }
}
