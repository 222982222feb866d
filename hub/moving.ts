/** Moving a device in two files at once: the registry says where it hangs, the store where its readings are. */
import type { UnixMs } from '../model/time.ts'
import type { Registry } from '../registry/registry.ts'
import type { Pipeline } from './pipeline.ts'

/** Set while readings may still stand at the old site, so that a crash in between is made good at the next start. */
const movingName = 'movingDevice'

export interface MovingRooms {
  registry: Registry
  pipeline: Pipeline
  directoryTold(): Promise<void>
}

/** The device hangs in `street` (id or name) from `at` on, and what it measured since then goes with it. */
export async function moveDevice(
  rooms: MovingRooms,
  move: { deviceId: string; street: string; at: UnixMs; now: UnixMs }
): Promise<{ siteId: string; until: UnixMs | null; readingsMoved: number }> {
  const { registry, pipeline } = rooms
  registry.setSetting(movingName, move.deviceId)
  const { siteId, changes } = registry.move(move.deviceId, move.street, move.at, move.now)
  await rooms.directoryTold()
  let readingsMoved = 0
  for (const change of changes) readingsMoved += await pipeline.service.reassign(change)
  registry.setSetting(movingName, '')
  return { siteId, until: changes.at(-1)?.until ?? null, readingsMoved }
}

/** Places the readings of a move that a crash cut in two; doing it again changes nothing. */
export async function finishMove(registry: Registry, pipeline: Pipeline): Promise<void> {
  const deviceId = registry.setting(movingName)
  if (!deviceId) return
  for (const deployment of registry.deployments(deviceId)) await pipeline.service.reassign(deployment)
  registry.setSetting(movingName, '')
}
