/** A wire between two programs that can be made slow: TCP on a port of its own, each piece later by as much as is said. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface SlowWire {
  url: string
  /** From now on everything arrives this much later, in both directions. */
  delay(ms: number): void
  close(): Promise<void>
}

export async function slowWire(to: string): Promise<SlowWire> {
  const { hostname, port } = new URL(to)
  let delayMs = 0
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      // Either end may go at any time; the other one follows.
      socket.on('error', () => socket.destroy())
    }
    const carry = (from: Socket, into: Socket): void => {
      from.on('data', (piece) => later(() => into.destroyed || into.write(piece)))
      from.once('close', () => later(() => into.destroy()))
    }
    carry(near, far)
    carry(far, near)
  })
  const later = (work: () => unknown): void => {
    if (delayMs === 0) work()
    else setTimeout(work, delayMs)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delay: (ms) => void (delayMs = ms),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    }
  }
}
