/** Gateways, and the boxes that speak through them. */
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
