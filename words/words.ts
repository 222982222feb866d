/**
 * A language: everything that people read, in chapters, so that a page loads only the chapters it needs. English is the
 * pattern; another language has the same shape, held by the type checker and by a test.
 */
import type { account } from './en/account.ts'
import type { common } from './en/common.ts'
import type { compare } from './en/compare.ts'
import type { data } from './en/data.ts'
import type { diary } from './en/diary.ts'
import type { figures } from './en/figures.ts'
import type { home } from './en/home.ts'
import type { letter } from './en/letter.ts'
import type { alerts } from './en/alerts.ts'
import type { methods } from './en/methods.ts'
import type { place } from './en/place.ts'
import type { privacy } from './en/privacy.ts'
import type { record } from './en/record.ts'
import type { steward } from './en/steward.ts'
import type { site } from './en/site.ts'
import type { street } from './en/street.ts'

export interface Words {
  /** What every page needs: names, units, periods, the frame of the page, what is said when something fails. */
  common: typeof common
  /** Sentences about the figures of streets and of the neighbourhood. */
  figures: typeof figures
  /** The page of a street: its chart, its table, its sensors. */
  street: typeof street
  /** One outdoor sensor, and the poster of a street. */
  site: typeof site
  /** Comparing streets, sensors and periods. */
  compare: typeof compare
  /** Signing in, invitations and one's own account. */
  account: typeof account
  /** A host's own page, and adding a sensor. */
  home: typeof home
  /** The diary of a home, its coldest corner, and what airing changed. */
  diary: typeof diary
  /** Where exactly a sensor is, and how it is mounted. */
  place: typeof place
  /** The page that explains how every number is made. */
  methods: typeof methods
  /** The page for researchers. */
  data: typeof data
  /** The page that says who runs the hub, what is kept how long, and what people can ask for. */
  privacy: typeof privacy
  /** The damp record of a home, on paper and on its page. */
  record: typeof record
  /** The page of records, and the letter to a landlord. */
  letter: typeof letter
  /** What people are told by e-mail and ntfy, and where they choose it. */
  alerts: typeof alerts
  /** The stewards' desk. */
  steward: typeof steward
}

export type Chapter = keyof Words

/** Some chapters of a language: what a sentence needs says which. */
export type Chapters<C extends Chapter> = Pick<Words, C>

/** In which language something is said, in the time zone of which hub, and what time it is there. */
export interface TextContext<C extends Chapter = Chapter> {
  words: Chapters<C>
  zone: string
  now: number
}
