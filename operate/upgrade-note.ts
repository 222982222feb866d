/** What an upgrade did, noted for the stewards until one of them has read it: from which version, where the backup is, the way back. */
import type { Registry } from '../registry/registry.ts'

export interface UpgradeNote {
  /** The version before; null where it did not say which it was. */
  from: string | null
  /** The version before the first upgrade that nobody has read of yet: what changed since then is told. */
  since: string | null
  to: string
  /** ISO 8601. */
  at: string
  /** Where it was made first; null: nothing in the folder changed, or somebody wanted none. */
  backup: string | null
  /** What to run once the version before is installed again; null where nothing has to be run, or nothing can be. */
  goBack: string | null
  /** The folder was changed, so that the version before cannot read it as it is. */
  isChanged: boolean
}

const noteSetting = 'upgradeNote'

export function noteUpgrade(registry: Pick<Registry, 'setting' | 'setSetting'>, note: UpgradeNote): void {
  const unread = notedUpgrade(registry)
  registry.setSetting(noteSetting, JSON.stringify(unread ? { ...note, since: unread.since } : note))
}

/** null once a steward has read it. */
export function notedUpgrade(registry: Pick<Registry, 'setting'>): UpgradeNote | null {
  return JSON.parse(registry.setting(noteSetting) ?? 'null') as UpgradeNote | null
}

export function upgradeIsRead(registry: Pick<Registry, 'setSetting'>): void {
  registry.setSetting(noteSetting, 'null')
}
