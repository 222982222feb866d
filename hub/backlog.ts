/** How long the oldest message that is not stored yet has waited, from looks at how far the journal was when. Pure. */
import type { UnixMs } from '../model/time.ts'

/** Looks kept: an hour of them, one every five seconds; beyond that every second one goes. */
const looksMax = 720

export class Backlog {
  #looks: { sequence: number; at: UnixMs }[] = []

  look(lastSequence: number, at: UnixMs): void {
    if (this.#looks.at(-1)?.sequence === lastSequence) return
    this.#looks.push({ sequence: lastSequence, at })
    if (this.#looks.length > looksMax) this.#looks = this.#looks.filter((_look, i) => i % 2 === 1)
  }

  /** At most one look too short; 0 when everything is stored. */
  ageMs(checkpoint: number, lastSequence: number, now: UnixMs): number {
    if (checkpoint >= lastSequence) return 0
    const behind = this.#looks.find(({ sequence }) => sequence > checkpoint)
    return behind ? Math.max(0, now - behind.at) : 0
  }
}
