/** A person's own sensors: whether each works, its newest values, and what is wrong with what it sends. */
import { faults } from '../../model/fault.ts'
import { staysWith } from '../../model/person.ts'
import { coverAll, lastSiteOf, type Device, type Site } from '../../model/place.ts'
import { definitionOf } from '../../model/quantity.ts'
import { dayMs, secondMs, toIso, type UnixMs } from '../../model/time.ts'
import type { OwnDevice, OwnProblem } from '../../contract/own.ts'
import type { LatestReading, ReadingReader } from '../../store/promise/read.ts'
import { coverageReadingsMin } from '../limits.ts'
import { latestOf, shownPlace, stateOf, type SiteViewDeps } from '../now/public-site.ts'
import { ownStreet, type OwnPlaces } from './own-places.ts'

export interface OwnDeviceDeps extends Pick<SiteViewDeps, 'clock' | 'lastSeen'> {
  own: OwnPlaces
  readings: Pick<ReadingReader, 'latest' | 'coverage'>
}

/** Those that are at a place of theirs; oldest first. Removed ones are not among them. */
export function devicesOf(own: OwnPlaces, personId: string): { device: Device; site: Site }[] {
  return own.devices().flatMap((device) => {
    if (device.removedAt !== null || device.isGateway) return []
    const siteId = lastSiteOf(own, device.deviceId)
    const site = siteId === undefined ? undefined : own.site(siteId)
    return site?.personId === personId ? [{ device, site }] : []
  })
}

export async function ownDevices(deps: OwnDeviceDeps, personId: string): Promise<OwnDevice[]> {
  const theirs = devicesOf(deps.own, personId)
  if (theirs.length === 0) return []
  const newest = await deps.readings.latest(theirs.map(({ site }) => site.siteId))
  return Promise.all(theirs.map((one) => ownDevice(deps, one, newest)))
}

async function ownDevice(
  deps: OwnDeviceDeps,
  { device, site }: { device: Device; site: Site },
  newest: readonly LatestReading[]
): Promise<OwnDevice> {
  const { own, clock } = deps
  const { deviceId, dialect, intervalS } = device
  const { siteId, name, placement, homeId, streetId } = site
  // What another box measured here before is the place's, and says nothing of this one.
  const mine = newest.filter((one) => one.siteId === siteId && one.deviceId === deviceId)
  const measured = mine.filter(({ quantity }) => !isHealth(quantity))
  const latest = Object.fromEntries(measured.map((one) => [one.quantity, latestOf(one)]))
  const health = (quantity: string) => {
    const found = mine.find((one) => one.quantity === quantity)
    return found ? latestOf(found) : null
  }
  const heardAt = Math.max(deps.lastSeen(deviceId) ?? -Infinity, ...mine.map((one) => one.measuredAt))
  return {
    deviceId,
    siteId,
    name,
    placement,
    homeId: homeId || null,
    street: ownStreet(own, streetId),
    place: shownPlace(own.sitePlace(siteId)),
    dialect,
    state: stateOf({ places: own, clock, lastSeen: deps.lastSeen }, siteId, mine),
    lastHeard: Number.isFinite(heardAt) ? toIso(heardAt as UnixMs) : null,
    coverage: await coverageOfDay(deps, device, site, measured),
    intervalS,
    battery: health('battery') ?? health('battery_voltage'),
    signal: health('rssi'),
    latest,
    problems: problemsOf(own, site.personId, deviceId)
  }
}

/** Of the quantity that came most completely: which one a box sends more rarely is no sign of trouble. */
async function coverageOfDay(
  { readings, clock }: OwnDeviceDeps,
  { createdAt, intervalS }: Device,
  { siteId }: Site,
  measured: readonly LatestReading[]
): Promise<number | null> {
  const until = clock.now()
  const from = Math.max(until - dayMs, createdAt) as UnixMs
  // A box that was added a minute ago is not to blame for the day before.
  if (intervalS === null || until - from < coverageReadingsMin * intervalS * secondMs) return null
  const each = await Promise.all(
    measured.map(({ quantity }) => readings.coverage({ siteId, quantity, from, until }))
  )
  const known = each.flatMap(({ coverage }) => coverage ?? [])
  return known.length === 0 ? null : Math.min(1, Math.max(...known))
}

/** What a box tells late of a time with its host before stays that host's: of such problems only what kind they are. */
function problemsOf(own: OwnPlaces, personId: string, deviceId: string): OwnProblem[] {
  const theirs = staysWith(own, personId, deviceId)
  return own.problems(deviceId).map(({ code, message, count, firstAt, lastAt, aboutFrom }) => ({
    code,
    message: coverAll(theirs, { from: aboutFrom, until: lastAt }) ? message : faults[code],
    count,
    firstAt: toIso(firstAt),
    lastAt: toIso(lastAt)
  }))
}

function isHealth(quantity: LatestReading['quantity']): boolean {
  return quantity === 'battery' || quantity === 'battery_voltage' || definitionOf(quantity).unit === 'dBm'
}
