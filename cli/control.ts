/**
 * How a command reaches a running hub: HTTP over a socket in the data folder that only its owner can open. The answer
 * is one JSON line an event, the last one the result or the refusal.
 */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { relative } from 'node:path'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { commandByWords } from './commands/all.ts'
import {
  withNextStep,
  type CommandEvent,
  type CommandInput,
  type CommandResult,
  type CommandRun,
  type CommandRooms
} from './command.ts'

type Line =
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
const refusalNames = ['WrongUse', 'RegistryRefusal']

/** sockaddr_un holds 107 bytes; a deep folder is reached relative to where we stand. */
const socketPathBytesMax = 107

function reachable(socketFile: string): string {
  const short = [socketFile, relative(process.cwd(), socketFile)].find(
    (p) => Buffer.byteLength(p) <= socketPathBytesMax
  )
  if (short) return short
  throw new CommandFailure(
    'socketPath',
    `The path ${socketFile} is too long for a socket. Choose a shorter --data folder.`
  )
}

export interface ControlServer {
  stop(): Promise<void>
}

/** Serves commands on the socket; the caller holds the data folder, so a socket that is there is a dead hub's. */
export async function startControl(socketFile: string, rooms: CommandRooms): Promise<ControlServer> {
  const path = reachable(socketFile)
  rmSync(path, { force: true })
  const server = createServer((incoming, response) => {
    answer(rooms, incoming, response).catch((cause: unknown) =>
      response.destroy(cause instanceof Error ? cause : undefined)
    )
  })
  const before = process.umask(0o177)
  try {
    server.listen(path)
    await once(server, 'listening')
  } finally {
    process.umask(before)
  }
  chmodSync(path, 0o600)
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

async function answer(
  rooms: CommandRooms,
  incoming: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  let body = ''
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk
  const { words, input } = JSON.parse(body) as { words: string; input: CommandInput }
  // Now, so that the other end can tell a hub that stops from one that is not there.
  response.flushHeaders()
  const gone = new AbortController()
  response.once('close', () => gone.abort(new Error('whoever asked is gone')))
  const { signal } = gone
  const say = async (line: Line): Promise<void> => {
    signal.throwIfAborted()
    if (!response.write(JSON.stringify(line) + '\n')) await once(response, 'drain', { signal })
  }
  let work: ReturnType<CommandRun> | undefined
  try {
    const command = commandByWords(words)
    if (!command)
      throw new CommandFailure(
        'wrongUse',
        `The running hub does not know "${words}". It may be another version.`
      )
    work = command.run(rooms, input)
    for (;;) {
      const { value, done } = await work.next()
      await say(done ? { result: value } : value)
      if (done) break
    }
  } catch (cause) {
    if (!signal.aborted) await say({ refused: refusal(cause) })
  } finally {
    // Nobody asks for the rest: an export lets go of the store, of which it else would hold a view for ever.
    await work?.return(nothing)
  }
  response.end()
}

/** What a command that is cut short gives to nobody. */
const nothing: CommandResult = { json: null, text: '' }

function refusal(cause: unknown): { name: string; code: string; message: string } {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'failed'
  return { name: error.constructor.name, code, message: withNextStep(code, error.message) }
}

/** Runs a command in the hub behind the socket; undefined when nobody answers there. */
export async function askHub(
  socketFile: string,
  words: string,
  input: CommandInput,
  onEvent: (event: CommandEvent) => void | Promise<void>
): Promise<CommandResult | undefined> {
  const asking = request({ socketPath: reachable(socketFile), method: 'POST', path: '/' })
  asking.end(JSON.stringify({ words, input }))
  let response: IncomingMessage
  try {
    ;[response] = (await once(asking, 'response')) as [IncomingMessage]
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined
    throw cause
  }
  try {
    for await (const text of createInterface({ input: response })) {
      const line = JSON.parse(text) as Line
      if ('result' in line) return line.result
      if ('refused' in line)
        throw new CommandFailure(line.refused.code, line.refused.message, line.refused.name)
      await onEvent(line)
    }
  } catch (cause) {
    // A hub that is killed cuts the connection; one that stops ends it.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET')) throw cause
  }
  throw new CommandFailure(
    'hubStopped',
    'The hub stopped before the command was done. Start it again and repeat the command.'
  )
}
