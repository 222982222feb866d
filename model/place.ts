/** Streets, the sites on them, the devices installed there, and which was where from when until when. */
import type { SensorFamily } from './sensor.ts'
import type { UnixMs } from './time.ts'

/** Longitude and latitude, WGS 84, in degrees: the order of GeoJSON (RFC 7946 section 3.1.1). */
export type Position = readonly [longitude: number, latitude: number]

export interface Street {
  streetId: string
  name: string
  /** A street on a map is often split at its junctions: one line a piece. Empty when nobody drew it yet. */
  lines: readonly (readonly Position[])[]
  /** Who must be named wherever the lines are drawn ("© OpenStreetMap contributors, ODbL 1.0"); '' for nobody. */
  attribution: string
}

export type Placement = 'outdoor' | 'indoor'

export interface Site {
  siteId: string
  streetId: string
  name: string
  placement: Placement
  /** Indoor sites of one dwelling share it: privacy rules count homes, not sensors. '' outdoors. */
  homeId: string
  /** Its host now: indoors the person of the home. */
  personId: string
}

export interface Device {
  deviceId: string
  name: string
  dialect: string
  /** What is in the box, as far as somebody said it: limits and corrections depend on it. */
  sensors: readonly SensorFamily[]
  /** Seconds between readings, as somebody said it or as learnt from what came; null when not known yet. */
  intervalS: number | null
  intervalSource: 'given' | 'dialect' | 'learnt' | null
  createdAt: UnixMs
  removedAt: UnixMs | null
  /** A credential behind which many boxes speak; it has no place, and its boxes are devices of their own. */
  isGateway: boolean
  /** Its firmware can hold no secret, so anybody who knows its address can speak for it. */
  unauthenticated: boolean
  /** An instrument that others are compared with: shown as such, and mixed into no street's value. */
  isReference: boolean
}

/** A device at a site, from inclusive, until exclusive; null reaches without limit. */
export interface Deployment {
  deviceId: string
  siteId: string
  from: UnixMs | null
  until: UnixMs | null
}

/** Ids in topics, paths and file names: they must survive all three. */
export const idPattern = /^[a-z0-9][a-z0-9-]{0,47}$/

/** Where a device was at a moment: the deployment that covers it, if any. Asked for each reading, so without a closure. */
export function deploymentAt(deployments: readonly Deployment[], at: UnixMs): Deployment | undefined {
  for (const deployment of deployments) if (covers(deployment, at)) return deployment
  return undefined
}

export function covers({ from, until }: Pick<Deployment, 'from' | 'until'>, at: UnixMs): boolean {
  return (from === null || from <= at) && (until === null || at < until)
}

/**
 * Whether these stays, in the order in which they began, cover all from … to the moment `until` without a gap. A `from` of null is
 * a time that nobody knows: it may be any.
 */
export function coverAll(
  stays: readonly Pick<Deployment, 'from' | 'until'>[],
  range: { from: UnixMs | null; until: UnixMs }
): boolean {
  let covered = range.from ?? -Infinity
  for (const { from, until } of stays) {
    if (until !== null && until <= covered) continue
    if (from !== null && from > covered) return false
    covered = until ?? Infinity
    if (covered > range.until) return true
  }
  return false
}

/** Where a device is, or was last: its deployments come in the order in which they began. undefined where it never was. */
export function lastSiteOf(
  registry: { deployments(deviceId: string): readonly Deployment[] },
  deviceId: string
): string | undefined {
  return registry.deployments(deviceId).at(-1)?.siteId
}
