/**
 * Numbers for entities, made from what they are: the same after a restart, in another store and on a restored hub, without a
 * list that somebody must keep. Some clients, and OGC's own test suite, take numbers alone.
 */

/** 52 bits of a text: what a JSON number holds exactly. Of 100,000 entities two share one with a probability of one in a million. */
export function numberOf(text: string): number {
  // Two multiplicative hashes with different seeds, mixed at the end (MurmurHash3's finaliser).
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    low = Math.imul(low ^ unit, 2654435761)
    high = Math.imul(high ^ unit, 1597334677)
  }
  return (mixed(high) & 0xfffff) * 2 ** 32 + (mixed(low) >>> 0)
}

function mixed(bits: number): number {
  const once = Math.imul(bits ^ (bits >>> 16), 2246822507)
  const twice = Math.imul(once ^ (once >>> 13), 3266489909)
  return twice ^ (twice >>> 16)
}

/**
 * An Observation's id is the number of its series followed by its time, 13 digits of milliseconds since 1874-12-08 (so that
 * readings from before 1970 have one): at most 19 digits below 2^63, which is what Java's numbers hold.
 */
const timeDigits = 13
const timeOffsetMs = 3e12

export interface NumberRange {
  first: number
  count: number
}

/** Of boxes and quantities: six digits, and below the 922,337 at which the whole would pass 2^63. */
export const readingNumbers: NumberRange = { first: 100_000, count: 820_000 }
/** Of what is published of a street's homes. */
export const publishedNumbers: NumberRange = { first: 920_000, count: 2_300 }
/** Where a range is half full, so that a free number would be searched for long; ids are then longer than 19 digits. */
const firstLongNumber = 10_000_000

/**
 * A number for each key, in the order given: what comes later never changes an earlier one's. It depends on the key alone unless
 * two fall together, so a hub that is set up again from the same registry gives the same.
 */
export class SeriesNumbers {
  readonly #range: NumberRange
  readonly #numbers = new Map<string, number>()
  readonly #taken = new Set<number>()

  constructor(range: NumberRange, keys: Iterable<string>) {
    this.#range = range
    for (const key of keys) this.#add(key)
  }

  of(key: string): number | undefined {
    return this.#numbers.get(key)
  }

  #add(key: string): void {
    const { first, count } = this.#range
    const isFull = this.#numbers.size * 2 > count
    let number = isFull ? firstLongNumber + numberOf(key) : first + (numberOf(key) % count)
    while (this.#taken.has(number)) number = !isFull && number === first + count - 1 ? first : number + 1
    this.#numbers.set(key, number)
    this.#taken.add(number)
  }
}

export function observationId(series: number, at: number): string {
  return `${series}${String(at + timeOffsetMs).padStart(timeDigits, '0')}`
}

/** undefined for what is no such id. */
export function partsOfObservationId(id: string): { series: number; at: number } | undefined {
  if (!/^\d{19,34}$/.test(id)) return undefined
  const at = Number(id.slice(-timeDigits)) - timeOffsetMs
  return { series: Number(id.slice(0, -timeDigits)), at }
}
