/** What the HTTP API needs from the rest of the hub, as small interfaces; main.ts brings them. */
import type { Accounts, Visit } from '../accounts/accounts.ts'
import type { Person } from '../model/person.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import type { Datasets } from '../documents/dataset/datasets.ts'
import type { ExportDesk } from '../documents/export/desk.ts'
import type { ChangesReader } from '../store/promise/changes.ts'
import type { ReadingReader } from '../store/promise/read.ts'
import type { ExplainedMessage } from '../contract/explained.ts'
import type { Health, HubInfo } from '../contract/hub.ts'
import type {
  ClaimBody,
  ErasurePreview,
  ErasureReport,
  HeardBox,
  NewSensorBody,
  SensorAdded,
  SensorClaimed,
  SensorKind,
  SensorMoved,
  SensorOffered,
  SensorRotated,
  SensorTaken,
  SwapBody
} from '../contract/own.ts'
import type { DampRecord } from '../contract/damp-record.ts'
import type { NewDiaryEntryBody } from '../contract/diary.ts'
import type { LetterSentBody, OwnRecordRoom, ReportNoted } from '../contract/own-record.ts'
import type { AlertChoice, AlertSettings, PushBrowser } from '../model/alert.ts'
import type { TimeRange } from '../model/columns.ts'
import type { RepairRulesId } from '../science/repair-rules.ts'
import type { CornerMeasurement, DiaryEntry as KeptEntry, MeasuredTemperatures } from '../model/diary.ts'
import type { Site } from '../model/place.ts'
import type { PlaceBody } from '../contract/place.ts'
import type { Consent, ConsentPurpose } from '../model/consent.ts'
import type { Desk } from './desk.ts'
import type { LiveFeed } from '../figures/live-feed.ts'
import type { OwnPlaces } from '../figures/own/own-places.ts'
import type { Places } from '../figures/places.ts'
import type { PushDoor } from './push.ts'
import type { SensorThings } from '../sensorthings/service.ts'
import type { StreetFigures } from '../figures/now/street-figures.ts'

export interface HubFacts {
  name: string
  timezone: string
  /** Of the data, e.g. "CC BY 4.0". */
  licence: string
  version: string
  demo: boolean
  mqttPort: number
  /** May anybody listen there without a password? */
  publicMqtt: boolean
  /** The address by which everybody reaches the hub; null where nobody said one. */
  publicUrl: string | null
  notice: HubInfo['notice']
  /** mailto: or https: address for security.txt; null until the steward sets one. */
  securityContact: string | null
}

/** Of the registry's persons what their accounts need, and what is theirs. */
export interface PeopleBook extends OwnPlaces {
  person(personId: string): Person | undefined
  renamePerson(personId: string, name: string): Person
  removeCorner(personId: string, measurementId: string): boolean
}

/** What hosts change of what is theirs; the caller has checked that it is. */
export interface Hosting {
  kinds(): SensorKind[]
  isTheirs(personId: string, deviceId: string): boolean
  add(personId: string, sensor: NewSensorBody): Promise<SensorAdded>
  heard(): HeardBox[]
  /** undefined: there is no such box to choose from, or no more. */
  claim(personId: string, thingId: string, where: ClaimBody): Promise<SensorClaimed | undefined>
  rotate(personId: string, deviceId: string, atOnce: boolean): SensorRotated
  move(personId: string, deviceId: string, street: string): Promise<SensorMoved>
  rename(personId: string, deviceId: string, name: string): void
  place(personId: string, deviceId: string, place: PlaceBody): void
  swap(personId: string, deviceId: string, box: SwapBody): Promise<SensorAdded>
  offer(personId: string, deviceId: string): SensorOffered
  /** undefined: there is no such offer, or no more. */
  take(personId: string, code: string, visit: Visit): Promise<SensorTaken | undefined>
  remove(personId: string, deviceId: string): Promise<void>
  /** The caller has checked that the home is theirs. */
  writeDiary(personId: string, homeId: string, entry: NewDiaryEntryBody): KeptEntry
  deleteDiaryEntry(personId: string, entryId: string): boolean
  /** undefined where they have no such entry. */
  addPhoto(personId: string, entryId: string, bytes: Uint8Array): Promise<KeptEntry | undefined>
  photo(personId: string, name: string): Uint8Array | undefined
  /** The caller has checked that the room is theirs, and that the temperatures fit. */
  keepCorner(site: Site, measured: MeasuredTemperatures): CornerMeasurement
  consent(personId: string, homeId: string, purpose: ConsentPurpose, on: boolean): void
  /** Everything of theirs as a ZIP file. */
  archive(personId: string): AsyncGenerator<Uint8Array>
  erasurePreview(personId: string): Promise<ErasurePreview>
  /** Resolves when it is gone. */
  erase(personId: string): Promise<ErasureReport>
}

