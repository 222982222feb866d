/** What of a person's diary belongs into a record: what happened in the period and rooms that it is of. */
import type { TimeRange } from '../../model/columns.ts'
import type { DiaryEntry } from '../../model/diary.ts'
import type { RecordPlace } from './places.ts'

/** Entries of these rooms and of their homes, oldest first. */
export function diaryOf(
  entries: readonly DiaryEntry[],
  places: readonly RecordPlace[],
  range: TimeRange
): DiaryEntry[] {
  const siteIds = new Set(places.map(({ site }) => site.siteId))
  const homeIds = new Set(places.map(({ site }) => site.homeId))
  return entries.filter(
    ({ at, siteId, homeId }) =>
      at >= range.from && at < range.until && (siteId === null ? homeIds.has(homeId) : siteIds.has(siteId))
  )
}
