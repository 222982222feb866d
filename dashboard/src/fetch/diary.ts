/** One's diary and measured corners. */
import type {
  DiaryChange,
  DiaryEntry,
  MeasuredCorner,
  NewCornerBody,
  NewDiaryEntryBody
} from '../../../contract/diary.ts'
import { getJson, isListOf, sendBytes, sendJson, whole } from './http.ts'

export function fetchDiary(signal: AbortSignal): Promise<DiaryEntry[]> {
  return getJson('/api/v1/me/diary', signal, isListOf<DiaryEntry>('id', 'kind', 'at'))
}

export async function writeDiary(homeId: string, entry: NewDiaryEntryBody): Promise<DiaryEntry> {
  const path = `/api/v1/me/homes/${encodeURIComponent(homeId)}/diary`
  return whole<DiaryEntry>(await sendJson('POST', path, entry), 'id')
}

export async function sendPhoto(entryId: string, photo: Blob): Promise<DiaryEntry> {
  return whole<DiaryEntry>(await sendBytes('PUT', `${entryPath(entryId)}/photo`, photo), 'id', 'photo')
}

export async function deleteEntry(entryId: string): Promise<void> {
  await sendJson('DELETE', entryPath(entryId))
}

export function fetchChanges(
  signal: AbortSignal,
  { from, until }: { from: number; until: number }
): Promise<DiaryChange[]> {
  const path = `/api/v1/me/diary/changes?from=${from}&until=${until}`
  return getJson(path, signal, isListOf<DiaryChange>('entry', 'before', 'after'))
}

export function fetchCorners(signal: AbortSignal): Promise<MeasuredCorner[]> {
  return getJson('/api/v1/me/corners', signal, isListOf<MeasuredCorner>('id', 'factor'))
}

export async function measureCorner(siteId: string, measured: NewCornerBody): Promise<MeasuredCorner> {
  const path = `/api/v1/me/sites/${encodeURIComponent(siteId)}/corners`
  return whole<MeasuredCorner>(await sendJson('POST', path, measured), 'id', 'factor')
}

export async function deleteCorner(id: string): Promise<void> {
  await sendJson('DELETE', `/api/v1/me/corners/${encodeURIComponent(id)}`)
}

function entryPath(entryId: string): string {
  return `/api/v1/me/diary/${encodeURIComponent(entryId)}`
}
