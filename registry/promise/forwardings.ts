/** What others may ask of forwarding: which boxes' readings go on to another network, because their host wants it. */
import type { UnixMs } from '../../model/time.ts'

export interface Forwarding {
  deviceId: string
  /** As sensor.community knows the box: `esp8266-12345678`. */
  node: string
  /** Who said so, and when. */
  by: string
  since: UnixMs
}

export interface Forwardings {
  forwardings(): readonly Forwarding[]
  forward(forwarding: Forwarding): void
  /** False where it was not forwarded. */
  endForwarding(deviceId: string): boolean
}
