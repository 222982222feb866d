/** Gateways, and the boxes that speak through them. */
import type { MeasuredQuantity } from './quantity.ts'
import type { UnixMs } from './time.ts'

/** What a thing is known by: a serial is one everywhere, a name only behind its own gateway. */
export interface ThingKey {
  dialect: string
  /** The gateway behind which the address is a name; '' where it is one everywhere. */
  scope: string
  address: string
}

/** A box behind a gateway that somebody claimed: what it says is the device's. */
export interface Thing extends ThingKey {
  /** What its owner calls it; '' where that is not known. */
  name: string
  deviceId: string
  claimedAt: UnixMs
}

/** A box that was heard behind a gateway and that nobody claimed: what there is to choose from, and never a value. */
export interface HeardThing extends ThingKey {
  /** Short and typed by hand: what `gateway claim` takes. */
  thingId: string
  gatewayId: string
  name: string
  quantities: MeasuredQuantity[]
  firstAt: UnixMs
  lastAt: UnixMs
}

/** What gateways brought since the hub started. */
export interface GatewayEars {
  /** Boxes to choose from, of one gateway or of all; those heard last come first. */
  heard(gatewayId?: string): HeardThing[]
  /** Somebody claimed it; its next message is its device's. */
  claimed(key: ThingKey): void
}
