/** What a command of `lamppost` is: words, options, and work that runs where the data folder is open. */
import type { ParseArgsOptionsConfig } from 'node:util'
import type { Config } from '../config.ts'
import type {
  CommandContext,
  CommandEvent,
  CommandInput,
  CommandResult,
  CommandRun
} from '../hub/control/command.ts'

export type { CommandContext, CommandEvent, CommandInput, CommandResult, CommandRun }

export interface Command {
  /** "street add" */
  words: string
  /** "street add NAME" */
  usage: string
  says: string
  options: ParseArgsOptionsConfig
  /** Fewest and most words after the command's own. */
  positionals: [min: number, max: number]
  /** Without -o it has no other product than its text, which goes to standard output. */
  isTextProduct?: boolean
  /** Work for the process that was called: reading files, making paths absolute, asking on its terminal. */
  prepare?(input: CommandInput): CommandInput | Promise<CommandInput>
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

/** A command without progress: its work is one promise. */
export function plain(
  work: (context: CommandContext, input: CommandInput) => Promise<CommandResult>
): CommandRun {
  return async function* (context, input) {
    return await work(context, input)
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
