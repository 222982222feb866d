/** HTTPS: a door of its own, behind which connections are those of the plain one, with the same limits, pages and answers. */
import { once } from 'node:events'
import { createServer } from 'node:tls'
import type { Api } from './app.ts'
import type { IsProxy } from './doors/client.ts'
import { boundConnections } from './doors/connections.ts'
import { tlsHandshakeMsMax } from './limits.ts'

export interface Certificate {
  port: number
  cert: Buffer
  key: Buffer
}

export interface SecureDoor {
  port: number
  renewCertificate(files: Certificate): void
  /** No new connections; those that there are are the API's, which answers whoever still waits. */
  close(): void
}

/** Resolves when it listens. */
export async function listenSecurely(
  api: Pick<Api, 'server'>,
  { port, cert, key }: Certificate,
  { host, isProxy }: { host: string; isProxy: IsProxy }
): Promise<SecureDoor> {
  const options = { cert, key, ALPNProtocols: ['http/1.1'], handshakeTimeout: tlsHandshakeMsMax }
  // As Node's own https server does it: HTTP is spoken over whatever stream a connection is.
  const door = createServer(options, (socket) => void api.server.emit('connection', socket))
  // Those that are not through their handshake, too.
  boundConnections(door, isProxy)
  door.listen(port, host)
  await once(door, 'listening')
  const address = door.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    renewCertificate: (files) => door.setSecureContext({ cert: files.cert, key: files.key }),
    close: () => void door.close()
  }
}
