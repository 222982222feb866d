/** What others may ask of diaries and of measured corners. Each belongs to one person, who alone is shown it. */
import type { CornerMeasurement, DiaryEntry, DiaryKind } from '../../model/diary.ts'
import type { UnixMs } from '../../model/time.ts'

export interface NewDiaryEntry {
  personId: string
  homeId: string
  /** A room of that home. */
  siteId?: string
  kind: DiaryKind
  /** Now unless given; never later than now. */
  at?: UnixMs
  note?: string
  /** Only of an entry that says who was told. */
  reportedTo?: string
}

export type NewCornerMeasurement = Omit<CornerMeasurement, 'measurementId'>

export interface Diaries {
  /** Oldest first. */
  diary(personId: string): DiaryEntry[]
  /** Throws `RegistryRefusal` badTime, badNote, homeUnknown or tooMany. */
  addDiaryEntry(entry: NewDiaryEntry, now: UnixMs): DiaryEntry
  /** undefined where they have no such entry; the caller deletes the photo that it named. */
  removeDiaryEntry(personId: string, entryId: string): DiaryEntry | undefined
  /** Gives the entry as it is then; undefined where they have no such entry. */
  setDiaryPhoto(personId: string, entryId: string, photo: string): DiaryEntry | undefined
  /** Names of all photos that an entry has. */
  diaryPhotos(): string[]

  /** Oldest first. */
  corners(personId: string): CornerMeasurement[]
  addCorner(measurement: NewCornerMeasurement): CornerMeasurement
  /** False where they have no such measurement. */
  removeCorner(personId: string, measurementId: string): boolean
}
