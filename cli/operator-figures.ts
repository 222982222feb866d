/** What the numbers of a command are made from: all that the hub has, indoor sites too, because who runs it owns the folder. */
import type { PeriodDeps } from '../figures/period/deps.ts'
import type { CommandContext } from './command.ts'

export function operatorFigures(rooms: CommandContext): PeriodDeps {
  return {
    readings: rooms.pipeline.service,
    places: rooms.registry,
    clock: rooms.clock,
    timezone: rooms.timezone,
    audience: 'operator'
  }
}
