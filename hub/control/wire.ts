/** What travels over the control socket: HTTP, the answer one JSON line an event, the last one the result or the refusal. */
import { relative } from 'node:path'
import type { CommandEvent, CommandInput, CommandResult } from './command.ts'

/** `import 'node:http'` would load all that it exports, Node's whole HTTP client for `fetch` too: 17 MB and 35 ms that nobody here needs. */
export const http = process.getBuiltinModule('node:http')

/** The body of a request. */
export interface Asked {
  words: string
  input: CommandInput
}

export type Line =
  CommandEvent | { result: CommandResult } | { refused: { name: string; code: string; message: string } }

/** A command was refused or failed in the hub; `code` is kept, so that the exit status is the same as here. */
export class CommandFailure extends Error {
  readonly code: string
  /** The hub refused it because it cannot be: asked wrongly, not failed. */
  readonly wasRefused: boolean
  constructor(code: string, message: string, cause = '') {
    super(message)
    this.code = code
    this.wasRefused = refusalNames.includes(cause)
  }
}

/** The class names under which a hub says that a command was asked wrongly. */
const refusalNames = ['WrongUse', 'RegistryRefusal', 'AccountsRefusal']

/** sockaddr_un holds 107 bytes; a deep folder is reached relative to where we stand. */
const socketPathBytesMax = 107

export function reachable(socketFile: string): string {
  const short = [socketFile, relative(process.cwd(), socketFile)].find(
    (p) => Buffer.byteLength(p) <= socketPathBytesMax
  )
  if (short) return short
  throw new CommandFailure(
    'socketPath',
    `The path ${socketFile} is too long for a socket. Choose a shorter --data folder.`
  )
}
