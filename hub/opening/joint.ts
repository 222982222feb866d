/** What every step of a hub's start needs. */
import type { Config } from '../../config.ts'
import type { StreetFigures } from '../../figures/now/street-figures.ts'
import type { SensorThings } from '../../sensorthings/service.ts'
import type { Closing } from '../closing.ts'
import type { FindCommand } from '../control/command.ts'
import type { LiveSource } from '../live-feed.ts'
import type { Rooms, RoomsLog } from '../rooms.ts'

export interface HubLog extends RoomsLog {
  debug(fields: object, message: string): void
}

export interface HubOptions {
  version: string
  demo: boolean
  /** Days of homes do not come out until `beginComingOut` is called. */
  daysWait?: boolean
  log: HubLog
  /** What the control socket runs. */
  commands: FindCommand
  onFatal(cause: Error): void
}

export interface Joint {
  config: Config
  options: HubOptions
  closing: Closing
  rooms: Rooms
  live: LiveSource
  figures: StreetFigures
  things: SensorThings
}

/** For a topic that could not be published: the next change tries again. */
export function notPublished(log: HubLog): (cause: unknown) => void {
  return (cause) => log.warn({ cause: String(cause) }, 'A topic could not be published.')
}
