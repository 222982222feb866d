/** Ends connections whose reader has stopped reading: what is made for them goes to somebody else. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { stallLookMs, stallMsMax } from '../limits.ts'
import { takenBytes } from './taken-bytes.ts'

export interface StallDeps {
  /** Milliseconds on a clock that never goes back. */
  now(): number
  onCut(socket: Socket): void
}

/** Bytes that the other end's system had taken when something was taken last, and when that was. */
interface Reading {
  bytes: number
  at: number
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

  look(): void {
    const now = this.#deps.now()
    for (const [socket, reading] of this.#readings) {
      const bytes = takenBytes(socket)
      if (socket.writableLength === 0 || bytes !== reading.bytes) {
        reading.bytes = bytes
        reading.at = now
      } else if (now - reading.at >= stallMsMax) {
        this.#readings.delete(socket)
        this.#deps.onCut(socket)
        socket.destroy()
      }
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #follow(socket: Socket): void {
    this.#readings.set(socket, { bytes: 0, at: this.#deps.now() })
    socket.once('close', () => this.#readings.delete(socket))
  }
}
