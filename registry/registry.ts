/** Who, what, where, with whose consent: what the registry promises. Synchronous, as SQLite is; every call is one transaction. */
import type { Diaries } from './promise/diary.ts'
import type { Alerts } from './promise/alerts.ts'
import type { Erasing } from './promise/erasing.ts'
import type { DeskBooks } from './promise/desk.ts'
import type { Calibrations } from './promise/calibrations.ts'
import type { Forwardings } from './promise/forwardings.ts'
import type { People, Relocation } from './promise/people.ts'
import type { PublishedDays } from './promise/published-days.ts'
import { isSqliteOutage, outageWords } from '../sqlite.ts'
import type { Fault, Problem } from '../model/fault.ts'
import type { CorrectionRow } from '../model/correction.ts'
import type { WrongStretch } from '../model/message.ts'
import type { Thing, ThingKey } from '../model/gateway.ts'
import type { Deployment, Device, Placement, Position, Site, Street } from '../model/place.ts'
import type { SensorFamily } from '../model/sensor.ts'
import type { SitePlace } from '../model/site-place.ts'
import type { UnixMs } from '../model/time.ts'

/** A street that a file has far from the hub's of that name: the same one, drawn wrongly before, or another. */
export type Namesakes = 'redraw' | 'apart'

export interface StreetsImported {
  added: number
  redrawn: number
  /** Streets that got a number behind their name, because another of that name lies elsewhere. */
  apart: { name: string; from: string; metres: number }[]
}

export interface Merged {
  from: Street
  into: Street
  sites: number
}

export interface NewStreet {
  name: string
  lines?: readonly (readonly Position[])[]
  attribution?: string
}

export interface NewDevice {
  streetId: string
  /** A site that there is: from now on this box is there. Street, placement and host are the site's then. */
  siteId?: string
  /** Name of the site; the street's name and a number when absent. */
  name?: string
  placement: Placement
  /** Indoor sensors of one dwelling; a new home when absent, made when it is not known. */
  homeId?: string
  /** Whose it is; of a home that is known its person, else a new person without a name. */
  personId?: string
  dialect?: string
  sensors?: readonly SensorFamily[]
  intervalS?: number
  /** 'given' unless it is the family's usual one. */
  intervalSource?: 'given' | 'dialect'
  /** It pushes over HTTP, and is given a token for its path. */
  hasToken?: boolean
  /** Its firmware can hold no secret. */
  unauthenticated?: boolean
  /** A reference instrument; outdoors only. */
  isReference?: boolean
  /** Start of its deployment; without limit when absent. */
  from?: UnixMs
}

/** Password and token are nowhere else: they are shown once and kept as hashes. */
export interface Credentials {
  deviceId: string
  siteId: string
  username: string
  password: string
  topic: string
  /** The last part of the path to which it pushes; of boxes that do. */
  token?: string
}

export interface NewGateway {
  dialect: string
  name: string
}

/** A gateway has no site and no topic of its own. */
export type GatewayCredentials = Pick<Credentials, 'username' | 'password' | 'token'> & { gatewayId: string }

export interface Rotation extends Credentials {
  /** Until when the password before this one works; null when it ended at once. */
  oldPasswordUntil: UnixMs | null
}

export interface ProblemSummary extends Fault {
  deviceId: string
  count: number
  firstAt: UnixMs
  lastAt: UnixMs
  /** The earliest time of which its messages told something; null where nobody knows. */
  aboutFrom: UnixMs | null
}

export interface ImportRecord {
  importId: number
  deviceId: string
  files: string[]
  format: string
  startedAt: UnixMs
  /** null while it runs or when it was broken off. */
  finishedAt: UnixMs | null
  undoneAt: UnixMs | null
  /** Rows of each file that are already stored, so that a broken import resumes there. */
  rowsDone: number[]
  /** By site, the middle of the cell of some ten kilometres in which its rows were measured, where they say it. */
  places?: Readonly<Record<string, Position>>
  taken: number
  repeated: number
  flagged: number
  refused: number
}

/** What ingest must know of devices; a plain object, so that it can be handed to another thread. */
export interface DirectoryEntry {
  deviceId: string
  dialect: string
  sensors: readonly SensorFamily[]
  intervalS: number | null
  /** Who said so; 'learnt': nobody did. */
  intervalSource: Device['intervalSource']
  /** Serial, chip id or name behind its gateway, where somebody said it. */
  address?: string | null
  /** What its fields mean, as JSON, where a steward says it. */
  map?: string | null
  deployments: Deployment[]
  /** Times whose readings were erased: what comes of them is dropped, and never waits for a place. */
  erased?: { from: UnixMs | null; until: UnixMs | null }[]
}

