/** What others may ask of streets, and of the sites on them. */
import type { Position, Site, Street } from '../../model/place.ts'
import type { SitePlace } from '../../model/site-place.ts'
import type { UnixMs } from '../../model/time.ts'
import type { Relocation } from './people.ts'

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

export interface Places {
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
}
