/** Opens the stewards' desk on the rooms of a hub. */
import { join } from 'node:path'
import { backUp } from '../../operate/backup/back-up.ts'
import { backupName } from '../../operate/backup/schedule.ts'
import { askDoctor } from '../desk/ask-doctor.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import type { HealthWatch } from '../health.ts'
import type { Release } from '../version.ts'
import type { Doors } from './doors.ts'
import type { Joint } from './joint.ts'

/** What stewards see and do on the web. */
export function openStewardsDesk(
  { config, rooms }: Joint,
  health: HealthWatch,
  { families }: Doors,
  release: Release
): Desk {
  const { backups } = config
  return openDesk({
    ...rooms,
    readings: rooms.pipeline.service,
    held: () => rooms.pipeline.service.held(),
    families,
    dataDir: rooms.folder.path,
    release,
    health: () => ({ status: health.current().status, reasons: health.reasonsForStewards() }),
    backups,
    backUp: (onProgress) =>
      backUp(rooms, join(backups?.dir ?? '', backupName(rooms.clock.now())), onProgress),
    examine: () => askDoctor(rooms.folder.path)
  })
}
