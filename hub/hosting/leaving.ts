/** Taking everything of one's own away, and erasing it. */
import type { ErasurePreview, ErasureReport } from '../../contract/own.ts'
import type { UnixMs } from '../../model/time.ts'
import { knownBackups } from '../../operate/backup/known-backups.ts'
import { RegistryRefusal } from '../../registry/registry.ts'
import type { Rooms } from '../rooms.ts'
import { everythingOf, type ArchiveRooms } from './person-archive.ts'
import { readingsWithin } from './readings-within.ts'

export interface LeavingRooms
  extends ArchiveRooms, Pick<Rooms, 'accounts' | 'eraser' | 'photos' | 'pipeline'> {
  backups: { dir: string; keep: number } | null
}

export function leaving(rooms: LeavingRooms) {
  const { registry, accounts } = rooms
  return {
    archive(personId: string): AsyncGenerator<Uint8Array> {
      accounts.note({ by: { kind: 'person', personId }, action: 'personExport', personId })
      return everythingOf(rooms, registry.needPerson(personId))
    },

    async erasurePreview(personId: string): Promise<ErasurePreview> {
      const { sites, homes, deviceIds, consents, diaryEntries } = registry.erasurePlan(personId)
      let readings = 0
      for (const { siteId } of sites) readings += await readingsWithin(rooms.pipeline, siteId, always)
      return {
        readings,
        homes: homes.length,
        places: sites.map(({ name, streetId }) => ({ name, street: registry.street(streetId)?.name ?? '' })),
        devices: deviceIds.length,
        consents,
        diaryEntries,
        photos: rooms.photos.count(personId),
        backups: backupsOf(rooms),
        isLastSteward: isLastSteward(rooms, personId)
      }
    },

    async erase(personId: string): Promise<ErasureReport> {
      if (isLastSteward(rooms, personId))
        throw new RegistryRefusal(
          'lastSteward',
          'You are the only steward of this hub. Make somebody else a steward first, so that it stays looked after.'
        )
      const plan = registry.erasurePlan(personId)
      const { readings, messages } = await rooms.eraser.erase(plan, () => undefined)
      return {
        readings,
        messages,
        places: plan.siteIds.length,
        devices: plan.deviceIds.length,
        backups: backupsOf(rooms)
      }
    }
  }
}

const always = { from: Number.MIN_SAFE_INTEGER as UnixMs, until: Number.MAX_SAFE_INTEGER as UnixMs }

/** Where they lie is the operator's business. */
function backupsOf({ registry, backups }: LeavingRooms): ErasureReport['backups'] {
  return knownBackups(registry, backups).map(({ created, until }) => ({ created, until }))
}

/** Without them nobody looks after the hub on the web. */
export function isLastSteward({ accounts }: Pick<LeavingRooms, 'accounts'>, personId: string): boolean {
  const stewards = accounts.accounts().filter(({ roles }) => roles.includes('steward'))
  return stewards.length === 1 && stewards[0]!.personId === personId
}
