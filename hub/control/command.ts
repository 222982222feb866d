/** What a command of `lamppost` gets, takes and gives: the same in a running hub and on a data folder opened for it. */
import type { GatewayEars } from '../../model/gateway.ts'
import type { Rooms } from '../rooms.ts'

/**
 * What a command reports while it works. `text` and `base64` (of bytes that are no text) are the command's product, an
 * export; `progress` is one line that replaces the last.
 */
export type CommandEvent =
  { text: string } | { base64: string } | { progress: string; done?: number; total?: number }

/** A running hub's doors and health. */
export interface HubDoors {
  httpPort: number
  mqttPort: number
  mqttsPort: number | null
  /** Why it is degraded; empty while it is ready. */
  reasons: string[]
}

/** Rooms as a command sees them: in a running hub it can also end live connections. */
export interface CommandContext extends Pick<
  Rooms,
  | 'clock'
  | 'timezone'
  | 'folder'
  | 'registry'
  | 'makeExport'
  | 'accounts'
  | 'photos'
  | 'datasets'
  | 'journal'
  | 'pipeline'
  | 'presence'
  | 'eraser'
  | 'directoryTold'
  | 'moves'
  | 'isClosing'
  | 'log'
> {
  /** What the neighbourhood is called. */
  hubName: string
  disconnect(deviceId: string): void
  /** Where the hub makes backups by itself, and how many it keeps; null where it makes none. */
  backups: { dir: string; keep: number } | null
  /** Where sensors reach the hub: the port that it listens on, or that the settings name; 0 where nobody knows yet. */
  mqttPort: number
  httpPort: number
  /** …and under which name or address. */
  deviceHost: string
  /** What links to the hub begin with, without a slash at its end. */
  dashboardUrl(): string
  /** What gateways brought since the hub started; only there. */
  families?: GatewayEars
  /** In a running hub; a command that opened the rooms itself has none. */
  hub?(): HubDoors
}

/** Plain JSON, so that it can travel to a running hub. */
export interface CommandInput {
  positionals: string[]
  values: Record<string, string | boolean | string[] | undefined>
  /** Contents of files that the command's own process read, by name. */
  files?: { name: string; text: string }[]
}

export interface CommandResult {
  /** What `--json` prints. */
  json: unknown
  /** What people read. */
  text: string
  /** The work was done and its answer is bad news: exit status 1. */
  failed?: boolean
  /**
   * Nothing was done yet: each of these must be answered with yes first. Then the command runs again with `yes` among its
   * values. `text` says what would happen. Without a terminal the command ends as wrong use, and names --yes.
   */
  confirm?: string[]
}

export type CommandRun = (
  context: CommandContext,
  input: CommandInput
) => AsyncGenerator<CommandEvent, CommandResult>

/** The work of the command that is called by these words; undefined where there is none. */
export type FindCommand = (words: string) => Promise<CommandRun | undefined>

/** What fails for the disk's sake, or a server's, passes: then the same command does the rest. */
export function withNextStep(code: string, message: string): string {
  return passing.has(code) ? `${message} Run the command again once that is fixed.` : message
}

const passing = new Set(['storeUnavailable', 'journalUnavailable'])
