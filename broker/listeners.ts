/** The doors of the front door: TCP and TLS, with the certificate renewed while open, and PROXY headers from those who may send them. */
import { createServer, type Server as TcpServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls'
import { plainAddress, shareOf } from '../model/address.ts'
import { mqttConnectByte } from '../model/stray.ts'
import type { Connections } from './connections.ts'
import { connectTimeoutMs, listenBacklog } from './limits.ts'
import { readProxyHeader } from './proxy-header.ts'

export interface TlsFiles {
  cert: string | Buffer
  key: string | Buffer
}

export interface ListenerOptions {
  host: string
  mqttPort: number
  tls?: { port: number } & TlsFiles
  /** May connections from this address begin with a PROXY header, which says whose they are? Nobody may unless given. */
  isProxy?: (address: string) => boolean
}

/** `address` is undefined for a proxy that does not say whose a connection is. */
export type OnSocket = (socket: Socket, address: string | undefined) => void

export class Listeners {
  readonly #plain: TcpServer
  /** Listens in front of `#tls`. */
  readonly #front: TcpServer | undefined
  readonly #tls: TlsServer | undefined
  readonly #early: Connections

  constructor(
    { plain, front, tls }: { plain: TcpServer; front: TcpServer | undefined; tls: TlsServer | undefined },
    early: Connections
  ) {
    this.#plain = plain
    this.#front = front
    this.#tls = tls
    this.#early = early
  }

  get port(): number {
    return portOf(this.#plain)
  }

  get tlsPort(): number | undefined {
    return this.#front && portOf(this.#front)
  }

  /** New connections get this certificate; those that are open keep theirs. Throws what is wrong with it. */
  renewCertificate(files: TlsFiles): void {
    this.#tls?.setSecureContext(files)
  }

  /** Whoever is not through its handshake has nothing that would be waited for; who is through closes its own connection. */
  async close(): Promise<void> {
    const ended = [this.#plain, this.#front].map((server) => server?.listening && closed(server))
    this.#early.destroyUnknown()
    await Promise.all(ended)
  }
}

/** Who came to the wrong door. */
export interface OnWrongDoor {
  onBadProxy(address: string): void
  /** MQTT without TLS at the port for TLS, which is common: a box whose TLS was not switched on. */
  onPlainAtTls(bytes: Uint8Array, address: string): void
}

export interface ListenDeps extends OnWrongDoor {
  /** Connections of which it is not known yet whose they are, or that are not encrypted yet: `onSocket` has not got them. */
  early: Connections
  onTooMany(address: string): void
}

/** Rejects when a port cannot be had. */
export async function listen(
  options: ListenerOptions,
  onSocket: OnSocket,
  { onBadProxy, onPlainAtTls, early, onTooMany }: ListenDeps
): Promise<Listeners> {
  const isProxy = options.isProxy ?? (() => false)
  const come = (socket: Socket): void => {
    socket.setNoDelay(true)
    // Finds the dead peers of clients that chose no keepalive.
    socket.setKeepAlive(true, 60_000)
    const address = plainAddress(socket.remoteAddress ?? '')
    if (!isProxy(address)) return onSocket(socket, address)
    early.admit(socket, undefined)
    const through: OnSocket = (...who) => {
      early.known(socket)
      onSocket(...who)
    }
    behindProxy(socket, through, () => onBadProxy(address))
  }
  const plain = createServer(come)
  const { tls } = options
  const shakingHands = new Map<string, Socket>()
  const secure =
    tls &&
    createTlsServer({ ...tls, handshakeTimeout: connectTimeoutMs }, (socket) => {
      const encrypted = shakingHands.get(endOf(socket))
      if (encrypted) early.known(encrypted)
      onSocket(socket, plainAddress(socket.remoteAddress ?? ''))
    })
  secure?.on('tlsClientError', ignoreHandshake)
  // In front of TLS, so that what is none can be told from a handshake that fails.
  const front =
    secure &&
    createServer((socket) => {
      const address = plainAddress(socket.remoteAddress ?? '')
      if (!early.admit(socket, shareOf(address))) {
        onTooMany(address)
        socket.destroy()
        return
      }
      const end = endOf(socket)
      shakingHands.set(end, socket)
      socket.once('close', () => shakingHands.delete(end))
      lookFirst(
        socket,
        () => secure.emit('connection', socket),
        (bytes) => onPlainAtTls(bytes, address)
      )
    })
  const listeners = new Listeners({ plain, front, tls: secure }, early)
  try {
    await listening(plain, options.host, options.mqttPort)
    if (front) await listening(front, options.host, tls.port)
    return listeners
  } catch (cause) {
    await listeners.close()
    throw cause
  }
}

/**
 * Reads the header off the socket, and hands it on as if it had come from where the header says. A program that speaks MQTT at
 * once (a bridge on the proxy's machine) is taken for the proxy itself.
 */
function behindProxy(socket: Socket, onSocket: OnSocket, onBad: () => void): void {
  let bytes = Buffer.alloc(0)
  const refuse = (): void => {
    onBad()
    socket.destroy()
  }
  const tooSlow = setTimeout(refuse, connectTimeoutMs)
  const ignore = (): void => void socket.destroy()
  socket.once('error', ignore)
  socket.once('close', () => clearTimeout(tooSlow))
  const read = (): void => {
    for (let chunk: unknown = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read())
      bytes = Buffer.concat([bytes, chunk])
    const header = readProxyHeader(bytes)
    if (header.kind === 'more') return
    clearTimeout(tooSlow)
    socket.off('readable', read)
    if (header.kind === 'malformed') return refuse()
    socket.off('error', ignore)
    const rest = bytes.subarray(header.bytes)
    if (rest.length > 0) socket.unshift(rest)
    onSocket(socket, header.address)
  }
  socket.on('readable', read)
}

/** Looks at the first byte and puts it back; the handshake reads what is there already. */
function lookFirst(socket: Socket, go: () => void, onPlain: (bytes: Uint8Array) => void): void {
  const ignore = (): void => void socket.destroy()
  const tooSlow = setTimeout(ignore, connectTimeoutMs)
  socket.once('error', ignore)
  socket.once('close', () => clearTimeout(tooSlow))
  const read = (): void => {
    const bytes: unknown = socket.read()
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) return
    clearTimeout(tooSlow)
    socket.off('readable', read)
    if (bytes[0] === mqttConnectByte) {
      onPlain(bytes)
      socket.destroy()
      return
    }
    socket.off('error', ignore)
    socket.unshift(bytes)
    go()
  }
  socket.on('readable', read)
}

/** The other end: what names a connection below its encryption and above it. */
function endOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}

function listening(server: TcpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: listenBacklog }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closed(server: TcpServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

function portOf(server: TcpServer): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

/** A handshake that fails is the client's affair; its socket is closed already. */
function ignoreHandshake(): void {}
