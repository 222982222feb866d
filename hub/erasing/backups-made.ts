/** Backups that somebody asked for, as the registry remembers them: whoever is erased hears of them, and their lists are kept up to date. */
import type { Registry } from '../../registry/registry.ts'

export interface BackupMade {
  file: string
  created: string
}

const madeSetting = 'backupsMade'

/** Written by `keepBackupsMade` alone. */
export function backupsMade(registry: Pick<Registry, 'setting'>): BackupMade[] {
  return JSON.parse(registry.setting(madeSetting) ?? '[]') as BackupMade[]
}

export function keepBackupsMade(registry: Pick<Registry, 'setSetting'>, made: readonly BackupMade[]): void {
  registry.setSetting(madeSetting, JSON.stringify(made))
}
