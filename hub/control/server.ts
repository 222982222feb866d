/** Runs commands in this hub for whoever can open its socket in the data folder: its owner only. */
import { chmodSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import {
  withNextStep,
  type CommandContext,
  type CommandResult,
  type CommandRun,
  type FindCommand
} from './command.ts'
import { CommandFailure, http, reachable, type Asked, type Line } from './wire.ts'

export interface ControlServer {
  stop(): Promise<void>
}

/** Serves commands on the socket; the caller holds the data folder, so a socket that is there is a dead hub's. */
export async function startControl(
  socketFile: string,
  context: CommandContext,
  find: FindCommand
): Promise<ControlServer> {
  const path = reachable(socketFile)
  rmSync(path, { force: true })
  const server = http.createServer((incoming, response) => {
    answer(context, find, incoming, response).catch((cause: unknown) =>
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
  context: CommandContext,
  find: FindCommand,
  incoming: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  let body = ''
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk
  const { words, input } = JSON.parse(body) as Asked
  // Now, so that the other end can tell a hub that stops from one that is not there.
  response.flushHeaders()
  const gone = new AbortController()
  response.once('close', () => gone.abort(new Error('the client disconnected')))
  const { signal } = gone
  const say = async (line: Line): Promise<void> => {
    signal.throwIfAborted()
    if (!response.write(JSON.stringify(line) + '\n')) await once(response, 'drain', { signal })
  }
  let work: ReturnType<CommandRun> | undefined
  try {
    const command = await find(words)
    if (!command)
      throw new CommandFailure(
        'wrongUse',
        `The running hub does not know "${words}". It may be another version.`
      )
    work = command(context, input)
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
