/** Backups that this hub knows of: what it made by itself, and those that somebody asked for, as long as they are where they were. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dayMs, parseIsoZoned, toIso, type UnixMs } from '../../model/time.ts'
import { backupsMade, keepBackupsMade, type BackupMade } from '../../hub/erasing/backups-made.ts'
import type { Registry } from '../../registry/registry.ts'
import { backupsNotedMax } from '../limits.ts'
import { backupsIn, scheduledAt } from './schedule.ts'

export interface KnownBackup {
  file: string
  /** ISO 8601. */
  created: string
  /** About when the schedule removes it; null: never by itself. */
  until: string | null
}

export function noteBackup(registry: Pick<Registry, 'setting' | 'setSetting'>, backup: BackupMade): void {
  const others = backupsMade(registry).filter(({ file }) => file !== backup.file && existsSync(file))
  keepBackupsMade(registry, [...others, backup].slice(-backupsNotedMax))
}

/** Oldest first. `schedule` is where the hub makes its own, and how many it keeps. */
export function knownBackups(
  registry: Pick<Registry, 'setting'>,
  schedule: { dir: string; keep: number } | null
): KnownBackup[] {
  const scheduled = (schedule ? backupsIn(schedule.dir) : []).flatMap((name): KnownBackup[] => {
    const at = scheduledAt(name)
    if (at === undefined || !schedule) return []
    const until = toIso((at + schedule.keep * dayMs) as UnixMs)
    return [{ file: join(schedule.dir, name), created: toIso(at), until }]
  })
  const known = new Set(scheduled.map(({ file }) => file))
  const others = backupsMade(registry)
    .filter(({ file }) => !known.has(file) && existsSync(file))
    .map((one): KnownBackup => ({ ...one, until: null }))
  return [...scheduled, ...others].toSorted(
    (a, b) => (parseIsoZoned(a.created) ?? 0) - (parseIsoZoned(b.created) ?? 0)
  )
}
