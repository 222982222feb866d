/** Milliseconds as 64-bit integers, without making a BigInt of each. */

const two32 = 2 ** 32

/** Whole numbers of at most 2^53 either side of zero, as little-endian two's complement. */
export function int64sOf(values: Float64Array): BigInt64Array<ArrayBuffer> {
  const halves = new Int32Array(2 * values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const high = Math.floor(value / two32)
    halves[2 * i] = (value - high * two32) | 0
    halves[2 * i + 1] = high
  }
  return new BigInt64Array(halves.buffer)
}
