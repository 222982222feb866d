/** What others may ask of persons, their homes and their consents. Accounts attach to persons by their ids. */
import type { Consent, ConsentPurpose } from '../../model/consent.ts'
import type { Home, Hosting, Person } from '../../model/person.ts'
import type { UnixMs } from '../../model/time.ts'

/** Readings of a device that belong to this site: from inclusive, until exclusive, null without limit. */
export interface DeploymentChange {
  deviceId: string
  siteId: string
  from: UnixMs | null
  until: UnixMs | null
}

/** Where a device is from some time on, and whose readings must change site for it. */
export interface Relocation {
  siteId: string
  changes: DeploymentChange[]
}

export interface NewConsent {
  homeId: string
  purpose: ConsentPurpose
  /** Who says so. */
  by: string
  /** Key of `consentWordings`; the present words unless given. */
  wording?: string
  /** Now unless given. An earlier time is refused but in a demo. */
  from?: UnixMs
}

/** Which consents end: those of one home, or of a person wherever they live. */
export interface ConsentEnd {
  homeId?: string
  personId?: string
  /** All unless given. */
  purpose?: ConsentPurpose
  by: string
}

export interface People {
  /** Oldest first. */
  persons(): Person[]
  person(personId: string): Person | undefined
  /** By id, or by a name that one person alone has. Throws `RegistryRefusal` personUnknown. */
  needPerson(nameOrId: string): Person
  /** With `homeId` the person of that home, who is named; a home that is not known is made. */
  addPerson(person: { name: string; homeId?: string }, now: UnixMs): Person
  renamePerson(personId: string, name: string): Person
  /** Months for which raw indoor readings are kept; null keeps them. */
  setKeep(personId: string, keepMonths: number | null, now: UnixMs): Person
  homes(): Home[]
  home(homeId: string): Home | undefined
  /** Whose each site was from when until when, oldest first. */
  hostings(siteId?: string): Hosting[]

  /** Oldest first, those that ended too. */
  consents(): Consent[]
  /** A home without any site is refused; one that agreed already is given back as it is. */
  recordConsent(consent: NewConsent, now: UnixMs): Consent
  /** Returns what ended by it. */
  endConsents(end: ConsentEnd, now: UnixMs): Consent[]

  /**
   * Another person hosts the device from `at` on, without what it measured before. Outdoors the site goes on; indoors it is in a
   * home of the new person: in `homeId`, else in their only one, else in a new one. Its list of problems is emptied.
   */
  handOver(deviceId: string, to: string, options: { at: UnixMs; homeId?: string; now: UnixMs }): Relocation
  /** All that the nameless host of a device has becomes another person's, history and consents included. */
  takeOver(deviceId: string, to: string): { siteId: string; personId: string }
}
