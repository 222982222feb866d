/** Ends connections whose reader has stopped reading: what is made for them, and their place, goes to somebody else. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { slowBytesPerSecondMin, stallLookMs, stallMsMax } from '../limits.ts'
import { secondMs } from '../../model/time.ts'

export interface StallDeps {
  /** Milliseconds on a clock that never goes back. */
  now(): number
  onCut(socket: Socket, why: 'stalled' | 'slow'): void
}

interface Reading {
  /** Bytes that the other end's system had taken when something was taken last, and when that was. */
  bytes: number
  at: number
  /** For how fast it reads: as of the beginning of this stretch. */
  stretchBytes: number
  stretchAt: number
  /** Somebody waits for what this connection holds. */
  isWanted: (() => boolean) | undefined
}

export class StallWatch {
  readonly #deps: StallDeps
  readonly #readings = new Map<Socket, Reading>()
  readonly #timer: NodeJS.Timeout

  constructor(server: Server, deps: StallDeps) {
    this.#deps = deps
    server.on('connection', (socket: Socket) => this.#follow(socket))
    // What speaks another protocol from now on has a watch of its own.
    server.on('upgrade', (_request, socket) => this.#readings.delete(socket as Socket))
    this.#timer = setInterval(() => this.look(), stallLookMs)
    this.#timer.unref()
  }

  /** While somebody waits for its place, this connection has to read at a pace, too. */
  holds(socket: Socket, isWanted: () => boolean): void {
    const reading = this.#readings.get(socket)
    if (!reading) return
    reading.isWanted = isWanted
    reading.stretchBytes = reading.bytes
    reading.stretchAt = this.#deps.now()
  }

  release(socket: Socket): void {
    const reading = this.#readings.get(socket)
    if (reading) reading.isWanted = undefined
  }

  look(): void {
    const now = this.#deps.now()
    for (const [socket, reading] of this.#readings) {
      const why = judge(socket, reading, now)
      if (why === undefined) continue
      this.#readings.delete(socket)
      this.#deps.onCut(socket, why)
      socket.destroy()
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #follow(socket: Socket): void {
    const at = this.#deps.now()
    this.#readings.set(socket, { bytes: 0, at, stretchBytes: 0, stretchAt: at, isWanted: undefined })
    socket.once('close', () => this.#readings.delete(socket))
  }
}

function judge(socket: Socket, reading: Reading, now: number): 'stalled' | 'slow' | undefined {
  const bytes = takenBytes(socket)
  if (socket.writableLength === 0 || bytes !== reading.bytes) {
    reading.bytes = bytes
    reading.at = now
  } else if (now - reading.at >= stallMsMax) return 'stalled'
  if (now - reading.stretchAt < stallMsMax) return undefined
  const taken = bytes - reading.stretchBytes
  const isSlow =
    socket.writableLength > 0 &&
    taken >= 0 &&
    (taken * secondMs) / (now - reading.stretchAt) < slowBytesPerSecondMin
  reading.stretchBytes = bytes
  reading.stretchAt = now
  return isSlow && reading.isWanted?.() ? 'slow' : undefined
}

/**
 * A number that grows while the other end takes something. Node counts whole writes, and one may be an answer of 8 MB; how
 * much of it the system still has to take only the handle says, as Node's own timeouts ask it (net.js, `_onTimeout`).
 */
function takenBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null }
  return socket.bytesWritten - socket.writableLength - (handle?.writeQueueSize ?? 0)
}
