/** MQTT 3.1.1 packets written by hand from the OASIS text: for load that a client library would slow down, and for what none would send. */

import { connect, type Socket } from 'node:net'
/** [MQTT-1.5.3] Two bytes of length, then the text. */
export function wireText(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes])
}

/** A packet: first byte, remaining length, body. */
export function wirePacket(firstByte: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(firstByte), remainingLength(body.length), body])
}

/** Section 2.2.3: seven bits a byte, lowest first. */
export function remainingLength(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0))
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  return Buffer.from(bytes)
}

export interface WireConnect {
  clientId: string
  username: string
  password: string
  clean?: boolean
  keepAliveS?: number
}

export function wireConnect({
  clientId,
  username,
  password,
  clean = true,
  keepAliveS = 0
}: WireConnect): Buffer {
  const flags = 0xc0 | (clean ? 2 : 0)
  return wirePacket(
    0x10,
    wireText('MQTT'),
    Buffer.of(4, flags, keepAliveS >> 8, keepAliveS & 0xff),
    ...[clientId, username, password].map(wireText)
  )
}

/** Resolves with the socket once its CONNACK 0 came. */
export function connected(port: number, packet: Buffer): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed')))
    socket.once('connect', () => socket.write(packet))
    socket.once('data', (chunk: Buffer) => {
      socket.removeAllListeners('close')
      if (chunk[3] === 0) resolve(socket)
      else reject(new Error(`CONNACK ${chunk[3]}`))
    })
  })
}