/** A correction as it was at some time; `holds` is how it stands now. */
export interface CorrectionRecord {
  row: CorrectionRow
  state: 'holds' | 'superseded' | 'removed'
  /** When somebody made it so. */
  at: UnixMs
  /** Where it comes from, in words; '' where nobody said. */
  origin: string
}

export interface NewCorrection {
  row: Omit<CorrectionRow, 'correctionId' | 'version'>
  origin: string
}

/** Credentials behind which many boxes speak, and which of these are devices. */
export interface Gateways {
  /** Removed ones too. */
  gateways(): Device[]
  addGateway(gateway: NewGateway, now: UnixMs): GatewayCredentials
  /** Whose token this is, while it works; of a removed device no more. */
  deviceOfToken(token: string): string | undefined
  things(): Thing[]
  /** Which device a thing is; undefined while nobody claimed it. */
  deviceOfThing(key: ThingKey): string | undefined
  /** From now on what the thing says is the device's. Throws `RegistryRefusal` thingClaimed where it is another's. */
  claimThing(thing: ThingKey & { name: string; deviceId: string }, now: UnixMs): void
  /** A message came for it that nobody had to sign; it stays marked. */
  markUnauthenticated(deviceId: string): void
}

export interface Registry
  extends People, PublishedDays, Erasing, Forwardings, Gateways, Diaries, Calibrations, Alerts, DeskBooks {
  streets(): Street[]
  /** One that was merged into another too: its published days are there. */
  street(streetId: string): Street | undefined
  /** By id, or by name without regard to case; of a street that was merged the one that it is now. */
  findStreet(nameOrId: string): Street | undefined
  /** Adding a name that exists throws `RegistryRefusal` streetExists. */
  addStreet(street: NewStreet): Street
  /** Its id stays, so that links and topics do. With `was` it is refused where it is called otherwise by now. */
  renameStreet(nameOrId: string, name: string, was?: string): Street
  /** Its line on the map, in place of what it had. */
  drawStreet(nameOrId: string, line: readonly Position[]): Street
  /**
   * Draws streets, joining pieces that share a name and lie together: adds those that are new, gives those that exist their
   * lines. Pieces that lie elsewhere are another street of that name, which gets a number. Where the only street of a name
   * lies elsewhere, `namesakes` says whether it is drawn anew or another; without it throws `RegistryRefusal` streetElsewhere.
   */
  importStreets(streets: readonly NewStreet[], namesakes?: Namesakes): StreetsImported
  /**
   * Two streets that are one: the sites of the first are on the second from now on and for the past, and its name leads there.
   * Days that were published stay with the id under which they came out.
   */
  mergeStreets(from: string, into: string): Merged
  /** One street that is two: these of its sites are on a new street, for the past too. Published days stay with the old one. */
  splitStreet(street: string, newName: string, siteIds: readonly string[]): Street

  sites(): Site[]
  site(siteId: string): Site | undefined
  devices(): Device[]
  device(deviceId: string): Device | undefined
  deployments(deviceId?: string): Deployment[]
  directory(): DirectoryEntry[]

  addDevice(device: NewDevice, now: UnixMs): Credentials
  /** Names the password that this is, of those that work now; constant-time. undefined for an unknown or removed device. */
  verify(deviceId: string, password: string): string | undefined
  /** Whether a password that `verify` named still works. */
  isValid(deviceId: string, passwordId: string): boolean
  /** A new password, which works at once. The one before it works for `overlapMs` more; any older one ends now. */
  rotate(deviceId: string, overlapMs: number, now: UnixMs): Rotation
  /** Until when a device's password before the present one works; null when there is none. */
  oldPasswordUntil(deviceId: string): UnixMs | null
  /** Forgets passwords whose time is over; returns the ids of the affected devices. */
  forgetEndedPasswords(now: UnixMs): string[]
  /**
   * Ends its deployment at `at` and begins one at a new site of `streetId`, for the same person. Returns the readings that
   * must change site. An indoor site becomes a new home without consent: that was given for the old one. Before the device
   * was installed anywhere, it gives it a place for that time and leaves the later ones.
   */
  move(deviceId: string, streetId: string, at: UnixMs, now: UnixMs): Relocation
  /** Ends its deployment; its credential stays, and what it sends waits until it has a place. */
  unplace(deviceId: string, now: UnixMs): void
  /** Ends deployment and credential; what it measured stays. */
  remove(deviceId: string, now: UnixMs): void
  /**
   * 1 to 86,400 s. What a box says of itself replaces what was learnt, and neither replaces what somebody gave; they are
   * never refused.
   */
  /** What the fields of its messages mean, as JSON; null takes a map away. */
  setMap(deviceId: string, map: string | null): void
  mapOf(deviceId: string): string | null
  setInterval(deviceId: string, intervalS: number, source: 'given' | 'learnt' | 'dialect'): void
  /**
   * The site is indoors, and always was: in a home of its own, without consent, unless one is given. What it measured is
   * private from now on.
   */
  makePrivate(siteId: string, homeId: string | undefined, now: UnixMs): void
  /**
   * What is measured at an indoor site is public from `from` on, null from its beginning: a new site outdoors takes those
   * readings, and the old one keeps those before.
   */
  makePublic(siteId: string, from: UnixMs | null, now: UnixMs): Relocation
  /** Outdoors everybody sees the name. */
  renameSite(siteId: string, name: string): void
  /** Where exactly it is and how its sensor is mounted; nothing is said where nobody did. */
  sitePlace(siteId: string): SitePlace
  /** No more is kept than is told: of a cell its middle, and of an indoor site no position. */
  setSitePlace(siteId: string, place: SitePlace): SitePlace
  /** What is in the box; for readings that come from now on. */
  setSensors(deviceId: string, sensors: readonly SensorFamily[]): void

  /** Never fails for want of disk: problems are notes, not promises. What cannot be noted now is tried again with the next. */
  recordProblems(problems: readonly Problem[]): void
  /** Tries again what could not be noted; nothing where nothing waits. */
  noteAgain(): void
  /** Why nothing can be noted now, in a sentence; null while it can. */
  failing(): string | null
  /** Newest first. */
  problems(deviceId?: string): ProblemSummary[]
  /** Kinds of problems of a device that made room for newer ones. */
  problemsForgotten(deviceId: string): number

  /** Those that hold. Of one device and quantity no two ever hold at one time and place. */
  corrections(): CorrectionRow[]
  /** With all that ever were, oldest version first. */
  correctionHistory(): CorrectionRecord[]
  /** The caller has checked that the formula suits the sensor (science/correction.ts). */
  addCorrection(correction: NewCorrection, now: UnixMs): CorrectionRow
  /** It holds until then: its next version. */
  endCorrection(correctionId: string, until: UnixMs, now: UnixMs): CorrectionRow
  /** It never held; what it was stays in the history. */
  removeCorrection(correctionId: string, now: UnixMs): CorrectionRow

  imports(): ImportRecord[]
  saveImport(record: ImportRecord): void
  /** Of an import that was refused before anything of it was stored. */
  forgetImport(importId: number): void

  /** Devices that were at another place for a time, should the clock have been wrong in this stretch. */
  movedByClock(stretch: WrongStretch): string[]
  /**
   * The clock was wrong in this stretch: consents, places that became public, moves and hand-overs that began "now" then begin when that
   * really was. Doing it again changes nothing.
   */
  mendMoments(stretch: WrongStretch, now: UnixMs): void

  /** The folder was made as a demo; that never changes. */
  readonly isDemo: boolean
  setting(name: string): string | undefined
  setSetting(name: string, value: string): void

  /** Called after each change of streets, sites, devices, deployments, corrections, persons or consents. Returns how to stop. */
  onChange(changed: () => void): () => void
  close(): void
}

