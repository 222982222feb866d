/** CBOR (RFC 8949) as small devices write it: no tags with a meaning, no indefinite strings. Pure. */
import { cborDepthMax } from './limits.ts'

/** The value of a whole CBOR item; undefined where the bytes are none. Keys become text. */
export function readCbor(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes)
  try {
    const value = reader.item(0)
    return reader.isAtEnd ? value : undefined
  } catch (cause) {
    // Past the end a DataView throws RangeError; the reader throws its own for what it does not know.
    if (cause instanceof RangeError || cause instanceof NotCbor) return undefined
    throw cause
  }
}

class NotCbor extends Error {}

const breakByte = 0xff

class Reader {
  readonly #view: DataView
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  item(depth: number): unknown {
    if (depth > cborDepthMax) throw new NotCbor()
    const first = this.#view.getUint8(this.#at++)
    const [major, info] = [first >> 5, first & 31]
    switch (major) {
      case 0:
        return this.#argument(info)
      case 1:
        return -1 - this.#argument(info)
      case 2:
        return this.#string(info)
      case 3:
        return new TextDecoder().decode(this.#string(info))
      case 4:
        return this.#list(info, depth)
      case 5:
        return this.#map(info, depth)
      case 6:
        this.#argument(info)
        return this.item(depth + 1)
      default:
        return this.#simple(info)
    }
  }

  #argument(info: number): number {
    if (info < 24) return info
    const at = this.#at
    if (info === 24) return this.#moved(1, this.#view.getUint8(at))
    if (info === 25) return this.#moved(2, this.#view.getUint16(at))
    if (info === 26) return this.#moved(4, this.#view.getUint32(at))
    if (info === 27) return this.#moved(8, Number(this.#view.getBigUint64(at)))
    throw new NotCbor()
  }

  #moved<T>(count: number, value: T): T {
    this.#at += count
    return value
  }

  #string(info: number): Uint8Array {
    const length = this.#argument(info)
    if (length > this.#bytes.length - this.#at) throw new NotCbor()
    return this.#moved(length, this.#bytes.subarray(this.#at, this.#at + length))
  }

  #list(info: number, depth: number): unknown[] {
    const list: unknown[] = []
    this.#each(info, () => list.push(this.item(depth + 1)))
    return list
  }

  #map(info: number, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = []
    this.#each(info, () => entries.push([String(this.item(depth + 1)), this.item(depth + 1)]))
    return Object.fromEntries(entries)
  }

  /** Each entry takes a byte at least, so a length that lies costs nothing. */
  #each(info: number, take: () => void): void {
    if (info === 31) {
      while (this.#view.getUint8(this.#at) !== breakByte) take()
      this.#at++
      return
    }
    const count = this.#argument(info)
    if (count > this.#bytes.length - this.#at) throw new NotCbor()
    for (let i = 0; i < count; i++) take()
  }

  #simple(info: number): unknown {
    const at = this.#at
    switch (info) {
      case 20:
      case 21:
        return info === 21
      case 22:
      case 23:
        return null
      case 25:
        return this.#moved(2, this.#view.getFloat16(at))
      case 26:
        // A decimal in four bytes is meant as it is written: 18.4 and not 18.399999618530273.
        return this.#moved(4, Number(this.#view.getFloat32(at).toPrecision(7)))
      case 27:
        return this.#moved(8, this.#view.getFloat64(at))
      default:
        throw new NotCbor()
    }
  }
}
