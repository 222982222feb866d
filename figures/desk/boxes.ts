/**
 * Every box as the stewards' desk shows it: whether it is well, and what is the matter with it. Of indoor boxes no value and no
 * number, only that something is the matter.
 */
import { illnesses, type DeskBox, type DeskProblem, type Illness } from '../../contract/desk/boxes.ts'
import { harmlessFaults, type FaultCode } from '../../model/fault.ts'
import { coverAll, lastSiteOf, type Device, type Site } from '../../model/place.ts'
import { hourMs, toIso, type Clock, type UnixMs } from '../../model/time.ts'
import type { ProblemSummary, Registry } from '../../registry/registry.ts'
import type { Failures, LatestReading, ReadingReader } from '../../store/promise/read.ts'
import { batteryLowPercent, signalWeakDbm } from '../../model/limits.ts'
import { deskFailuresMs, deskProblemsMs, failingReadingsMin, silentMsOf } from '../limits.ts'

export interface DeskBoxDeps {
  registry: Pick<Registry, 'devices' | 'deployments' | 'site' | 'street' | 'person' | 'problems' | 'gateways'>
  readings: Pick<ReadingReader, 'latest' | 'failures'>
  /** When a message of the device last came in, since the hub started; undefined for none. */
  lastSeen(deviceId: string): UnixMs | undefined
  /** Devices with messages for which they had no place. */
  held(): Promise<readonly { deviceId: string; isBack: boolean }[]>
  clock: Clock
}

/** Boxes that are not removed: those that need hands first, the worst of them first. */
export async function deskBoxes(deps: DeskBoxDeps): Promise<DeskBox[]> {
  const { registry, readings, clock } = deps
  const now = clock.now()
  const devices = registry.devices().filter(({ removedAt, isGateway }) => removedAt === null && !isGateway)
  const since = { from: (now - deskFailuresMs) as UnixMs, until: now }
  const [newest, failures, held] = await Promise.all([
    readings.latest(),
    readings.failures(since),
    deps.held()
  ])
  const gathered: Gathered = {
    now,
    newest: Map.groupBy(newest, ({ deviceId }) => deviceId),
    failing: failingDevices(failures),
    held: new Map(held.map((one) => [one.deviceId, one])),
    problems: Map.groupBy(registry.problems(), ({ deviceId }) => deviceId),
    siteOf: (deviceId) => registry.site(lastSiteOf(registry, deviceId) ?? '')
  }
  return devices.map((device) => boxOf(deps, device, gathered)).toSorted(worstFirst)
}

interface Gathered {
  now: UnixMs
  newest: ReadonlyMap<string, readonly LatestReading[]>
  failing: ReadonlySet<string>
  held: ReadonlyMap<string, { isBack: boolean }>
  problems: ReadonlyMap<string, readonly ProblemSummary[]>
  siteOf(deviceId: string): Site | undefined
}

function boxOf({ registry, lastSeen }: DeskBoxDeps, device: Device, gathered: Gathered): DeskBox {
  const { deviceId, dialect, createdAt } = device
  const site = gathered.siteOf(deviceId)
  const street = site && registry.street(site.streetId)
  const host = site && registry.person(site.personId)
  const newest = gathered.newest.get(deviceId) ?? []
  const measuredAt = Math.max(-Infinity, ...newest.map((one) => one.measuredAt))
  const heardAt = Math.max(measuredAt, lastSeen(deviceId) ?? -Infinity)
  const outdoors = registry
    .deployments(deviceId)
    .filter((stay) => registry.site(stay.siteId)?.placement === 'outdoor')
  const recent = (gathered.problems.get(deviceId) ?? []).filter(
    ({ lastAt }) => gathered.now - lastAt <= deskProblemsMs
  )
  return {
    deviceId,
    name: site?.name || device.name,
    siteId: site?.siteId ?? null,
    street: street ? { id: street.streetId, name: street.name } : null,
    placement: site?.placement ?? null,
    dialect,
    host: host ? { personId: host.personId, name: host.name } : null,
    addedAt: toIso(createdAt),
    lastHeard: Number.isFinite(heardAt) ? toIso(heardAt as UnixMs) : null,
    ill: illnessesOf(device, { measuredAt, heardAt, newest, recent, gathered, isPlaced: site !== undefined }),
    problems: recent
      .toSorted((a, b) => b.lastAt - a.lastAt)
      .map((one) => shownProblem(one, coverAll(outdoors, { from: one.aboutFrom, until: one.lastAt })))
  }
}

interface Signs {
  measuredAt: number
  heardAt: number
  newest: readonly LatestReading[]
  recent: readonly ProblemSummary[]
  gathered: Gathered
  isPlaced: boolean
}

function illnessesOf(device: Device, signs: Signs): Illness[] {
  const { measuredAt, heardAt, newest, recent, gathered } = signs
  const { now, held, failing } = gathered
  const { deviceId, createdAt, intervalS } = device
  const silentMs = silentMsOf(intervalS)
  const found = new Set<Illness>()
  const waits = held.get(deviceId)
  if (waits) found.add(waits.isBack ? 'paused' : 'unplaced')
  if (heardAt === -Infinity) {
    // Somebody may be on the way to it with the settings in hand.
    if (now - createdAt > hourMs) found.add('never')
  } else if (now - heardAt > silentMs) found.add('silent')
  else if (!waits && now - measuredAt > Math.max(silentMs, hourMs)) found.add('unusable')
  if (failing.has(deviceId)) found.add('failing')
  if (recent.some(({ code }) => !harmlessFaults.has(code as FaultCode))) found.add('problems')
  const health = (quantity: string): number | undefined =>
    newest.find((one) => one.quantity === quantity)?.value
  if ((health('battery') ?? 100) < batteryLowPercent) found.add('batteryLow')
  if ((health('rssi') ?? 0) <= signalWeakDbm(device.dialect)) found.add('signalWeak')
  return illnesses.filter((one) => found.has(one))
}

/** Readings that failed their checks, so many that the sensor is to blame and not the moment. */
function failingDevices(failures: readonly Failures[]): Set<string> {
  const counts = new Map<string, number>()
  for (const { deviceId, count } of failures) counts.set(deviceId, (counts.get(deviceId) ?? 0) + count)
  return new Set([...counts].flatMap(([deviceId, count]) => (count >= failingReadingsMin ? [deviceId] : [])))
}

/** What a box tells of a time indoors stays private after it has left, however late it tells it; so does what nobody can date. */
function shownProblem({ code, message, count, lastAt }: ProblemSummary, wasOutdoors: boolean): DeskProblem {
  return {
    code,
    message: wasOutdoors ? message : null,
    count: wasOutdoors ? count : null,
    lastAt: toIso(lastAt)
  }
}

function worstFirst(a: DeskBox, b: DeskBox): number {
  const rank = ({ ill }: DeskBox): number =>
    ill.length === 0 ? illnesses.length : illnesses.indexOf(ill[0]!)
  return rank(a) - rank(b) || a.name.localeCompare(b.name, 'en', { numeric: true })
}
