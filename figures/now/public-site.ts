/** One outdoor site as the public sees it: its newest readings, and whether its box still reports. */
import { reasonList } from '../../model/flag.ts'
import { deploymentAt, type Site } from '../../model/place.ts'
import type { SitePlace } from '../../model/site-place.ts'
import { definitionOf } from '../../model/quantity.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import { silentMsOf } from '../limits.ts'
import { isLookedBackOn } from '../../science/look-back-limits.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import type { PlaceShown } from '../../contract/place.ts'
import type { PublicSite, SiteDetail, SiteLatest } from '../../contract/street.ts'
import { referenceSites, type Places } from '../places.ts'

export interface SiteViewDeps {
  places: Pick<Places, 'deployments' | 'devices' | 'sitePlace'>
  clock: Clock
  /** When a message of the device last came in, since the hub started; undefined for none. */
  lastSeen(deviceId: string): UnixMs | undefined
}

/**
 * Of the sites of one answer, for which the registry is read once. `newest` may hold other sites too. The caller has checked
 * that the public may see the site.
 */
export function siteViews(deps: SiteViewDeps): (site: Site, newest: readonly LatestReading[]) => PublicSite {
  const [deployments, devices] = [deps.places.deployments(), deps.places.devices()]
  const places = { deployments: () => deployments, devices: () => devices }
  const references = referenceSites(places)
  return (site, newest) => {
    const own = newest.filter((one) => one.siteId === site.siteId)
    return {
      id: site.siteId,
      name: site.name,
      streetId: site.streetId,
      placement: 'outdoor',
      reference: references.has(site.siteId),
      place: shownPlace(deps.places.sitePlace(site.siteId)),
      state: stateOf({ ...deps, places }, site.siteId, own),
      latest: Object.fromEntries(own.map((one) => [one.quantity, latestOf(one)]))
    }
  }
}

/** As its host wants it told; of what is told less, less is kept. */
export function shownPlace({ precision, position, heightM, facing, mount }: SitePlace): PlaceShown {
  return { precision, position: position && [...position], heightM, facing, mount }
}

/** What is known of the box that is there now, or was last; of a place without any, nothing. */
export function hardwareOf({ places, clock }: SiteViewDeps, siteId: string): SiteDetail['hardware'] {
  const deployments = places.deployments().filter((deployment) => deployment.siteId === siteId)
  const deployment = deploymentAt(deployments, clock.now()) ?? deployments.at(-1)
  const device = places.devices().find(({ deviceId }) => deviceId === deployment?.deviceId)
  const since = deployment?.from ?? null
  return {
    dialect: device?.dialect ?? '',
    sensors: [...(device?.sensors ?? [])],
    intervalS: device?.intervalS ?? null,
    intervalAssumed: device?.intervalSource === 'learnt',
    since: since === null ? null : toIso(since),
    unauthenticated: device?.unauthenticated ?? false
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

export interface StateDeps extends Pick<SiteViewDeps, 'clock' | 'lastSeen'> {
  places: Pick<Places, 'deployments' | 'devices'>
}

/** Whether the box of a site reports; the same indoors, for its host. */
export function stateOf(deps: StateDeps, siteId: string, own: readonly LatestReading[]): PublicSite['state'] {
  const now = deps.clock.now()
  const device = deviceAt(deps, siteId, now)
  const seenAt = (device && deps.lastSeen(device.deviceId)) ?? -Infinity
  const measuredAt = Math.max(-Infinity, ...own.map((one) => one.measuredAt))
  const silentMs = silentMsOf(device?.intervalS)
  if (now - measuredAt <= silentMs) return 'online'
  // Readings that failed are not among the newest, so a box can report and have nothing to show for it.
  if (now - seenAt <= silentMs) return 'unusable'
  return own.length === 0 ? 'never' : 'silent'
}

function deviceAt({ places }: StateDeps, siteId: string, now: UnixMs) {
  const deployments = places.deployments().filter((deployment) => deployment.siteId === siteId)
  const deployment = deploymentAt(deployments, now)
  return deployment && places.devices().find((device) => device.deviceId === deployment.deviceId)
}
