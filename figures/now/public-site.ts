/** One outdoor site as the public sees it: its newest readings, and whether its box still reports. */
import { reasonList } from '../../model/flag.ts'
import { deploymentAt, type Site } from '../../model/place.ts'
import { definitionOf } from '../../model/quantity.ts'
import { hourMs, minuteMs, secondMs, toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { isLookedBackOn } from '../../science/look-back-limits.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import type { PublicSite, SiteLatest } from '../../contract/street.ts'
import type { Places } from '../places.ts'

export interface SiteViewDeps {
  places: Pick<Places, 'deployments' | 'devices'>
  clock: Clock
  /** When a message of the device last came in, since the hub started; undefined for none. */
  lastSeen(deviceId: string): UnixMs | undefined
}

/** `newest` may hold other sites too. The caller has checked that the public may see the site. */
export function siteView(deps: SiteViewDeps, site: Site, newest: readonly LatestReading[]): PublicSite {
  const own = newest.filter((one) => one.siteId === site.siteId)
  return {
    id: site.siteId,
    name: site.name,
    streetId: site.streetId,
    placement: 'outdoor',
    state: stateOf(deps, site.siteId, own),
    latest: Object.fromEntries(own.map((one) => [one.quantity, latestOf(one)]))
  }
}

export function latestOf(reading: LatestReading): SiteLatest {
  const { quantity, value, measuredAt, flag, reasons, isJudged = false } = reading
  return {
    value,
    unit: definitionOf(quantity).unit,
    at: toIso(measuredAt),
    flag,
    reasons: reasonList(reasons),
    judged: isJudged || !isLookedBackOn(quantity)
  }
}

/** Whether the box of a site reports; the same indoors, for its host. */
export function stateOf(
  deps: SiteViewDeps,
  siteId: string,
  own: readonly LatestReading[]
): PublicSite['state'] {
  const now = deps.clock.now()
  const device = deviceAt(deps, siteId, now)
  const seenAt = (device && deps.lastSeen(device.deviceId)) ?? -Infinity
  const measuredAt = Math.max(-Infinity, ...own.map((one) => one.measuredAt))
  // Below a minute the batches on the way would already look like silence.
  const silentMs = device?.intervalS ? Math.max(minuteMs, 5 * device.intervalS * secondMs) : hourMs
  if (now - measuredAt <= silentMs) return 'online'
  // Readings that failed are not among the newest, so a box can report and have nothing to show for it.
  if (now - seenAt <= silentMs) return 'unusable'
  return own.length === 0 ? 'never' : 'silent'
}

function deviceAt({ places }: SiteViewDeps, siteId: string, now: UnixMs) {
  const deployments = places.deployments().filter((deployment) => deployment.siteId === siteId)
  const deployment = deploymentAt(deployments, now)
  return deployment && places.devices().find((device) => device.deviceId === deployment.deviceId)
}
