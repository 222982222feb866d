/** Open connections of a door: so many in all, and so many of each address, whatever they have said so far. */
import type { Server, Socket } from 'node:net'
import { plainAddress, shareOf } from '../../model/address.ts'
import { connectionsMax, connectionsPerAddressMax } from '../limits.ts'
import type { IsProxy } from './client.ts'

/** A trusted proxy's count for nobody. */
export function boundConnections(server: Server, isProxy: IsProxy): void {
  const open = new Map<string, number>()
  server.maxConnections = connectionsMax
  server.prependListener('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '')
    if (isProxy(address)) return
    const share = shareOf(address)
    const count = (open.get(share) ?? 0) + 1
    if (count > connectionsPerAddressMax) return void socket.destroy()
    open.set(share, count)
    socket.once('close', () => {
      const left = open.get(share)! - 1
      if (left === 0) open.delete(share)
      else open.set(share, left)
    })
  })
}
