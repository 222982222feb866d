/** Who knocks at the wrong door: what the first bytes of a connection say about whoever speaks another protocol than the port's. Pure. */
import { headBytesMax } from './limits.ts'

export type Stray =
  /** A CONNECT; `username` where it has one. */
  | { speaks: 'mqtt'; username: string | undefined }
  | { speaks: 'http'; path: string; authorization: string | undefined }
  | { speaks: 'tls' }

/** The first byte of every MQTT connection [MQTT-3.1.0-1]. */
export const mqttConnectByte = 0x10
/** ContentType.handshake of a TLS record, and the major version of every TLS (RFC 8446, 5.1). */
const tlsHandshake = [0x16, 0x03] as const

/** undefined where nothing can be told; never throws, whatever the bytes. */
export function strayOf(bytes: Uint8Array): Stray | undefined {
  if (bytes[0] === mqttConnectByte) return { speaks: 'mqtt', username: usernameIn(bytes) }
  if (bytes[0] === tlsHandshake[0] && bytes[1] === tlsHandshake[1]) return { speaks: 'tls' }
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, headBytesMax))
  const path = /^(?:POST|PUT|GET|HEAD|OPTIONS) (\S+) HTTP\/1/.exec(text)?.[1]
  if (path === undefined) return undefined
  return { speaks: 'http', path, authorization: /\r\nauthorization: *([^\r\n]+)/i.exec(text)?.[1] }
}

/** MQTT 3.1.1, section 3.1: the name, level, flags and keepalive, then client id, will and user name, each with its length. */
function usernameIn(bytes: Uint8Array): string | undefined {
  let at = 1
  while (at < 5 && bytes[at]! >= 0x80) at++
  at++
  const text = (): Uint8Array | undefined => {
    const length = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
    const part = bytes.subarray(at + 2, at + 2 + length)
    at += 2 + length
    return part.length === length ? part : undefined
  }
  if (text() === undefined) return undefined
  const [level, flags] = [bytes[at], bytes[at + 1] ?? 0]
  // Of MQTT 5 there are properties between, which nobody needs to read here.
  if (level === 5 || (flags & 0x80) === 0) return undefined
  at += 4
  text()
  if ((flags & 0x04) !== 0) {
    text()
    text()
  }
  const name = text()
  return name && new TextDecoder().decode(name)
}
