/** How much of what is sent the other end has taken. */
import type { Socket } from 'node:net'

/**
 * A number that grows while the other end takes something. Node counts whole writes, and one may be an answer of 8 MB; how
 * much of it the system still has to take only the handle says, as Node's own timeouts ask it (net.js, `_onTimeout`).
 */
export function takenBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null }
  return socket.bytesWritten - socket.writableLength - (handle?.writeQueueSize ?? 0)
}
