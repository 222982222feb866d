/** What of a person's sensors, rooms and reports they should be told now: each cause once, with all that it is about. */
import type { OwnDevice } from '../../contract/own.ts'
import { cornerFactor } from '../../figures/own/own-diary.ts'
import { ownDevices } from '../../figures/own/own-devices.ts'
import { ownRooms } from '../../figures/own/own-places.ts'
import { outdoorSites } from '../../figures/own/own-damp.ts'
import { roomDamp } from '../../figures/period/damp.ts'
import type { AlertSettings } from '../../model/alert.ts'
import { reasonList } from '../../model/flag.ts'
import { coverageMin } from '../../model/limits.ts'
import { dayMs, parseIsoZoned, secondMs, type Clock, type UnixMs } from '../../model/time.ts'
import { civilDay } from '../../science/guidelines.ts'
import { isRepairRulesId, repairRules } from '../../science/repair-rules.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import {
  batteryAlert,
  dampAlert,
  deadlineAlert,
  digestAlert,
  handsAlert,
  isBatteryLow,
  silentAlert,
  stuckAlert,
  type AlertContext,
  type AlertFound,
  type DampWeek,
  type PassedDeadline
} from '../../words/alerts.ts'
import { answerTo, deadlinesFor } from '../records/letters.ts'
import type { Rooms } from '../rooms.ts'
import { dampShareMin, deadlineReminderMsMax, silentMsMin, stuckReadingsMin } from './limits.ts'

export interface FindDeps extends Pick<Rooms, 'registry' | 'timezone' | 'lastSeen'> {
  readings: ReadingReader
  clock: Clock
}

export async function findAlerts(
  deps: FindDeps,
  personId: string,
  settings: AlertSettings,
  context: AlertContext
): Promise<AlertFound[]> {
  const { registry: own, readings, clock, lastSeen, timezone } = deps
  const now = clock.now()
  const day = civilDay(now, timezone)
  const wants = (choice: AlertSettings['causes'][number]): boolean => settings.causes.includes(choice)
  const devices = await ownDevices({ own, readings, clock, lastSeen }, personId)
  const options = { day, withReadings: settings.withReadings }
  const found: AlertFound[] = []
  const about = (which: OwnDevice[], say: (which: readonly OwnDevice[]) => AlertFound): void => {
    if (which.length > 0) found.push(say(which))
  }
  if (wants('silent'))
    about(
      devices.filter((one) => isSilent(one, now)),
      (which) => silentAlert(context, which, options)
    )
  if (wants('battery')) about(devices.filter(isBatteryLow), (which) => batteryAlert(context, which, options))
  if (wants('hands'))
    about(
      devices.filter(({ state }) => state === 'unusable'),
      (which) => handsAlert(context, which, options)
    )
  if (wants('stuck')) {
    const stuck = await stuckSites(deps, devices, now)
    about(
      devices.filter(({ siteId }) => stuck.has(siteId)),
      (which) => stuckAlert(context, which, options)
    )
  }
  const isMonday = new Date(day).getUTCDay() === 1
  const needsWeek = wants('damp') || (wants('digest') && isMonday)
  const weeks = needsWeek ? await dampWeeks(deps, personId, now) : []
  const damp = weeks.filter(({ hoursAtRisk, hours }) => hoursAtRisk > hours * dampShareMin)
  if (wants('damp') && damp.length > 0) found.push(dampAlert(context, damp, options))
  if (wants('digest') && isMonday && devices.length > 0)
    found.push(digestAlert(context, devices, weeks, options))
  if (wants('deadline')) {
    const passed = passedDeadlines(deps, personId, now)
    if (passed.length > 0) found.push(deadlineAlert(context, passed, options))
  }
  return found
}

/** Five intervals are soon over; a message is worth it only when somebody should look. */
function isSilent({ state, lastHeard, intervalS }: OwnDevice, now: UnixMs): boolean {
  if (state !== 'silent' || lastHeard === null) return false
  const silentMs = Math.max(silentMsMin, 5 * (intervalS ?? 0) * secondMs)
  return now - (parseIsoZoned(lastHeard) ?? now) >= silentMs
}

async function stuckSites(
  { readings }: FindDeps,
  devices: readonly OwnDevice[],
  now: UnixMs
): Promise<Set<string>> {
  const siteIds = devices.map(({ siteId }) => siteId)
  if (siteIds.length === 0) return new Set()
  const failures = await readings.failures({ siteIds, from: (now - dayMs) as UnixMs, until: now })
  const counts = new Map<string, number>()
  for (const { siteId, reasons, count } of failures)
    if (reasonList(reasons).includes('stuck')) counts.set(siteId, (counts.get(siteId) ?? 0) + count)
  return new Set([...counts].filter(([, count]) => count >= stuckReadingsMin).map(([siteId]) => siteId))
}

/** Rooms whose last seven days were measured well enough, with the hours in which their coldest corner was at risk. */
async function dampWeeks(deps: FindDeps, personId: string, now: UnixMs): Promise<DampWeek[]> {
  const { registry, readings, clock, timezone } = deps
  const weeks: DampWeek[] = []
  for (const site of ownRooms(registry, personId)) {
    const period = { readings, places: registry, clock, timezone, audience: { hostId: personId } }
    const { outside } = await outdoorSites(period, readings, site.streetId)
    const figures = await roomDamp(period, {
      site: site.siteId,
      outside,
      factor: cornerFactor(registry.corners(personId), site).value,
      from: (now - 7 * dayMs) as UnixMs,
      until: now,
      timezone
    })
    const { hours, hoursAtRisk } = figures.surface
    if (hoursAtRisk !== null && hours >= figures.expected * coverageMin)
      weeks.push({ place: site.name, hoursAtRisk, hours })
  }
  return weeks
}

/**
 * Dates that passed since the last reminder, however far the clock went on in between, and that the diary does not answer. Of one
 * that was over before the report was written down, or long ago, nothing is said.
 */
function passedDeadlines({ registry, timezone }: FindDeps, personId: string, now: UnixMs): PassedDeadline[] {
  const under = registry.reportRules(personId)
  if (under.size === 0) return []
  const diary = registry.diary(personId)
  const today = civilDay(now, timezone)
  const told = registry.lastAlertDay(personId, 'deadline')
  const oldest = civilDay((now - deadlineReminderMsMax) as UnixMs, timezone)
  return diary.flatMap((report) => {
    const rules = under.get(report.entryId)
    if (rules === undefined || !isRepairRulesId(rules)) return []
    const after = [oldest, civilDay(report.writtenAt, timezone), ...(told === undefined ? [] : [told])]
    const from = after.toSorted().at(-1)!
    return deadlinesFor(repairRules[rules], report, diary, timezone).flatMap(({ name, by, isAssumed }) =>
      by !== null && by >= from && by < today && !answerTo(name, report, diary)
        ? [{ name, by, isAssumed, reportedAt: report.at, to: report.reportedTo, rules: repairRules[rules] }]
        : []
    )
  })
}
