/** What others may ask of devices: where they are, their passwords, what went wrong with them, and of gateways. */
import type { Fault, Problem } from '../../model/fault.ts'
import type { Thing, ThingKey } from '../../model/gateway.ts'
import type { Deployment, Device, Placement } from '../../model/place.ts'
import type { SensorFamily } from '../../model/sensor.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Relocation } from './people.ts'

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

export interface Boxes {
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
  /** What the fields of its messages mean, as JSON; null takes a map away. */
  setMap(deviceId: string, map: string | null): void
  mapOf(deviceId: string): string | null
  /**
   * 1 to 86,400 s. What a box says of itself replaces what was learnt, and neither replaces what somebody gave; they are
   * never refused.
   */
  setInterval(deviceId: string, intervalS: number, source: 'given' | 'learnt' | 'dialect'): void
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
}
