/** What the doctor finds, and what a running hub tells it. */
import type { HubDoors } from '../../hub/control/command.ts'

export interface Finding {
  what: string
  state: 'ok' | 'warn' | 'bad'
  /** One sentence. */
  says: string
  /** What to do about it; absent where all is well. */
  todo?: string
}

export interface HubSays extends HubDoors {
  readings: number | null
  /** Why the store cannot be asked; null while it can. */
  storeFailing: string | null
}

export function ok(what: string, says: string): Finding {
  return { what, state: 'ok', says }
}

export function warn(what: string, says: string, todo: string): Finding {
  return { what, state: 'warn', says, todo }
}

export function bad(what: string, says: string, todo: string): Finding {
  return { what, state: 'bad', says, todo }
}
