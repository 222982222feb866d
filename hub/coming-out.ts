/** Days of homes come out at work: looked at every minute. After an upgrade what everybody saw before is written down first. */
import { comeOut } from '../figures/homes/come-out.ts'
import { takeOverEarlierDays } from '../figures/homes/earlier-days.ts'
import { minuteMs, secondMs, type Clock } from '../model/time.ts'
import { keepDoing, type Recurring } from '../recurring.ts'
import type { DecidedDay } from '../registry/promise/published-days.ts'
import type { Registry } from '../registry/registry.ts'
import type { Moves } from './moves.ts'
import type { Pipeline } from './pipeline/pipeline.ts'

const lookEveryMs = minuteMs
const takeOverAgainMs = 30 * secondMs

export interface ComingOutRooms {
  registry: Registry
  pipeline: Pipeline
  clock: Clock
  /** Of the hub's civil days. */
  timezone: string
}

interface Turns {
  clock: Clock & { doubt(): unknown }
  moves: Pick<Moves, 'enter'>
}

interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** Lets out what is due now. */
export function daysOut(
  { registry, pipeline, clock, timezone }: ComingOutRooms,
  isWhole = (): boolean => true
): Promise<DecidedDay[]> {
  const { service } = pipeline
  const waitingSince = async () => (await service.ingestStats()).nextReceivedAt
  return comeOut({ readings: service, registry, waitingSince, clock, timezone, isWhole })
}

async function inTurn(rooms: ComingOutRooms & Turns): Promise<void> {
  let isWhole = true
  const leave = await rooms.moves.enter(() => (isWhole = false))
  try {
    await daysOut(rooms, () => isWhole)
  } finally {
    leave()
  }
}

export interface ComingOut {
  /** From now on, and once before it resolves. */
  begin(): Promise<void>
  stop(): Promise<void>
}

/** Nothing comes out while the clock is doubted, since it comes out for good, or while readings are on their way to another site. */
export function keepComingOut(rooms: ComingOutRooms & Turns, log: Log): ComingOut {
  let looking: Recurring<void> | undefined
  const look = (): Recurring<void> =>
    keepDoing({
      work: async () => (rooms.clock.doubt() ? undefined : inTurn(rooms)),
      firstAfterMs: lookEveryMs,
      untilNextMs: () => lookEveryMs,
      failed: (cause) =>
        log.warn(
          { cause: String(cause) },
          'Indoor figures could not be published now; they are published later.'
        )
    })
  return {
    begin: () => (looking ??= look()).settle(),
    stop: async () => looking?.stop()
  }
}

/**
 * Hours and days are left as they are until it is done: computed again they would not be what everybody saw. A store that
 * is away is waited for. Returns how to stop.
 */
export async function takeOver(rooms: ComingOutRooms, log: Log): Promise<() => void> {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const attempt = async (): Promise<void> => {
    try {
      const { service } = rooms.pipeline
      const figures = await takeOverEarlierDays({ ...rooms, readings: service })
      if (figures > 0)
        log.info(
          { figures },
          'Indoor figures shown by an earlier version stay as they were; new ones are final.'
        )
      await service.beginRollups()
    } catch (cause) {
      if (stopped) return
      log.warn(
        { cause: String(cause) },
        'The indoor figures of the earlier version could not be read; trying again.'
      )
      timer = setTimeout(() => void attempt(), takeOverAgainMs)
      timer.unref()
    }
  }
  await attempt()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
