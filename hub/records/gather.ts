/** Gathers a damp record: figures of each room, diary, reports and dated rules, as far as they are one person's. */
import type {
  DampRecord,
  RecordDay,
  RecordDiaryEntry,
  RecordReport,
  RoomRecord
} from '../../contract/damp-record.ts'
import { roomRecord } from '../../figures/own/damp-record.ts'
import { cornerFactor } from '../../figures/own/own-diary.ts'
import type { TimeRange } from '../../model/columns.ts'
import type { DiaryEntry } from '../../model/diary.ts'
import { toIso, type Clock, type UnixMs } from '../../model/time.ts'
import {
  repairRules,
  type DeadlineName,
  type RepairRules,
  type RepairRulesId
} from '../../science/repair-rules.ts'
import { civilDay } from '../../science/guidelines.ts'
import type { ReadingReader } from '../../store/promise/read.ts'
import type { Rooms } from '../rooms.ts'
import { diaryOf } from './diary.ts'
import { answerTo, deadlinesFor } from './letters.ts'
import type { RecordPlace } from './places.ts'

export interface RecordRooms extends Pick<Rooms, 'registry' | 'timezone'> {
  readings: ReadingReader
  clock: Clock
  hubName: string
  version: string
}

export interface RecordQuestion {
  personId: string
  places: readonly RecordPlace[]
  range: TimeRange
  rules: RepairRulesId | null
  /** A temperature factor that somebody gives instead of the one that is measured or assumed. */
  factor?: number
  /** Sites of the outdoor air; the street's, or a few of other streets, unless given. */
  outside?: readonly string[]
}

export async function gatherRecord(rooms: RecordRooms, question: RecordQuestion): Promise<DampRecord> {
  const { registry, clock, timezone, hubName, version } = rooms
  const { personId, places, range, factor, outside } = question
  const diary = diaryOf(registry.diary(personId), places, range)
  const deps = { readings: rooms.readings, places: registry, own: registry, clock, timezone }
  const records: RoomRecord[] = []
  for (const { site, range: part } of places) {
    const corner = cornerFactor(registry.corners(personId), site)
    const given = {
      ...(factor === undefined ? {} : { factor }),
      ...(outside === undefined ? {} : { outside })
    }
    records.push(await roomRecord(deps, { site, corner, range: part, ...given }))
  }
  const now = clock.now()
  return {
    madeAt: toIso(now),
    hub: hubName,
    version,
    timezone,
    person: registry.person(question.personId)?.name ?? '',
    from: toIso(range.from),
    until: toIso(range.until),
    rooms: records,
    diary: diary.map((entry) => diaryEntry(rooms, entry)),
    reports: reportsOf(diary, records, question.rules && repairRules[question.rules], now, timezone),
    rules: question.rules
  }
}

function diaryEntry(
  { registry }: Pick<RecordRooms, 'registry'>,
  { at, writtenAt, kind, siteId, note, reportedTo, photo }: DiaryEntry
): RecordDiaryEntry {
  const room = siteId === null ? null : (registry.site(siteId)?.name ?? null)
  return { at: toIso(at), writtenAt: toIso(writtenAt), kind, room, note, reportedTo, photo }
}

/** Each report with what came of it before the next one, as far as the diary says. */
function reportsOf(
  diary: readonly DiaryEntry[],
  rooms: readonly RoomRecord[],
  rules: RepairRules | null,
  now: UnixMs,
  timezone: string
): RecordReport[] {
  const date = (at: UnixMs): string => civilDay(at, timezone)
  return diary
    .filter(({ kind }) => kind === 'reported')
    .map((report) => {
      const first = (kind: DiaryEntry['kind']): UnixMs | null =>
        diary.find((one) => one.kind === kind && one.at >= report.at)?.at ?? null
      const inspectedAt = first('inspected')
      const reported = date(report.at)
      const deadlines = rules ? deadlinesFor(rules, report, diary, timezone) : []
      return {
        at: toIso(report.at),
        to: report.reportedTo,
        note: report.note,
        answeredAt: isoOrNull(first('answered')),
        inspectedAt: isoOrNull(inspectedAt),
        repairedAt: isoOrNull(first('repaired')),
        deadlines: deadlines.map((one) => ({
          ...one,
          passed: one.by === null ? null : one.by < date(now),
          notedOn: notedOn(one.name, report, diary, date)
        })),
        since: sinceOf(
          rooms.flatMap(({ days }) => days),
          reported
        )
      }
    })
}

/** Of an emergency no entry says whether there was one. */
function notedOn(
  name: DeadlineName,
  report: DiaryEntry,
  diary: readonly DiaryEntry[],
  date: (at: UnixMs) => string
): string | null {
  const answer = name === 'emergency' ? undefined : answerTo(name, report, diary)
  return answer ? date(answer.at) : null
}

/** Days before and after that of the report, over all rooms; the day itself is in neither. */
function sinceOf(days: readonly RecordDay[], reported: string): RecordReport['since'] {
  const count = (part: readonly RecordDay[]) => ({
    hours: part.reduce((sum, day) => sum + day.cornerHours, 0),
    atRisk: part.reduce((sum, day) => sum + (day.hoursAtRisk ?? 0), 0)
  })
  const before = count(days.filter(({ date }) => date < reported))
  const since = count(days.filter(({ date }) => date > reported))
  if (since.hours === 0) return null
  return {
    hours: since.hours,
    hoursAtRisk: since.atRisk,
    shareBefore: before.hours === 0 ? null : before.atRisk / before.hours,
    shareSince: since.atRisk / since.hours
  }
}

function isoOrNull(at: UnixMs | null): string | null {
  return at === null ? null : toIso(at)
}
