/**
 * The PROXY protocol, versions 1 and 2 (haproxy.org, doc/proxy-protocol.txt): a proxy says in front of a connection whose
 * it is. Only a proxy that was named may say so; from anybody else it would be a lie about an address. Pure.
 */
import { mqttConnectByte } from '../model/stray.ts'

export type ProxyHeader =
  /** Not whole yet. */
  | { kind: 'more' }
  /** `address` is undefined when the proxy speaks for itself (its health checks, or a program beside it). */
  | { kind: 'header'; address: string | undefined; bytes: number }
  | { kind: 'malformed' }

const signature = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a])
/** Section 2.1: the longest line of version 1, its end included. */
const lineBytesMax = 107
/** Addresses of version 2 take at most 36 bytes, or 216 for sockets of a file system; the rest is room for extensions. */
const blockBytesMax = 1_024

export function readProxyHeader(bytes: Buffer): ProxyHeader {
  // No PROXY header begins so: there is none then.
  if (bytes[0] === mqttConnectByte) return { kind: 'header', address: undefined, bytes: 0 }
  const first = bytes.subarray(0, signature.length)
  if (first.equals(signature.subarray(0, first.length))) {
    return first.length < signature.length ? { kind: 'more' } : readBlock(bytes)
  }
  return readLine(bytes)
}

function readLine(bytes: Buffer): ProxyHeader {
  const end = bytes.indexOf('\r\n')
  if (end === -1) {
    const beginning = Buffer.from('PROXY ').subarray(0, bytes.length)
    const may = bytes.length < lineBytesMax && bytes.subarray(0, beginning.length).equals(beginning)
    return may ? { kind: 'more' } : { kind: 'malformed' }
  }
  if (end + 2 > lineBytesMax) return { kind: 'malformed' }
  const [word, family, source] = bytes.toString('latin1', 0, end).split(' ')
  if (word !== 'PROXY') return { kind: 'malformed' }
  if (family === 'UNKNOWN') return { kind: 'header', address: undefined, bytes: end + 2 }
  const known = family === 'TCP4' ? /^[\d.]{7,15}$/ : family === 'TCP6' ? /^[\da-fA-F:.]{2,45}$/ : undefined
  if (!known?.test(source ?? '')) return { kind: 'malformed' }
  return { kind: 'header', address: source, bytes: end + 2 }
}

function readBlock(bytes: Buffer): ProxyHeader {
  if (bytes.length < 16) return { kind: 'more' }
  const version = bytes.readUInt8(12)
  const length = bytes.readUInt16BE(14)
  if (version >> 4 !== 2 || (version & 0xf) > 1 || length > blockBytesMax) return { kind: 'malformed' }
  if (bytes.length < 16 + length) return { kind: 'more' }
  const block = bytes.subarray(16, 16 + length)
  const own = (version & 0xf) === 0
  return {
    kind: 'header',
    address: own ? undefined : sourceOf(bytes.readUInt8(13) >> 4, block),
    bytes: 16 + length
  }
}

function sourceOf(family: number, block: Buffer): string | undefined {
  if (family === 1 && block.length >= 12) return [...block.subarray(0, 4)].join('.')
  if (family === 2 && block.length >= 36) {
    return Array.from({ length: 8 }, (_no, i) => block.readUInt16BE(2 * i).toString(16)).join(':')
  }
  return undefined
}
