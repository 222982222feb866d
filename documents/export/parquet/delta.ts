/**
 * DELTA_BINARY_PACKED of Apache Parquet's encodings: whole numbers as differences, in blocks of 128 that each pay for the
 * spread of their differences alone. A sensor's regular times take a few bits each.
 */

const blockValues = 128
const miniblocks = 4
const miniblockValues = blockValues / miniblocks

/** Bytes of a number of 53 bits, in groups of seven; differences are at most that far apart. */
const varintBytes = 8

/** Whole numbers below 2^53 either side of zero, as INT64. */
export function deltaBinaryPacked(values: Float64Array): Uint8Array {
  const blocks = Math.ceil(Math.max(0, values.length - 1) / blockValues)
  // Each value at its widest, and of each block the least difference and the widths.
  const out = new ByteSink(64 + blocks * (blockValues * varintBytes + varintBytes + miniblocks))
  out.varint(blockValues)
  out.varint(miniblocks)
  out.varint(values.length)
  out.zigzag(values[0] ?? 0)
  const deltas = new Float64Array(blockValues)
  for (let at = 1; at < values.length; at += blockValues) {
    const count = Math.min(blockValues, values.length - at)
    let least = Infinity
    for (let i = 0; i < count; i++) {
      const delta = values[at + i]! - values[at + i - 1]!
      deltas[i] = delta
      if (delta < least) least = delta
    }
    for (let i = 0; i < count; i++) deltas[i]! -= least
    deltas.fill(0, count)
    writeBlock(out, least, deltas)
  }
  return out.bytes()
}

/** All four widths are always there; a miniblock that the values do not reach is zero bits wide. */
function writeBlock(out: ByteSink, least: number, above: Float64Array): void {
  out.zigzag(least)
  const widths = Array.from({ length: miniblocks }, (_, mini) => {
    let highest = 0
    for (let i = mini * miniblockValues; i < (mini + 1) * miniblockValues; i++)
      if (above[i]! > highest) highest = above[i]!
    return bitsOf(highest)
  })
  for (const width of widths) out.byte(width)
  widths.forEach((width, mini) => out.packed(above, mini * miniblockValues, miniblockValues, width))
}

export function bitsOf(value: number): number {
  return value < 2 ** 32 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 2 ** 32))
}

/** Twenty-four bits go into a 32-bit number beside up to seven that wait. */
const partBits = 24

/** Bytes that come one after another, in room that is known beforehand. */
class ByteSink {
  readonly #bytes: Uint8Array
  #end = 0

  constructor(room: number) {
    this.#bytes = new Uint8Array(room)
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end)
  }

  byte(value: number): void {
    this.#bytes[this.#end++] = value
  }

  varint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 0x80) + 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.byte(rest)
  }

  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /** The lowest bits first; `count` times `width` is a whole number of bytes. */
  packed(values: Float64Array, from: number, count: number, width: number): void {
    if (width === 0) return
    let waiting = 0
    let used = 0
    for (let i = from; i < from + count; i++) {
      let rest = values[i]!
      for (let left = width; left > 0; left -= partBits) {
        const bits = Math.min(left, partBits)
        // Above 2^32 bitwise operators would cut the number.
        const low = left > partBits ? rest % 2 ** partBits : rest
        if (left > partBits) rest = Math.floor(rest / 2 ** partBits)
        waiting |= low << used
        used += bits
        while (used >= 8) {
          this.#bytes[this.#end++] = waiting & 0xff
          waiting >>>= 8
          used -= 8
        }
      }
    }
  }
}
