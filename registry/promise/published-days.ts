/** What others may ask of the ledger of published days: what is out, what may come out next, and taking a day back. */
import type { Quantity } from '../../model/quantity.ts'
import type { UnixMs } from '../../model/time.ts'

/** A figure that is out: written once, and never changed. */
export interface PublishedDay {
  streetId: string
  /** The civil day as people say it, "2026-11-20": it stays with the figure when the hub's zone changes. */
  date: string
  from: UnixMs
  until: UnixMs
  quantity: Quantity
  value: number
  /** null: the day has no hours. */
  hours: { time: UnixMs[]; value: number[] } | null
}

export interface PublishedDaysQuery {
  streetId: string
  quantity: Quantity
  /** Days that begin in it: from inclusive, until exclusive. */
  from: UnixMs
  until: UnixMs
}

/** One street's figure of a day that comes out. */
export interface NewPublishedDay {
  streetId: string
  quantity: Quantity
  value: number
  /** Homes that it is made of; 0 where an earlier version's rules made it. */
  homes: number
  hours: { time: UnixMs[]; value: number[] } | null
}

export interface DecidedDay {
  date: string
  from: UnixMs
  until: UnixMs
}

/** How far the days are decided. */
export interface Publishing {
  /** The last day of which it is settled what comes out, whether anything did or not; null before the first. */
  last: DecidedDay | null
  /** Days that ended before this never come out: the folder was restored then. */
  notBefore: UnixMs | null
  /** What an earlier version showed of past days is in the ledger; false until that is done, after an upgrade. */
  isTakenOver: boolean
}

export interface Withdrawal {
  streetId: string
  date: string
  at: UnixMs
}

export interface PublishedDays {
  publishing(): Publishing
  /** Grows whenever a figure came out or was withdrawn, since the registry was opened. */
  publishedChanges(): number
  /** Oldest first. */
  publishedDays(query: PublishedDaysQuery): PublishedDay[]
  /** Quantities of which a street has a published day. */
  publishedQuantities(streetId: string): Quantity[]
  /**
   * A day comes out, in one transaction with its being decided; nothing of it ever comes out later. An assertion stops what
   * must not be: a day before the last one, one that ended before a restore, too few homes.
   */
  decideDay(day: DecidedDay, figures: readonly NewPublishedDay[], now: UnixMs): void
  /** Days until this one are decided, and nothing of them comes out. */
  passDays(last: DecidedDay, now: UnixMs): void
  /** What an earlier version showed as days, once, before the first day is decided. */
  takeOverDays(figures: readonly (NewPublishedDay & DecidedDay)[], last: DecidedDay | null, now: UnixMs): void
  /** The folder is a backup that was restored now. */
  noteRestored(now: UnixMs): void
  /** Takes a whole day of a street away for good. Throws `RegistryRefusal` dayNotPublished where nothing of it is out. */
  withdrawDay(streetId: string, date: string, now: UnixMs): { quantities: Quantity[] }
  withdrawals(): Withdrawal[]
  /** Each street and date of which something is out. */
  publishedDates(): Pick<Withdrawal, 'streetId' | 'date'>[]
}
