/** That somebody told their landlord: an entry of their diary, with the dated rules whose dates the hub reminds of. */
import type { LetterSentBody, ReportNoted } from '../../contract/own-record.ts'
import type { DiaryEntry } from '../../model/diary.ts'
import { parseIsoZoned, type Clock, type UnixMs } from '../../model/time.ts'
import { RegistryRefusal, type Registry } from '../../registry/registry.ts'
import { civilDay } from '../../science/guidelines.ts'
import {
  deadlinesOf,
  isRepairRulesId,
  repairRules,
  type Deadline,
  type DeadlineName,
  type RepairRules
} from '../../science/repair-rules.ts'

export interface LetterRooms {
  registry: Pick<Registry, 'addDiaryEntry' | 'site' | 'setReportRules'>
  clock: Clock
  timezone: string
}

/** The caller has checked that the home is theirs. */
export function noteLetter(
  { registry, clock, timezone }: LetterRooms,
  personId: string,
  homeId: string,
  { room, at, to, note, rules }: LetterSentBody
): ReportNoted {
  if (room !== undefined && registry.site(room)?.homeId !== homeId)
    throw new RegistryRefusal('siteUnknown', 'This home has no such room. Choose one of the list.')
  if (rules !== undefined && !isRepairRulesId(rules))
    throw new RegistryRefusal('badName', 'These rules are not known. Leave them out.')
  const moment = at === undefined ? undefined : parseIsoZoned(at)
  if (at !== undefined && moment === undefined)
    throw new RegistryRefusal('badTime', 'The time cannot be read. Give it like 2026-11-22T10:00:00Z.')
  const entry = registry.addDiaryEntry(
    {
      personId,
      homeId,
      kind: 'reported',
      reportedTo: to,
      ...(moment === undefined ? {} : { at: moment }),
      ...(room === undefined ? {} : { siteId: room }),
      ...(note === undefined ? {} : { note })
    },
    clock.now()
  )
  if (rules !== undefined) registry.setReportRules(personId, entry.entryId, rules)
  const dated = rules === undefined ? [] : deadlinesFor(repairRules[rules], entry, [entry], timezone)
  return { entryId: entry.entryId, reminders: remindersOf(dated) }
}

/** The dates of a report, with the inspection that the diary has after it. */
export function deadlinesFor(
  rules: RepairRules,
  report: DiaryEntry,
  diary: readonly DiaryEntry[],
  timezone: string
): Deadline[] {
  const inspected = diary.find(({ kind, at }) => kind === 'inspected' && at >= report.at)
  return deadlinesOf(rules, {
    reported: civilDay(report.at, timezone),
    investigated: inspected ? civilDay(inspected.at, timezone) : null
  })
}

/**
 * What in the diary shows that it was done: each later step shows the ones before. Whether there was an emergency, and whether it
 * was made safe, no entry says; whoever had an inspection is not reminded of it.
 */
export function answerTo(
  name: DeadlineName,
  report: DiaryEntry,
  diary: readonly DiaryEntry[]
): DiaryEntry | undefined {
  const first = (since: UnixMs, ...kinds: DiaryEntry['kind'][]): DiaryEntry | undefined =>
    diary.filter(({ kind, at }) => kinds.includes(kind) && at >= since).toSorted((a, b) => a.at - b.at)[0]
  const inspected = first(report.at, 'inspected')
  switch (name) {
    case 'emergency':
    case 'investigate':
      return first(report.at, 'inspected', 'repaired')
    case 'summary':
      return inspected && first(inspected.at, 'answered')
    case 'makeSafe':
    case 'furtherWorks':
      return first(report.at, 'repaired')
  }
}

/** The day after each last day, on which its time is over; two that end together are one. */
function remindersOf(deadlines: readonly Deadline[]): string[] {
  const days = deadlines.flatMap(({ by }) => (by === null ? [] : [dayAfter(by)]))
  return [...new Set(days)].toSorted()
}

export function dayAfter(date: string): string {
  const at = new Date(date)
  at.setUTCDate(at.getUTCDate() + 1)
  return at.toISOString().slice(0, 10)
}
