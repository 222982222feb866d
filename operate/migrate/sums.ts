/** Counts and checksums of what a store keeps, by series: two stores that keep the same have the same. */
import type { Reading } from '../../model/reading.ts'
import type { ReadingDumper } from '../../store/promise/copy.ts'

export interface SeriesSum {
  readings: number
  /** Of all that is kept of them, whatever their order. */
  checksum: string
}

export async function sumsOf(
  store: ReadingDumper,
  onReadings: (readings: number) => void
): Promise<Map<string, SeriesSum>> {
  const sums = new Map<string, Sum>()
  for await (const { readings } of store.dump(null)) {
    for (const reading of readings) {
      const name = `${reading.siteId} ${reading.deviceId} ${reading.quantity}`
      let sum = sums.get(name)
      if (!sum) sums.set(name, (sum = new Sum()))
      sum.add(reading)
    }
    onReadings(readings.length)
  }
  return new Map([...sums].map(([name, sum]) => [name, sum.result()]))
}

/** Series in which the two differ. */
export function differences(
  source: ReadonlyMap<string, SeriesSum>,
  target: ReadonlyMap<string, SeriesSum>
): { siteId: string; words: string }[] {
  const names = new Set([...source.keys(), ...target.keys()])
  return [...names].flatMap((name) => {
    const [there, here] = [source.get(name), target.get(name)]
    if (there?.readings === here?.readings && there?.checksum === here?.checksum) return []
    const [was, is] = [there?.readings ?? 0, here?.readings ?? 0]
    const [siteId = ''] = name.split(' ')
    const words = was === is ? `${name}: different values` : `${name}: ${is} readings instead of ${was}`
    return [{ siteId, words }]
  })
}

const fields = new Float64Array(7)
const words = new Uint32Array(fields.buffer)

/**
 * Each reading is hashed (two 32-bit multiplicative hashes over the bits of its numbers), and the hashes are added, so that
 * neither order nor the size of pieces matters.
 */
class Sum {
  #readings = 0
  #a = 0
  #b = 0

  add({ measuredAt, receivedAt, value, flag, reasons, sequence, importId }: Reading): void {
    this.#readings++
    // Minus zero is zero: a text protocol need not tell them apart.
    fields.set([measuredAt, receivedAt, value + 0, flag, reasons, sequence, importId])
    let a = 0x811c9dc5
    let b = 0x9e3779b9
    for (const word of words) {
      a = Math.imul(a ^ word, 0x01000193)
      a ^= a >>> 15
      b = Math.imul(b ^ word, 0x85ebca6b)
      b ^= b >>> 13
    }
    this.#a = (this.#a + (a >>> 0)) % 2 ** 32
    this.#b = (this.#b + (b >>> 0)) % 2 ** 32
  }

  result(): SeriesSum {
    const hex = (half: number): string => half.toString(16).padStart(8, '0')
    return { readings: this.#readings, checksum: hex(this.#a) + hex(this.#b) }
  }
}
