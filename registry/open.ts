/** The registry, opened: everything in memory for reading, every change a transaction on disk before it is answered. */
import { systemClock, type Clock } from '../model/time.ts'
import { openBooks, type Books } from './books.ts'
import { openDatabase, type RegistryLog } from './database.ts'
import { cryptoRandom, type RandomBytes } from './ids.ts'
import { offerAlerts } from './offer/alerts.ts'
import { offerDesk } from './offer/desk.ts'
import { offerDevices } from './offer/devices.ts'
import { offerMending } from './offer/mending.ts'
import { offerPeople } from './offer/people.ts'
import { offerPlaces } from './offer/places.ts'
import { offerPublishedDays } from './offer/published-days.ts'
import type { Registry } from './registry.ts'

export { RegistryVersionError, type RegistryLog } from './database.ts'
export type { RandomBytes } from './ids.ts'

export interface RegistryOptions {
  /** Path of the SQLite file; made when it is not there. Its folder must be. */
  file: string
  /** For the name of the copy that an upgrade puts aside. */
  clock?: Clock
  /** For ids and passwords. */
  randomBytes?: RandomBytes
  log?: RegistryLog
  /** Marks a file that is made now as a demo's, for good. */
  makeDemo?: boolean
}

/** @throws RegistryVersionError for a file of a newer version, RegistryUnavailable where it cannot be read or written. */
export function openRegistry({
  file,
  clock = systemClock,
  randomBytes = cryptoRandom,
  log,
  makeDemo = false
}: RegistryOptions): Registry {
  const told = log ? { log } : {}
  const db = openDatabase({ file, clock, randomBytes, makeDemo, ...told })
  const books = openBooks({ db, clock, randomBytes, ...told })
  return {
    ...offerPlaces(books),
    ...offerPeople(books),
    ...offerAlerts(books),
    ...offerDevices(books),
    ...offerDesk(books),
    ...offerPublishedDays(books),
    ...offerMending(books),
    ...offerFile(books)
  }
}

type OfFile = Pick<Registry, 'isDemo' | 'setting' | 'setSetting' | 'onChange' | 'close'>

function offerFile(books: Books): OfFile {
  return {
    isDemo: books.isDemo,
    setting: (name) => books.settings.get(name),
    setSetting: (name, value) => books.settings.set(name, value),
    onChange(listener) {
      books.listeners.add(listener)
      return () => books.listeners.delete(listener)
    },
    close() {
      books.listeners.clear()
      if (books.db.isOpen) books.db.close()
    }
  }
}
