/** MQTT over WebSocket on one path of an HTTP server, beside whatever else that server does (MQTT 3.1.1, chapter 6). */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws'
import { webSocketMessageBytesMax } from './limits.ts'

export interface WebSocketDoor {
  /** Takes no new ones; those that are open are the broker's. */
  close(): void
}

export function openWebSocketDoor(
  server: Server,
  path: string,
  mayCome: (request: IncomingMessage) => boolean,
  onConnection: (conn: Duplex, request: IncomingMessage) => void,
  onOrigin: (request: IncomingMessage) => void
): WebSocketDoor {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: webSocketMessageBytesMax,
    perMessageDeflate: false,
    // [MQTT-6.0.0-3] The subprotocol is "mqtt"; clients of MQTT 3.1 say "mqttv3.1".
    handleProtocols: (offered) => ['mqtt', 'mqttv3.1'].find((name) => offered.has(name)) ?? false
  })
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (pathOf(request) !== path) {
      // Somebody else's path; when there is nobody else, it is nobody's.
      if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found')
      return
    }
    if (!sameOrigin(request) || !mayCome(request)) {
      onOrigin(request)
      return refuse(socket, '403 Forbidden')
    }
    if (!/(^|,)\s*mqtt(v3\.1)?\s*(,|$)/.test(request.headers['sec-websocket-protocol'] ?? ''))
      return refuse(socket, '400 Bad Request')
    sockets.handleUpgrade(request, socket, head, (webSocket) => onConnection(streamOf(webSocket), request))
  }
  server.on('upgrade', upgrade)
  return {
    close() {
      server.off('upgrade', upgrade)
      sockets.close()
    }
  }
}

/** A packet is written in many small pieces; together they are one WebSocket message instead of one each. */
function streamOf(webSocket: WebSocket): Duplex {
  const stream = createWebSocketStream(webSocket)
  stream._writev = (pieces, callback) =>
    webSocket.send(Buffer.concat(pieces.map(({ chunk }): Buffer => bytesOf(chunk))), callback)
  return stream
}

function bytesOf(chunk: unknown): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? ''
}

/** A browser says which page opens the connection; programs say nothing. */
function sameOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return true
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host
}