/** Somebody asked for what cannot be; the message says what to do. */
export class RegistryRefusal extends Error {
  readonly code:
    | 'streetExists'
    | 'streetsSame'
    | 'streetEmptied'
    | 'streetUnknown'
    | 'streetElsewhere'
    | 'siteUnknown'
    | 'deviceUnknown'
    | 'deviceRemoved'
    | 'badName'
    | 'badInterval'
    | 'badTime'
    | 'badOverlap'
    | 'placeMissing'
    | 'badNote'
    | 'badGeoJson'
    | 'badMonths'
    | 'badWording'
    | 'thingClaimed'
    | 'mapMissing'
    | 'mapBad'
    | 'addressMissing'
    | 'personUnknown'
    | 'personNamed'
    | 'samePerson'
    | 'homeUnknown'
    | 'homeTaken'
    | 'homeEmpty'
    | 'lastSteward'
    | 'dayNotPublished'
    | 'correctionUnknown'
    | 'annotationUnknown'
    | 'requestUnknown'
    | 'calibrationUnknown'
    | 'calibrationRuns'
    | 'calibrationState'
    | 'overtaken'
    | 'correctionOverlaps'
    | 'tooMany'
  constructor(code: RegistryRefusal['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** The file cannot be read or written now (disk full, damaged, no permission). What was being written is not. */
export class RegistryUnavailable extends Error {
  readonly code = 'registryUnavailable'
  /** In a sentence. */
  readonly why: string
  constructor(doing: string, cause: unknown) {
    const words = isSqliteOutage(cause) ? outageWords(cause) : undefined
    const why = words?.why ?? (cause instanceof Error ? cause.message : String(cause))
    const next = words ? ` Nothing was changed. ${words.whatToDo}, then run the command again.` : ''
    super(`The registry is unavailable (${doing}): ${why}${next}`, { cause })
    this.why = why
  }
}