/** A damp record that a person asks for. */
export interface RecordAsk {
  personId: string
  range: TimeRange
  rules: RepairRulesId | null
  /** All that were theirs in the period unless given. */
  siteIds?: readonly string[]
}

/** Damp records; the caller has checked that the rooms are or were the person's. */
export interface OwnRecords {
  rooms(personId: string): OwnRecordRoom[]
  record(ask: RecordAsk): Promise<DampRecord>
  pdf(ask: RecordAsk): Promise<Uint8Array>
  archive(ask: RecordAsk): AsyncGenerator<Uint8Array>
  /** The caller has checked that the home is theirs. */
  noteLetter(personId: string, homeId: string, letter: LetterSentBody): ReportNoted
}

/** What people are told without looking at a page. */
export interface OwnAlertsDesk {
  settings(personId: string): AlertSettings
  choose(personId: string, settings: AlertSettings): void
  offers(): { mail: boolean; ntfyUrl: string | null; pushKey: string | null }
  /** That messages go to, oldest first. */
  browsers(personId: string): PushBrowser[]
  /** undefined: nothing can be sent there. */
  keepBrowser(
    personId: string,
    browser: Omit<PushBrowser, 'browserId' | 'personId' | 'since'>
  ): PushBrowser | undefined
  /** One that is not there is no error. */
  removeBrowser(personId: string, browserId: string): void
  /** false: there is no address, or a test was sent a moment ago. */
  test(personId: string): boolean
  /** undefined for a token that nobody knows. */
  stop(token: string): { choice: AlertChoice } | undefined
}

export interface DoorDeps {
  /** Is this the address of a proxy whose word is taken for where a request comes from? */
  isProxy(address: string): boolean
  /** The hub's own names, beside those that nobody else can have. */
  names: readonly string[]
}

/** Readers of what a move changes take turns with it: see hub/moves.ts. */
export interface MoveTurns {
  /** Resolves when no move is under way; what it gives is called when everything was read. */
  enter(overtaken: () => void): Promise<() => void>
}

export interface ApiDeps {
  things: SensorThings
  moves: MoveTurns
  readings: ReadingReader
  changes: ChangesReader
  datasets: Datasets
  /** Homes that agreed to research, and what their pseudonyms are made with. */
  research: { consents(): readonly Consent[]; secret: string }
  exports: Pick<ExportDesk, 'open' | 'order' | 'receipt' | 'finished'>
  places: Places
  accounts: Accounts
  people: PeopleBook
  hosting: Hosting
  desk: Desk
  records: OwnRecords
  alerts: OwnAlertsDesk
  live: LiveFeed
  /** Shared with what publishes street values over MQTT, so that both say the same. */
  figures: StreetFigures
  /** When a message of the device last came in, since the hub started; undefined for none. */
  lastSeen(deviceId: string): UnixMs | undefined
  health(): Health
  /** How many seconds the readings that can be asked for are behind what was accepted; 0 while they keep up. */
  behindS(): number
  /** Prometheus text. */
  metrics(): Promise<string>
  /** Boxes that push over HTTP. */
  push: PushDoor
  /** What the hub makes of a message, without storing it. */
  explain: {
    dialects: readonly string[]
    message(text: string, options: { dialect?: string; topic?: string; receivedAt: UnixMs }): ExplainedMessage
  }
  hub: HubFacts
  doors: DoorDeps
  clock: Clock
  /** The built dashboard; while it is not built the API works without it. */
  dashboardDir: string
  log: ApiLog
}

export interface ApiLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
