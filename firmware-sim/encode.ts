/**
 * The native payload, written byte by byte as a microcontroller would: the simulator shares no encoder with the hub.
 * Four million values take a second or so this way.
 */
import { dayMs, type UnixMs } from '../model/time.ts'
import type { Quantity } from '../model/quantity.ts'

/** How a firmware writes its time. All three name a moment; see the payload's description. */
export type TimeStyle = 'iso' | 'unixS' | 'unixMs'

/** 500 objects of at most 250 bytes. */
const bufferBytes = 128 * 1024

const ascii = new TextEncoder()
const digit0 = 48
const comma = 44
const quote = 34

/** A name as it stands in an object, with quotes and colon; made once for a box. */
export type FieldName = Uint8Array

export function fieldName(quantity: Quantity): FieldName {
  return ascii.encode(`"${quantity}":`)
}

const atName = ascii.encode('"at":')
const notANumber = ascii.encode('nan')

export class PayloadWriter {
  readonly #bytes = new Uint8Array(bufferBytes)
  #length = 0
  #day = NaN
  #dayText: Uint8Array = new Uint8Array()

  get isEmpty(): boolean {
    return this.#length === 0
  }

  byte(code: number): void {
    this.#bytes[this.#length++] = code
  }

  /** A comma unless the object has just begun. */
  name(name: FieldName): void {
    if (this.#bytes[this.#length - 1] !== 123) this.#bytes[this.#length++] = comma
    this.#bytes.set(name, this.#length)
    this.#length += name.length
  }

  at(at: UnixMs, style: TimeStyle): void {
    this.name(atName)
    if (style === 'iso') this.#iso(at)
    else this.#whole(style === 'unixS' ? Math.floor(at / 1_000) : at)
  }

  /** Fixed decimals as printf writes them; what is no number is written `nan`, as C does (and JSON forbids). */
  number(value: number, decimals: number): void {
    if (Number.isNaN(value)) {
      this.#bytes.set(notANumber, this.#length)
      this.#length += notANumber.length
      return
    }
    const scale = decimals === 0 ? 1 : decimals === 1 ? 10 : 100
    let scaled = Math.round(value * scale)
    if (scaled < 0) {
      this.byte(45)
      scaled = -scaled
    }
    const whole = Math.floor(scaled / scale)
    this.#whole(whole)
    if (decimals === 0) return
    const rest = scaled - whole * scale
    this.byte(46)
    if (decimals === 2) this.byte(digit0 + Math.floor(rest / 10))
    this.byte(digit0 + (rest % 10))
  }

  /** What was written, as a copy of its own; the writer is empty again. */
  take(): Uint8Array {
    const payload = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return payload
  }

  #whole(value: number): void {
    if (value < 10) {
      this.#bytes[this.#length++] = digit0 + value
      return
    }
    let digits = 2
    for (let limit = 100; value >= limit; limit *= 10) digits++
    this.#length += digits
    let place = this.#length
    let left = value
    while (digits-- > 0) {
      const rest = Math.floor(left / 10)
      this.#bytes[--place] = digit0 + (left - rest * 10)
      left = rest
    }
  }

  /** "2026-11-22T10:00:00Z": whole seconds, as strftime gives them. */
  #iso(at: UnixMs): void {
    const day = Math.floor(at / dayMs)
    if (day !== this.#day) {
      this.#day = day
      this.#dayText = ascii.encode(`"${new Date(day * dayMs).toISOString().slice(0, 11)}`)
    }
    this.#bytes.set(this.#dayText, this.#length)
    this.#length += this.#dayText.length
    const second = Math.floor((at - day * dayMs) / 1_000)
    this.#two(Math.floor(second / 3_600))
    this.byte(58)
    this.#two(Math.floor(second / 60) % 60)
    this.byte(58)
    this.#two(second % 60)
    this.byte(90)
    this.byte(quote)
  }

  #two(value: number): void {
    this.byte(digit0 + Math.floor(value / 10))
    this.byte(digit0 + (value % 10))
  }
}

export interface Status {
  battery: number | null
  rssi: number
  firmware: string
  uptimeS: number
}

/** What a box says of itself on its `status` topic. */
export function statusPayload({ battery, ...rest }: Status): Uint8Array {
  return ascii.encode(JSON.stringify(battery === null ? rest : { battery: Math.round(battery), ...rest }))
}

/** Bare words of the `status` topic: presence, and the last will. */
export const onlinePayload = ascii.encode('online')
export const offlinePayload = ascii.encode('offline')
