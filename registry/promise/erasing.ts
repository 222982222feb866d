/** What others may ask of erasing: what would go, beginning it, and what is still to be done elsewhere. */
import type { Home, Person } from '../../model/person.ts'
import type { Site } from '../../model/place.ts'
import type { UnixMs } from '../../model/time.ts'

/** A stay of a device at a site that has another host now: from inclusive, until exclusive; null reaches without limit. */
export interface ErasedStay {
  siteId: string
  deviceId: string
  from: UnixMs | null
  until: UnixMs | null
}

/** What goes, by id. Ids are random and never used again, so an erasure may be done twice, also in an older copy. */
export interface ErasedIds {
  personIds: string[]
  siteIds: string[]
  /** Of sites and devices that stay: somebody else hosts them now. */
  stays: ErasedStay[]
  deviceIds: string[]
  /** Devices that stay and were with them for a while: what the journal still has of them goes. */
  keptDeviceIds: string[]
}

export interface ErasurePlan extends ErasedIds {
  persons: Person[]
  homes: Home[]
  sites: Site[]
  consents: number
  diaryEntries: number
}

/** Begun, and not yet done everywhere. */
export interface Erasure {
  erasureId: number
  beganAt: UnixMs
  ids: ErasedIds
}

export interface Erasing {
  /** What erasing a person would take away. Throws `RegistryRefusal` personUnknown. */
  erasurePlan(personId: string): ErasurePlan
  /** What of the folder these ids name; undefined where nothing is left of them. */
  erasurePlanOf(isErased: IsErased): ErasurePlan | undefined
  /**
   * Their persons, homes, consents, sites, devices, credentials and lists of problems are gone when this returns; from then on
   * nobody finds them, and messages of theirs are dropped. The ids stay noted until `finishErasure`, so that a crash
   * forgets nothing.
   */
  beginErasure(ids: ErasedIds, now: UnixMs): Erasure
  /** Oldest first. */
  openErasures(): Erasure[]
  /** The ids go too, and with them every byte of the file that held anything of it; false: not yet, a reader needs them. */
  finishErasure(erasureId: number): boolean
}

/** Whether a list of erasures names an id; of a stay, whether it does for this time. */
export interface IsErased {
  id(id: string): boolean
  stays(id: string): { from: UnixMs | null; until: UnixMs | null }[]
}
