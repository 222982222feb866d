/**
 * Takes places from readers that make no use of them while somebody waits: whoever reads slower than any line, and whose answer waits
 * behind another on its own connection. As many as wait, the slowest first.
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { secondMs } from '../../model/time.ts'
import { slowBytesPerSecondMin, slowLookMs, slowMsMax } from '../limits.ts'
import type { Place, Slots } from './slots.ts'
import { takenBytes } from './taken-bytes.ts'

export interface SlowReadersDeps {
  /** Milliseconds on a clock that never goes back. */
  now(): number
  onCut(socket: Socket): void
}

export interface Answering {
  response: Pick<ServerResponse, 'socket'>
  socket: Socket
  slots: Slots
  place: Place
}

interface Look {
  bytes: number
  at: number
}

export class SlowReaders {
  readonly #deps: SlowReadersDeps
  /** With the looks at which there was something to take, as many as tell its pace. */
  readonly #answers = new Map<Answering, Look[]>()
  readonly #timer: NodeJS.Timeout

  constructor(deps: SlowReadersDeps) {
    this.#deps = deps
    this.#timer = setInterval(() => this.look(), slowLookMs)
    this.#timer.unref()
  }

  watch(answer: Answering): void {
    this.#answers.set(answer, [])
  }

  release(answer: Answering): void {
    this.#answers.delete(answer)
  }

  look(): void {
    const now = this.#deps.now()
    const slow: (Place & { answer: Answering; pace: number })[] = []
    for (const [answer, looks] of this.#answers) {
      const pace = paceOf(answer, looks, now)
      if (pace < slowBytesPerSecondMin) slow.push({ ...answer.place, answer, pace })
    }
    slow.sort((a, b) => a.pace - b.pace)
    for (const [slots, places] of Map.groupBy(slow, ({ answer }) => answer.slots))
      for (const { answer } of slots.inTheWay(places)) this.#cut(answer)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #cut(answer: Answering): void {
    this.#answers.delete(answer)
    if (answer.socket.destroyed) return
    this.#deps.onCut(answer.socket)
    answer.socket.destroy()
  }
}

/** Bytes a second over the last stretch; Infinity where it took all that there was, or is not watched for long enough. */
function paceOf({ response, socket }: Answering, looks: Look[], now: number): number {
  // Its connection is not its own yet: it takes nothing, however much the answer before it does.
  const isBehind = response.socket !== socket
  if (!isBehind && socket.writableLength === 0) {
    looks.length = 0
    return Infinity
  }
  looks.push({ bytes: isBehind ? 0 : takenBytes(socket), at: now })
  while (looks.length > 1 && now - looks[1]!.at >= slowMsMax) looks.shift()
  const [first] = looks
  const last = looks.at(-1)
  if (!first || !last || now - first.at < slowMsMax) return Infinity
  return ((last.bytes - first.bytes) * secondMs) / (now - first.at)
}
