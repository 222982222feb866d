/** Backups that the hub makes by itself: one a day into a folder, the oldest removed after a new one is whole. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  civilTime,
  dayMs,
  fromCivil,
  hourMs,
  minuteMs,
  parseIsoZoned,
  spokenTime,
  toIso,
  type Clock,
  type UnixMs
} from '../../model/time.ts'
import { keepDoing } from '../../recurring.ts'

export interface BackupSettings {
  dir: string
  /** Hour of the day at which it begins, in the hub's time zone: 0 to 23. */
  hour: number
  /** Backups kept. */
  keep: number
}

export interface ScheduleDeps {
  settings: BackupSettings
  timezone: string
  clock: Clock
  /** Resolves when the file is whole and was read back. */
  backUp(file: string): Promise<unknown>
  log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
}

export interface Schedule {
  /** For the health page; empty while all is well. */
  failing(): readonly string[]
  /** Makes one now if one is due. Called by itself every minute. */
  look(): Promise<void>
  stop(): void
}

const lookEveryMs = minuteMs
/** A backup that failed is tried again after this: a full disk is seldom mended within minutes. */
const retryAfterMs = hourMs

/**
 * The folder is not made: of a disk that is not mounted it would be one on the disk that the backup is meant to outlive.
 *
 * Due is what has no file: a hub that slept or was switched off at the hour makes its backup when it is back, and a
 * clock that jumps makes at most one too many.
 */
export function startSchedule(deps: ScheduleDeps): Schedule {
  const { settings, timezone, clock, log } = deps
  let failing: string[] = []
  let notBefore = -Infinity
  let tried = clock.now()

  const make = async (now: UnixMs): Promise<void> => {
    removeLeftOvers(settings.dir)
    await deps.backUp(join(settings.dir, backupName(now)))
    failing = []
    for (const name of backupsIn(settings.dir).slice(0, -settings.keep)) rmSync(join(settings.dir, name))
  }
  const looking = keepDoing({
    async work() {
      const now = clock.now()
      if (now < notBefore) return
      tried = now
      // A folder on another machine may not be there to be looked into.
      if (isDue(settings, now, timezone)) await make(now)
    },
    firstAfterMs: lookEveryMs,
    untilNextMs: () => lookEveryMs,
    failed(cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      // The health page is for everybody; where this machine keeps its backups is not.
      const toldWhy = why.replaceAll(settings.dir, 'LAMPPOST_BACKUP_DIR')
      failing = [`The last scheduled backup failed on ${spokenTime(tried, timezone)}: ${toldWhy}`]
      notBefore = tried + retryAfterMs
      log.warn({ cause: why }, 'The scheduled backup failed; trying again in an hour.')
    }
  })
  // A backup that is being made is not waited for: what it copies closes, and it ends.
  return { failing: () => failing, look: looking.settle, stop: () => void looking.stop() }
}

/** The last moment at or before `now` at which a backup should have begun. */
export function lastHourBefore(now: UnixMs, hour: number, timezone: string): UnixMs {
  const today = { ...civilTime(now, timezone), hour, minute: 0, second: 0 }
  const at = fromCivil(today, timezone)
  if (at <= now) return at
  const yesterday = civilTime((at - dayMs) as UnixMs, timezone)
  return fromCivil({ ...yesterday, hour, minute: 0, second: 0 }, timezone)
}

function isDue({ dir, hour }: BackupSettings, now: UnixMs, timezone: string): boolean {
  const newest = newestBackupAt(dir)
  return newest === undefined || newest < lastHourBefore(now, hour, timezone)
}

/** When the newest scheduled backup in a folder began; undefined when there is none. */
export function newestBackupAt(dir: string): UnixMs | undefined {
  return scheduledAt(backupsIn(dir).at(-1) ?? '')
}

/** When the scheduled backup of this name began; undefined for another name. */
export function scheduledAt(name: string): UnixMs | undefined {
  const [, year, month, day, hour, minute, second] = backupFile.exec(name) ?? []
  return parseIsoZoned(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

const backupFile = /^lamppost-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.tar$/

/** `lamppost-20261123T030000Z.tar`: names sort as their times do. */
export function backupName(at: UnixMs): string {
  return `lamppost-${toIso(at).slice(0, 19).replaceAll(/[-:]/g, '')}Z.tar`
}

/** Oldest first; nothing else in the folder is touched. */
export function backupsIn(dir: string): string[] {
  return namesIn(dir)
    .filter((name) => backupFile.test(name))
    .toSorted()
}

/** What a backup that was cut short (a power cut, a kill) left of itself. */
function removeLeftOvers(dir: string): void {
  for (const name of namesIn(dir)) {
    const whole = /^(.+\.tar)\.(?:partial|copies)$/.exec(name)?.[1]
    if (whole !== undefined && backupFile.test(whole)) rmSync(join(dir, name), { recursive: true })
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw cause
  }
}
