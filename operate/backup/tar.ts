/** Plain tar archives (POSIX.1-1988 ustar), so that a backup can be opened without us: written and read by their headers. */
import type { FileHandle } from 'node:fs/promises'

export interface TarEntry {
  name: string
  bytes: number
  /** Where its content begins in the archive. */
  at: number
}

/** The archive is cut short or was changed; the message says what does not fit. */
export class TarDamaged extends Error {
  readonly code = 'archiveDamaged'
}

const blockBytes = 512
/** Eleven octal digits. What is larger is written in base 256 (GNU tar, libarchive and busybox read it). */
const octalBytesMax = 8 ** 11 - 1

const field = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  modified: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8]
} as const

/** The header of a regular file that only its owner may read. */
export function tarHeader(name: string, bytes: number, modifiedS: number): Buffer {
  const header = Buffer.alloc(blockBytes)
  if (Buffer.byteLength(name) > field.name[1]) throw new RangeError(`The name ${name} is too long for tar.`)
  header.write(name, field.name[0])
  putOctal(header, field.mode, 0o600)
  putOctal(header, field.owner, 0)
  putOctal(header, field.group, 0)
  if (bytes <= octalBytesMax) putOctal(header, field.size, bytes)
  else {
    header.writeUInt8(0x80, field.size[0])
    header.writeBigUInt64BE(BigInt(bytes), field.size[0] + 4)
  }
  putOctal(header, field.modified, modifiedS)
  header.write('0', field.type[0])
  header.write('ustar\x0000', field.magic[0])
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, field.checksum[0])
  return header
}

/** Zeros from the end of a content of `bytes` to the next header. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc(-bytes & (blockBytes - 1))
}

/** Two blocks of zeros end an archive. */
export const tarEnd: Buffer = Buffer.alloc(2 * blockBytes)

/** Goes from header to header. Throws TarDamaged unless every entry and the end are where they should be. */
export async function readTar(file: FileHandle): Promise<TarEntry[]> {
  const { size } = await file.stat()
  const entries: TarEntry[] = []
  const header = Buffer.alloc(blockBytes)
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(header, 0, blockBytes, at)
    if (bytesRead < blockBytes) throw new TarDamaged('it is truncated')
    if (header.every((byte) => byte === 0)) return entries
    const entry = entryOf(header, at + blockBytes)
    entries.push(entry)
    at = entry.at + entry.bytes + tarPadding(entry.bytes).length
    if (at > size) throw new TarDamaged(`${entry.name} is truncated`)
  }
}

function entryOf(header: Buffer, at: number): TarEntry {
  const isTar = header.toString('latin1', field.magic[0], field.magic[0] + 5) === 'ustar'
  if (!isTar) throw new TarDamaged('it is not a tar archive')
  if (octal(header, field.checksum) !== checksumOf(header)) throw new TarDamaged('a header was changed')
  const [nameAt, nameBytes] = field.name
  const name = header.toString('utf8', nameAt, nameAt + nameBytes).replace(/\0.*$/s, '')
  const isLarge = header.readUInt8(field.size[0]) === 0x80
  const bytes = isLarge ? Number(header.readBigUInt64BE(field.size[0] + 4)) : octal(header, field.size)
  return { name, bytes, at }
}

/** The sum of all bytes, with the checksum's own taken for spaces. */
function checksumOf(header: Buffer): number {
  const [from, length] = field.checksum
  let sum = 0
  for (const [i, byte] of header.entries()) sum += i >= from && i < from + length ? 0x20 : byte
  return sum
}

function putOctal(header: Buffer, [at, length]: readonly [number, number], value: number): void {
  header.write(value.toString(8).padStart(length - 1, '0') + '\0', at)
}

function octal(header: Buffer, [at, length]: readonly [number, number]): number {
  const digits = /^ *([0-7]+)/.exec(header.toString('latin1', at, at + length))?.[1]
  if (digits === undefined) throw new TarDamaged('a header was changed')
  return Number.parseInt(digits, 8)
}
