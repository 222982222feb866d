/** Who, what, where, with whose consent: what the registry promises. Synchronous, as SQLite is; every call is one transaction. */
import type { Alerts } from './promise/alerts.ts'
import type { Calibrations } from './promise/calibrations.ts'
import type { ClockMending } from './promise/clock.ts'
import type { CorrectionBook } from './promise/corrections.ts'
import type { DeskBooks } from './promise/desk.ts'
import type { Boxes, Gateways } from './promise/devices.ts'
import type { Diaries } from './promise/diary.ts'
import type { Erasing } from './promise/erasing.ts'
import type { Forwardings } from './promise/forwardings.ts'
import type { ImportBook } from './promise/imports.ts'
import type { People } from './promise/people.ts'
import type { Places } from './promise/places.ts'
import type { PublishedDays } from './promise/published-days.ts'
import { isSqliteOutage, outageWords } from '../sqlite.ts'

export type * from './promise/corrections.ts'
export type * from './promise/devices.ts'
export type * from './promise/imports.ts'
export type * from './promise/places.ts'

export interface Registry
  extends
    Places,
    People,
    Diaries,
    Boxes,
    Gateways,
    PublishedDays,
    Erasing,
    ClockMending,
    Alerts,
    DeskBooks,
    Calibrations,
    Forwardings,
    CorrectionBook,
    ImportBook {
  /** The folder was made as a demo; that never changes. */
  readonly isDemo: boolean

  setting(name: string): string | undefined

  setSetting(name: string, value: string): void

  /** Called after each change of streets, sites, devices, deployments, corrections, persons or consents. Returns how to stop. */
  onChange(changed: () => void): () => void

  close(): void
}

/** Somebody asked for what cannot be; the message says what to do. */
export class RegistryRefusal extends Error {
  readonly code:
    | 'streetExists'
    | 'streetsSame'
    | 'streetEmptied'
    | 'streetUnknown'
    | 'streetElsewhere'
    | 'siteUnknown'
    | 'deviceUnknown'
    | 'deviceRemoved'
    | 'badName'
    | 'badInterval'
    | 'badTime'
    | 'badOverlap'
    | 'placeMissing'
    | 'badNote'
    | 'badGeoJson'
    | 'badMonths'
    | 'badWording'
    | 'thingClaimed'
    | 'mapMissing'
    | 'mapBad'
    | 'addressMissing'
    | 'personUnknown'
    | 'personNamed'
    | 'samePerson'
    | 'homeUnknown'
    | 'homeTaken'
    | 'homeEmpty'
    | 'lastSteward'
    | 'dayNotPublished'
    | 'correctionUnknown'
    | 'annotationUnknown'
    | 'requestUnknown'
    | 'calibrationUnknown'
    | 'calibrationRuns'
    | 'calibrationState'
    | 'overtaken'
    | 'correctionOverlaps'
    | 'tooMany'
  constructor(code: RegistryRefusal['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** The file cannot be read or written now (disk full, damaged, no permission). What was being written is not. */
export class RegistryUnavailable extends Error {
  readonly code = 'registryUnavailable'
  /** In a sentence. */
  readonly why: string
  constructor(doing: string, cause: unknown) {
    const words = isSqliteOutage(cause) ? outageWords(cause) : undefined
    const why = words?.why ?? (cause instanceof Error ? cause.message : String(cause))
    const next = words ? ` Nothing was changed. ${words.whatToDo}, then run the command again.` : ''
    super(`The registry is unavailable (${doing}): ${why}${next}`, { cause })
    this.why = why
  }
}
