/** Moving a device in two files at once: the registry says where it hangs, the store where its readings are. */
import type { UnixMs } from '../model/time.ts'
import { RegistryUnavailable, type Registry } from '../registry/registry.ts'
import type { Relocation } from '../registry/promise/people.ts'
import type { Pipeline } from './pipeline/pipeline.ts'

/** Set while readings may still stand at the old site, so that a crash in between is made good at the next start. */
const movingName = 'movingDevice'

/** The sensor is installed there; some of its readings may still stand at its earlier site. */
export class MoveUnfinished extends Error {
  readonly code = 'moveUnfinished'
  constructor(deviceId: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(
      `${deviceId} is installed there now, but not all of its readings could follow: ${why} They follow when you run this again, or ` +
        'when the hub is started.',
      { cause }
    )
  }
}

export interface MovingRooms {
  registry: Registry
  pipeline: Pipeline
  directoryTold(): Promise<void>
}

/** The device is installed in `street` (id or name) from `at` on, and what it measured since then goes with it. */
export async function moveDevice(
  rooms: MovingRooms,
  move: { deviceId: string; street: string; at: UnixMs; now: UnixMs }
): Promise<{ siteId: string; streetId: string; until: UnixMs | null; readingsMoved: number }> {
  const { siteId, streetId, changes, readingsMoved } = await relocate(rooms, move.deviceId, () =>
    rooms.registry.move(move.deviceId, move.street, move.at, move.now)
  )
  return { siteId, streetId, until: changes.at(-1)?.until ?? null, readingsMoved }
}

/** Changes where a device is or was, and moves its readings to the sites that they belong to now. */
export async function relocate(
  rooms: MovingRooms,
  deviceId: string,
  change: () => Relocation
): Promise<Relocation & { streetId: string; readingsMoved: number }> {
  const { registry, pipeline } = rooms
  registry.setSetting(movingName, deviceId)
  const { siteId, changes } = change()
  // Now: another move of the device may take this place back while the readings follow.
  const { streetId } = registry.site(siteId)!
  await rooms.directoryTold()
  let readingsMoved = 0
  try {
    for (const change of changes) readingsMoved += await pipeline.service.reassign(change)
  } catch (cause) {
    throw new MoveUnfinished(deviceId, cause)
  }
  noteFinished(registry)
  return { siteId, streetId, changes, readingsMoved }
}

/** Without the note the next start moves them again, which changes nothing. */
function noteFinished(registry: Registry): void {
  try {
    registry.setSetting(movingName, '')
  } catch (cause) {
    if (!(cause instanceof RegistryUnavailable)) throw cause
  }
}

/** Places the readings of a move that a crash cut in two; doing it again changes nothing. */
export async function finishMove(registry: Registry, pipeline: Pipeline): Promise<void> {
  const deviceId = registry.setting(movingName)
  if (!deviceId) return
  for (const deployment of registry.deployments(deviceId)) await pipeline.service.reassign(deployment)
  noteFinished(registry)
}
