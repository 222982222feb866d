/** A command's way to the hub that holds its data folder. */
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import type { CommandEvent, CommandResult } from './command.ts'
import { CommandFailure, http, reachable, type Asked, type Line } from './wire.ts'

/** Runs a command in the hub behind the socket; undefined when nobody answers there. */
export async function askHub(
  socketFile: string,
  asked: Asked,
  onEvent: (event: CommandEvent) => void | Promise<void>
): Promise<CommandResult | undefined> {
  const asking = http.request({ socketPath: reachable(socketFile), method: 'POST', path: '/' })
  asking.end(JSON.stringify(asked))
  let response: IncomingMessage
  try {
    ;[response] = (await once(asking, 'response')) as [IncomingMessage]
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined
    if (isCut(cause)) throw hubStopped()
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
    if (!isCut(cause)) throw cause
  }
  throw hubStopped()
}

/** A hub that is killed cuts the connection, whether it had begun to answer or not. */
function isCut(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE')
}

function hubStopped(): CommandFailure {
  return new CommandFailure(
    'hubStopped',
    'The hub stopped before the command was done. Start it again and repeat the command.'
  )
}
