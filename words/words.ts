/**
 * A language: everything that people read, in chapters, so that a page loads only the chapters it needs. English is the
 * pattern; another language has the same shape, held by the type checker and by a test.
 */
import type { account } from './en/account.ts'
import type { common } from './en/common.ts'
import type { data } from './en/data.ts'
import type { figures } from './en/figures.ts'
import type { home } from './en/home.ts'
import type { methods } from './en/methods.ts'
import type { privacy } from './en/privacy.ts'
import type { street } from './en/street.ts'

export interface Words {
  /** What every page needs: names, units, periods, the frame of the page, what is said when something fails. */
  common: typeof common
  /** Sentences about the figures of streets and of the neighbourhood. */
  figures: typeof figures
  /** The page of a street: its chart, its table, its sensors. */
  street: typeof street
  /** Signing in, invitations and one's own account. */
  account: typeof account
  /** A host's own page, and adding a sensor. */
  home: typeof home
  /** The page that explains how every number is made. */
  methods: typeof methods
  /** The page for researchers. */
  data: typeof data
  /** The page that says who runs the hub, what is kept how long, and what people can ask for. */
  privacy: typeof privacy
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
