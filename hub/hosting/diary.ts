/** What a person writes down about their home: entries, their photos, and the corners that they measured. */
import type { NewDiaryEntryBody } from '../../contract/diary.ts'
import type { CornerMeasurement, DiaryEntry, MeasuredTemperatures } from '../../model/diary.ts'
import type { Site } from '../../model/place.ts'
import { parseIsoZoned, type Clock, type UnixMs } from '../../model/time.ts'
import type { Photos } from '../../registry/promise/photos.ts'
import { RegistryRefusal, type Registry } from '../../registry/registry.ts'
import { PhotoEncoder, PhotoRefused } from '../photos/encoder.ts'
import { photosPerPersonMax } from '../photos/limits.ts'

export interface DiaryRooms {
  registry: Registry
  photos: Photos
  clock: Clock
}

export function openDiary({ registry, photos, clock }: DiaryRooms) {
  const encoder = new PhotoEncoder()
  const entryOf = (personId: string, entryId: string): DiaryEntry | undefined =>
    registry.diary(personId).find((one) => one.entryId === entryId)

  return {
    /** The caller has checked that the home is theirs. */
    writeDiary(personId: string, homeId: string, body: NewDiaryEntryBody): DiaryEntry {
      const { kind, at, room, note, reportedTo } = body
      if (room !== undefined && registry.site(room)?.homeId !== homeId)
        throw new RegistryRefusal('siteUnknown', 'This home has no such room. Choose one of the list.')
      const entry = {
        personId,
        homeId,
        kind,
        ...(at === undefined ? {} : { at: timeOf(at) }),
        ...(room === undefined ? {} : { siteId: room }),
        ...(note === undefined ? {} : { note }),
        ...(reportedTo === undefined ? {} : { reportedTo })
      }
      return registry.addDiaryEntry(entry, clock.now())
    },

    /** With its photo; false where they have no such entry. */
    deleteDiaryEntry(personId: string, entryId: string): boolean {
      const gone = registry.removeDiaryEntry(personId, entryId)
      if (gone?.photo) photos.remove(gone.photo)
      return gone !== undefined
    },

    /**
     * In place of the one that the entry had. undefined where they have no such entry. Throws `PhotoRefused`; what was there is
     * then as it was.
     */
    async addPhoto(personId: string, entryId: string, bytes: Uint8Array): Promise<DiaryEntry | undefined> {
      if (!entryOf(personId, entryId)) return undefined
      if (photos.count(personId) >= photosPerPersonMax)
        throw new PhotoRefused(
          'tooManyPhotos',
          `There are ${photosPerPersonMax} photos already, and no more are kept. Delete some that you do not need.`
        )
      const made = await encoder.encode(bytes)
      // While it was made the entry may have gone, or have got another photo.
      const before = entryOf(personId, entryId)
      if (!before) return undefined
      const name = photos.add(personId, made, clock.now())
      const entry = registry.setDiaryPhoto(personId, entryId, name)
      if (before.photo !== null) photos.remove(before.photo)
      return entry
    },

    /** undefined for another's photo as for one that there is not. */
    photo(personId: string, name: string): Uint8Array | undefined {
      return photos.find(personId, name)
    },

    /** The caller has checked that the room is theirs, and that the temperatures fit. */
    keepCorner({ siteId, homeId, personId }: Site, measured: MeasuredTemperatures): CornerMeasurement {
      return registry.addCorner({ personId, homeId, siteId, at: clock.now(), ...measured })
    }
  }
}

function timeOf(text: string): UnixMs {
  const at = parseIsoZoned(text)
  if (at !== undefined) return at
  throw new RegistryRefusal('badTime', 'The time cannot be read. Give it like 2026-11-22T10:00:00Z.')
}
