/** Moving a device in two files at once: the registry says where it hangs, the store where its readings are. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { WrongStretch } from '../model/message.ts'
import type { UnixMs } from '../model/time.ts'
import { RegistryUnavailable, type Registry } from '../registry/registry.ts'
import type { Relocation } from '../registry/promise/people.ts'
import { moveAgainMs, moveRollupsMsMax } from './limits.ts'
import type { Moves } from './moves.ts'
import type { Pipeline } from './pipeline/pipeline.ts'

/** The same for devices whose places begin or end at another time, since the clock had been wrong. */
const movedByClockName = 'movedByClock'

/** Set while readings may still stand at the old site, so that a crash in between is made good at the next start. */
const movingName = 'movingDevice'

/** The sensor is installed there; some of its readings may still stand at its earlier site. */
export class MoveUnfinished extends Error {
  readonly code = 'moveUnfinished'
  constructor(deviceId: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(
      `${deviceId} is installed there now, but not all of its readings could be moved: ${why} They are moved when you run this again, or ` +
        'when the hub next starts.',
      { cause }
    )
  }
}

export interface MovingRooms {
  registry: Registry
  pipeline: Pipeline
  moves: Moves
  directoryTold(): Promise<void>
  isClosing(): boolean
  log: { warn(fields: object, message: string): void }
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
  return rooms.moves.move(async () => {
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
      // Nobody reads until all of them have followed.
      void finishInTurn(rooms)
      throw new MoveUnfinished(deviceId, cause)
    }
    if (readingsMoved > 0) await rollupsFollowed(pipeline)
    noteFinished(registry, movingName)
    return { siteId, streetId, changes, readingsMoved }
  })
}

/** Hours and days are made of what is where now. Of years of readings they come later, oldest first. */
async function rollupsFollowed({ service }: Pipeline): Promise<void> {
  const patience = new AbortController()
  await Promise.race([
    service.settleRollups(),
    sleep(moveRollupsMsMax, undefined, { signal: patience.signal, ref: false }).catch(() => undefined)
  ])
  patience.abort()
}

/** Without the note the next start moves them again, which changes nothing. */
function noteFinished(registry: Registry, name: string): void {
  try {
    registry.setSetting(name, '')
  } catch (cause) {
    if (!(cause instanceof RegistryUnavailable)) throw cause
  }
}

/**
 * The clock had been wrong: what began "now" in that time begins at the right moment, at once, and readings follow the places that
 * changed by it.
 */
export async function mendMoments(rooms: MovingRooms, stretch: WrongStretch, now: UnixMs): Promise<void> {
  const { registry, directoryTold } = rooms
  const moved = registry.movedByClock(stretch)
  if (moved.length > 0) {
    const waiting = registry.setting(movedByClockName)?.split(' ') ?? []
    registry.setSetting(movedByClockName, [...new Set([...waiting, ...moved])].join(' ').trim())
  }
  registry.mendMoments(stretch, now)
  await directoryTold()
  await finishInTurn(rooms)
}

/** Places the readings of a move that a crash cut in two; doing it again changes nothing. Nobody reads before it is done. */
export async function finishInTurn(rooms: Omit<MovingRooms, 'directoryTold'>): Promise<void> {
  const { registry, moves, isClosing, log } = rooms
  if (!registry.setting(movingName) && !registry.setting(movedByClockName)) return
  await moves.move(async () => {
    for (let told = false; !isClosing(); await sleep(moveAgainMs, undefined, { ref: false })) {
      try {
        return await finishMove(rooms)
      } catch (cause) {
        if (!told) log.warn({ cause: String(cause) }, unfinishedWords)
        told = true
      }
    }
  })
}

const unfinishedWords =
  'The readings of a moved sensor could not follow it yet. Figures and downloads wait until they have.'

async function finishMove({ registry, pipeline }: Pick<MovingRooms, 'registry' | 'pipeline'>): Promise<void> {
  for (const name of [movingName, movedByClockName]) {
    const noted = registry.setting(name)
    if (!noted) continue
    for (const deviceId of noted.split(' '))
      for (const deployment of registry.deployments(deviceId)) await pipeline.service.reassign(deployment)
    await rollupsFollowed(pipeline)
    // A clock that was set again meanwhile has noted more.
    if (registry.setting(name) === noted) noteFinished(registry, name)
  }
}
