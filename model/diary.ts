/** What somebody notes about their home: dated, private, and theirs alone. And what they measured at its coldest corner. */
import type { UnixMs } from './time.ts'

/** What an entry can be about. A photo may be with any of them. */
export const diaryKinds = [
  'mould',
  'window',
  'heating',
  'washing',
  'reported',
  // What the landlord did after a report.
  'answered',
  'inspected',
  'repaired',
  'note'
] as const

export type DiaryKind = (typeof diaryKinds)[number]

export function isDiaryKind(text: string): text is DiaryKind {
  return diaryKinds.some((kind) => kind === text)
}

export interface DiaryEntry {
  entryId: string
  personId: string
  homeId: string
  /** The room; null where it is about the home. */
  siteId: string | null
  kind: DiaryKind
  /** When it happened, as its writer says. */
  at: UnixMs
  /** When it was written: an entry of last winter that was written yesterday says so. */
  writtenAt: UnixMs
  /** In their own words; '' where they said nothing more. */
  note: string
  /** Whom they told; '' for every other kind. */
  reportedTo: string
  /** Name of its photo; null without one. */
  photo: string | null
}

/**
 * Once, with a thermometer held to the coldest corner of a room: its temperature, and that of the air inside and outside at the
 * same time, °C. The factor of the corner is computed from these.
 */
export interface CornerMeasurement extends MeasuredTemperatures {
  measurementId: string
  personId: string
  homeId: string
  /** The room; null where it was not said. */
  siteId: string | null
  at: UnixMs
}

/** °C. */
export interface MeasuredTemperatures {
  surfaceC: number
  insideC: number
  outsideC: number
}
