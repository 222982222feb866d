/**
 * Boxes behind gateways that nobody claimed: what there is to choose from, and never a value. In memory, for a day: what a gateway
 * hears of neighbours is none of the hub's business.
 */
import { createHash } from 'node:crypto'
import type { HeardThing, ThingKey } from '../model/gateway.ts'
import type { MeasuredQuantity } from '../model/quantity.ts'
import type { UnixMs } from '../model/time.ts'
import { heardKeepMs, heardThingsMax, heardThingsPerGatewayMax } from './limits.ts'

export class HeardThings {
  readonly #gateways = new Map<string, Map<string, HeardThing>>()
  #count = 0

  /** False when there is no room for one more: a gateway that invents boxes fills its own list and nothing else. */
  note(
    gatewayId: string,
    key: ThingKey,
    { name, quantities }: Pick<HeardThing, 'name'> & { quantities: readonly MeasuredQuantity[] },
    at: UnixMs
  ): boolean {
    let things = this.#gateways.get(gatewayId)
    if (!things) this.#gateways.set(gatewayId, (things = new Map()))
    const text = `${key.scope}\0${key.address}`
    const known = things.get(text)
    if (known) {
      known.lastAt = at
      if (name !== '') known.name = name
      for (const quantity of quantities)
        if (!known.quantities.includes(quantity)) known.quantities.push(quantity)
      return true
    }
    if (things.size >= heardThingsPerGatewayMax || this.#count >= heardThingsMax) this.#forget(at)
    if (things.size >= heardThingsPerGatewayMax || this.#count >= heardThingsMax) return false
    const thing = {
      ...key,
      thingId: thingIdOf(key),
      gatewayId,
      name,
      quantities: [...quantities],
      firstAt: at,
      lastAt: at
    }
    things.set(text, thing)
    this.#count++
    return true
  }

  /** Somebody claimed it: it is no longer one to choose. */
  claimed({ scope, address, dialect }: ThingKey): void {
    for (const things of this.#gateways.values()) {
      const thing = things.get(`${scope}\0${address}`)
      if (thing?.dialect !== dialect) continue
      things.delete(`${scope}\0${address}`)
      this.#count--
    }
  }

  /** Of one gateway, or of all; newest first. */
  list(now: UnixMs, gatewayId?: string): HeardThing[] {
    this.#forget(now)
    return [...this.#gateways]
      .filter(([id]) => gatewayId === undefined || id === gatewayId)
      .flatMap(([, things]) =>
        [...things.values()].map((thing) => ({ ...thing, quantities: [...thing.quantities] }))
      )
      .toSorted((a, b) => b.lastAt - a.lastAt)
  }

  #forget(now: UnixMs): void {
    for (const [gatewayId, things] of this.#gateways) {
      for (const [text, thing] of things) {
        if (now - thing.lastAt <= heardKeepMs) continue
        things.delete(text)
        this.#count--
      }
      if (things.size === 0) this.#gateways.delete(gatewayId)
    }
  }
}

/** `t-k3v7m2qa`: the same for the same box after every restart. 40 bits, among thousands. */
export function thingIdOf({ dialect, scope, address }: ThingKey): string {
  const digest = createHash('sha256').update(`${dialect}\0${scope}\0${address}`).digest()
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  return `t-${[...digest.subarray(0, 8)].map((byte) => letters[byte % letters.length]!).join('')}`
}
