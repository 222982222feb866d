/** What the HTTP API needs from the rest of the hub, as small interfaces; main.ts brings them. */
import type { Accounts } from '../accounts/accounts.ts'
import type { Person } from '../model/person.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import type { ExportDesk } from '../documents/export/desk.ts'
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
  SensorRotated
} from '../contract/own.ts'
import type { ConsentPurpose } from '../model/consent.ts'
import type { LiveFeed } from '../figures/live-feed.ts'
import type { OwnPlaces } from '../figures/own/own-places.ts'
import type { Places } from '../figures/places.ts'
import type { PushDoor } from './push.ts'
import type { StreetFigures } from '../figures/now/street-figures.ts'

export interface HubFacts {
  name: string
  timezone: string
  /** Of the data, e.g. "CC BY 4.0". */
  licence: string
  version: string
  demo: boolean
  mqttPort: number
  notice: HubInfo['notice']
  /** mailto: or https: address for security.txt; null until the steward sets one. */
  securityContact: string | null
}

/** Of the registry's persons what their accounts need, and what is theirs. */
export interface PeopleBook extends OwnPlaces {
  person(personId: string): Person | undefined
  renamePerson(personId: string, name: string): Person
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
  remove(personId: string, deviceId: string): Promise<void>
  consent(personId: string, homeId: string, purpose: ConsentPurpose, on: boolean): void
  /** Everything of theirs as a ZIP file. */
  archive(personId: string): AsyncGenerator<Uint8Array>
  erasurePreview(personId: string): Promise<ErasurePreview>
  /** Resolves when it is gone. */
  erase(personId: string): Promise<ErasureReport>
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
  moves: MoveTurns
  readings: ReadingReader
  exports: Pick<ExportDesk, 'open' | 'receipt'>
  places: Places
  accounts: Accounts
  people: PeopleBook
  hosting: Hosting
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
