/**
 * Brings lines to the server so that none is lost: what it refuses for good is found, and the rest is kept. Pure but for
 * the sending, which is handed in.
 */
import type { Refusal } from './server.ts'

/** A line and what it is made of. */
export interface Parcel<What> {
  text: string
  time: number
  what: What
  /** The same as lines of their own, smaller ones: what one of them is refused for, the others need not suffer. */
  parts(): Parcel<What>[]
}

export interface Refused<What> {
  parcel: Parcel<What>
  reason: string
}

export type Send = (lines: readonly string[]) => Promise<Refusal | undefined>

/**
 * Resolves with what was refused; everything else is on the server's disk. An outage is thrown, and then the whole is to
 * be delivered again: the same line twice is there once.
 *
 * The server names what it refuses, so one bad line of thousands takes a handful of requests. Where its words do not
 * suffice the lines are halved until they do, at most two requests for each halving.
 */
export async function deliver<What>(parcels: readonly Parcel<What>[], send: Send): Promise<Refused<What>[]> {
  const delivery = new Delivery<What>(send)
  await delivery.take(parcels)
  return delivery.refused
}

class Delivery<What> {
  readonly refused: Refused<What>[] = []
  readonly #send: Send

  constructor(send: Send) {
    this.#send = send
  }

  async take(parcels: readonly Parcel<What>[]): Promise<void> {
    if (parcels.length === 0) return
    const refusal = await this.#send(parcels.map(({ text }) => text))
    if (refusal) await this.#find(parcels, refusal)
  }

  /** Something of these is refused. */
  async #find(parcels: readonly Parcel<What>[], refusal: Refusal): Promise<void> {
    if (parcels.length === 1) return this.#settle(parcels, refusal)
    const suspects = suspectsOf(parcels, refusal)
    if (suspects.length === 0 || suspects.length === parcels.length) {
      if (suspects.length > 0 && refusal.dropped === parcels.length) return this.#settle(parcels, refusal)
      return this.#halve(parcels)
    }
    // A line that is quoted is refused. The others are only likely to be, so they are asked for alone.
    if (refusal.kept === 'none') await this.#settle(suspects, refusal)
    else await this.take(suspects)
    const suspected = new Set(suspects)
    await this.take(parcels.filter((parcel) => !suspected.has(parcel)))
  }

  /** If the first half is taken, the other one is to blame and need not be asked for as a whole. */
  async #halve(parcels: readonly Parcel<What>[]): Promise<void> {
    const middle = Math.ceil(parcels.length / 2)
    const [first, second] = [parcels.slice(0, middle), parcels.slice(middle)]
    const refusal = await this.#send(first.map(({ text }) => text))
    if (refusal) {
      await this.#find(first, refusal)
      await this.take(second)
    } else if (second.length > 1) await this.#halve(second)
    else await this.take(second)
  }

  /** All of these are refused: what can be taken apart is, and the rest is set aside. */
  async #settle(parcels: readonly Parcel<What>[], refusal: Refusal): Promise<void> {
    const parts: Parcel<What>[] = []
    for (const parcel of parcels) {
      const of = parcel.parts()
      if (of.length > 1) parts.push(...of)
      else this.refused.push({ parcel, reason: reasonOf(parcel, refusal) })
    }
    await this.take(parts)
  }
}

function suspectsOf<What>(parcels: readonly Parcel<What>[], refusal: Refusal): readonly Parcel<What>[] {
  const { kept, dropped, message } = refusal
  if (kept === 'none') {
    const quoted = quotedLines(message)
    return parcels.filter(({ text }) => quoted.has(text))
  }
  if (dropped === parcels.length) return parcels
  const field = /input field "([^"]+)"/.exec(message)?.[1]
  const likely =
    field !== undefined
      ? parcels.filter(({ text }) => text.includes(`${field}=`))
      : parcels.toSorted((a, b) => a.time - b.time).slice(0, dropped)
  return likely.length === dropped ? likely : []
}

const quotedLine = /unable to parse '([^\n]*)': ([^\n]*)/g

/** What the server says of each line that it could not read. */
function quotedLines(message: string): Map<string, string> {
  return new Map([...message.matchAll(quotedLine)].map(([, line = '', why = '']) => [line, why]))
}

function reasonOf({ text }: Parcel<unknown>, { message }: Refusal): string {
  return quotedLines(message).get(text) ?? message
}
