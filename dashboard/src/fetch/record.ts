/** The damp record of one's own rooms, and that a letter with it was sent. */
import type { DampRecord } from '../../../contract/damp-record.ts'
import type { LetterSentBody, OwnRecordRoom, ReportNoted } from '../../../contract/own-record.ts'
import { getJson, hasFields, isListOf, sendJson, whole } from './http.ts'

/** Of which rooms, days and rules a record is, as the address of its page names them. */
export interface RecordChoice {
  rooms: readonly string[]
  from: number
  until: number
  rules: string
}

export function fetchRecordRooms(signal: AbortSignal): Promise<OwnRecordRoom[]> {
  return getJson('/api/v1/me/record/rooms', signal, isListOf<OwnRecordRoom>('siteId', 'name'))
}

export function fetchRecord(signal: AbortSignal, choice: RecordChoice): Promise<DampRecord> {
  const isRecord = (body: unknown): body is DampRecord => hasFields(body, 'rooms', 'diary', 'reports')
  return getJson(recordPath('', choice), signal, isRecord)
}

/** `end` is '', '.pdf' or '.zip'. */
export function recordPath(end: string, { rooms, from, until, rules }: RecordChoice): string {
  const query = new URLSearchParams({ from: String(from), until: String(until) })
  if (rooms.length > 0) query.set('room', rooms.join(','))
  if (rules !== '') query.set('rules', rules)
  return `/api/v1/me/record${end}?${query}`
}

export async function noteLetter(homeId: string, letter: LetterSentBody): Promise<ReportNoted> {
  const path = `/api/v1/me/homes/${encodeURIComponent(homeId)}/letters`
  return whole<ReportNoted>(await sendJson('POST', path, letter), 'entryId', 'reminders')
}
