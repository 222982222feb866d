/** What a command of `lamppost` is: words, options, and work that runs where the data folder is open. */
import type { ParseArgsOptionsConfig } from 'node:util'
import type { Config } from '../config.ts'
import type { HubSays } from '../hub/doctor/finding.ts'
import type { Rooms } from '../hub/rooms.ts'

/**
 * What a command reports while it works. `text` and `base64` (of bytes that are no text) are the command's product, an
 * export; `progress` is one line that replaces the last.
 */
export type CommandEvent =
  { text: string } | { base64: string } | { progress: string; done?: number; total?: number }

/** Rooms as a command sees them: in a running hub it can also end live connections. */
export interface CommandRooms extends Pick<
  Rooms,
  'clock' | 'timezone' | 'folder' | 'registry' | 'journal' | 'pipeline' | 'presence' | 'directoryTold'
> {
  disconnect(deviceId: string): void
  /** Its doors and health, in a running hub; a command that opened the rooms itself has none. */
  hub?(): Pick<HubSays, 'httpPort' | 'mqttPort' | 'mqttsPort' | 'reasons'>
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
}

export type CommandRun = (
  rooms: CommandRooms,
  input: CommandInput
) => AsyncGenerator<CommandEvent, CommandResult>

export interface Command {
  /** "street add" */
  words: string
  /** "street add NAME" */
  usage: string
  says: string
  options: ParseArgsOptionsConfig
  /** Fewest and most words after the command's own. */
  positionals: [min: number, max: number]
  /** Work for the process that was called: reading files, making paths absolute. */
  prepare?(input: CommandInput): CommandInput
  run: CommandRun
  /** For a command that needs no rooms, or must not open them: runs in the process that was called, instead of `run`. */
  runAlone?(alone: Alone, input: CommandInput): AsyncGenerator<CommandEvent, CommandResult>
}

export interface Alone {
  config: Config
  /** Has the hub that runs on the data folder do `run`; undefined when none does. */
  askHub(): Promise<CommandResult | undefined>
}

/** Asked for what cannot be, or in a way that cannot be understood: exit status 2, one line. */
export class WrongUse extends Error {
  readonly code = 'wrongUse'
}

/** What fails for the disk's sake, or a server's, passes: then the same command does the rest. */
export function withNextStep(code: string, message: string): string {
  return passing.has(code) ? `${message} When that is mended, run it again.` : message
}

const passing = new Set(['storeUnavailable', 'journalUnavailable'])

/** A command without progress: its work is one promise. */
export function plain(
  work: (rooms: CommandRooms, input: CommandInput) => Promise<CommandResult>
): CommandRun {
  return async function* (rooms, input) {
    return await work(rooms, input)
  }
}

export function option(input: CommandInput, name: string): string | undefined {
  const value = input.values[name]
  return typeof value === 'string' ? value : undefined
}

/** An option that may be given more than once, in order. */
export function optionList(input: CommandInput, name: string): string[] {
  const value = input.values[name]
  if (Array.isArray(value)) return value
  return typeof value === 'string' ? [value] : []
}

export function requiredOption(input: CommandInput, name: string, why: string): string {
  const value = option(input, name)
  if (!value) throw new WrongUse(`--${name} is missing: ${why}`)
  return value
}
