/** What the registry writes down, book by book, and what its file keeps in memory. Every call of a book is one transaction. */
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../model/time.ts'
import { AlertBook } from './alerts.ts'
import { CalibrationBook } from './calibrations.ts'
import { ClockMoments } from './clock-moments.ts'
import { Consents } from './consents.ts'
import { Corrections } from './corrections.ts'
import { isDemoFolder, type RegistryLog } from './database.ts'
import { AnnotationBook, HostRequestBook } from './desk.ts'
import { Devices } from './devices.ts'
import { DiaryBook } from './diary.ts'
import { Erasures } from './erasures.ts'
import { FieldMaps } from './field-maps.ts'
import { ForwardingBook } from './forwardings.ts'
import type { RandomBytes } from './ids.ts'
import { Imports } from './imports.ts'
import { Notes } from './notes.ts'
import { People } from './people.ts'
import { Problems } from './problems.ts'
import { PublishedDaysLedger } from './published-days.ts'
import { PushBrowsers } from './push-browsers.ts'
import { Relocations } from './relocations.ts'
import { Settings } from './settings.ts'
import { SitePlaces } from './site-places.ts'
import { Sites } from './sites.ts'
import { Streets } from './streets.ts'

export type Books = ReturnType<typeof openBooks>

export interface BooksOptions {
  db: DatabaseSync
  clock: Clock
  randomBytes: RandomBytes
  log?: RegistryLog
}

export function openBooks({ db, clock, randomBytes, log }: BooksOptions) {
  const isDemo = isDemoFolder(db)
  const streets = new Streets(db)
  const diaries = new DiaryBook(db, randomBytes)
  const lasting = {
    db,
    clock,
    isDemo,
    streets,
    diaries,
    ledger: new PublishedDaysLedger(db, isDemo),
    imports: new Imports(db),
    alerts: new AlertBook(db, randomBytes),
    browsers: new PushBrowsers(db, randomBytes),
    erasures: new Erasures(db),
    calibrations: new CalibrationBook(db, randomBytes),
    annotations: new AnnotationBook(db, randomBytes, streets),
    requests: new HostRequestBook(db, randomBytes),
    moments: new ClockMoments(db),
    notes: new Notes(log)
  }

  /** Of these, memory holds what the file says. */
  function readFromFile() {
    const people = new People(db, randomBytes)
    const sites = new Sites(db, people, randomBytes)
    const devices = new Devices(db, streets, sites, randomBytes)
    const hasSites = (homeId: string): boolean => sites.all().some((site) => site.homeId === homeId)
    const consents = new Consents(db, people, { hasSites, isDemo })
    return {
      settings: new Settings(db),
      people,
      sites,
      devices,
      consents,
      corrections: new Corrections(db, randomBytes),
      forwardings: new ForwardingBook(db),
      maps: new FieldMaps(db),
      sitePlaces: new SitePlaces(db),
      problems: new Problems(db, (deviceId) => devices.get(deviceId) !== undefined),
      relocations: new Relocations(db, { streets, sites, devices, people, consents, diaries })
    }
  }

  const listeners = new Set<() => void>()
  const books = {
    ...lasting,
    ...readFromFile(),
    listeners,
    /** For what changes so much at once that memory is read from the file again. */
    readAgain(): void {
      Object.assign(books, readFromFile())
    },
    /** Tells who listens, and gives the result on. */
    changed<T>(result: T): T {
      for (const listener of listeners) listener()
      return result
    }
  }
  return books
}
