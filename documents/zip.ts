/**
 * A ZIP file as a stream (APPNOTE 6.3.10): members of unknown size, deflated as they come, their sizes after them. Computers and
 * phones open it without another program. Sizes and positions beyond 4 GiB are written as ZIP64 where they occur.
 */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import type { CivilTime } from '../model/time.ts'

export interface ZipMember {
  /** With slashes between folders. */
  name: string
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

interface Written {
  name: Buffer
  crc: number
  packed: number
  bytes: number
  at: number
}

export async function* zip(
  members: AsyncIterable<ZipMember>,
  made: CivilTime
): AsyncGenerator<Uint8Array, { bytes: number }> {
  let at = 0
  const give = (piece: Uint8Array): Uint8Array => {
    at += piece.length
    return piece
  }
  const written: Written[] = []
  for await (const { name, content } of members) {
    const begun: Written = { name: Buffer.from(name), crc: 0, packed: 0, bytes: 0, at }
    yield give(localHeader(begun, made))
    for await (const piece of deflated(content, begun)) yield give(piece)
    // Whoever makes a member keeps it below; a file that says otherwise would be cut in silence.
    assert(begun.bytes < size32 && begun.packed < size32, `${name} is too large for one member`)
    yield give(descriptor(begun))
    written.push(begun)
  }
  const directoryAt = at
  for (const one of written) yield give(directoryEntry(one, made))
  for (const piece of endOf(written.length, directoryAt, at - directoryAt)) yield give(piece)
  return { bytes: at }
}

async function* deflated(content: ZipMember['content'], begun: Written): AsyncGenerator<Uint8Array> {
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      begun.crc = crc32(piece, begun.crc)
      begun.bytes += piece.length
      yield piece
    }
  }
  const packing = Readable.from(counted()).compose(createDeflateRaw()) as AsyncIterable<Buffer>
  for await (const piece of packing) {
    begun.packed += piece.length
    yield piece
  }
}

const size32 = 0xffff_ffff
const count16 = 0xffff

/** Bit 3: sizes come after the content; bit 11: the name is UTF-8. */
const flags = (1 << 3) | (1 << 11)
const deflate = 8
const version = 45

function localHeader({ name }: Written, made: CivilTime): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(deflate, 8)
  writeTime(header, 10, made)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, name])
}

function descriptor({ crc, packed, bytes }: Written): Buffer {
  const after = Buffer.alloc(16)
  after.writeUInt32LE(0x08074b50, 0)
  after.writeUInt32LE(crc, 4)
  after.writeUInt32LE(packed, 8)
  after.writeUInt32LE(bytes, 12)
  return after
}

function directoryEntry({ name, crc, packed, bytes, at }: Written, made: CivilTime): Buffer {
  const isFar = at >= size32
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  // Made on a Unix: so that the rights below count.
  entry.writeUInt16LE((3 << 8) | version, 4)
  entry.writeUInt16LE(isFar ? version : 20, 6)
  entry.writeUInt16LE(flags, 8)
  entry.writeUInt16LE(deflate, 10)
  writeTime(entry, 12, made)
  entry.writeUInt32LE(crc, 16)
  entry.writeUInt32LE(packed, 20)
  entry.writeUInt32LE(bytes, 24)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt16LE(isFar ? 12 : 0, 30)
  entry.writeUInt32LE((0o100600 << 16) >>> 0, 38)
  entry.writeUInt32LE(isFar ? size32 : at, 42)
  if (!isFar) return Buffer.concat([entry, name])
  const extra = Buffer.alloc(12)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8, 2)
  extra.writeBigUInt64LE(BigInt(at), 4)
  return Buffer.concat([entry, name, extra])
}

function endOf(count: number, directoryAt: number, directoryBytes: number): Buffer[] {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, count16), 8)
  end.writeUInt16LE(Math.min(count, count16), 10)
  end.writeUInt32LE(Math.min(directoryBytes, size32), 12)
  end.writeUInt32LE(Math.min(directoryAt, size32), 16)
  if (count < count16 && directoryAt < size32 && directoryBytes < size32) return [end]
  const end64 = Buffer.alloc(56)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(44n, 4)
  end64.writeUInt16LE((3 << 8) | version, 12)
  end64.writeUInt16LE(version, 14)
  for (const offset of [24, 32]) end64.writeBigUInt64LE(BigInt(count), offset)
  end64.writeBigUInt64LE(BigInt(directoryBytes), 40)
  end64.writeBigUInt64LE(BigInt(directoryAt), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(directoryAt + directoryBytes), 8)
  locator.writeUInt32LE(1, 16)
  return [end64, locator, end]
}

/** MS-DOS time, which begins in 1980 and has no zone. */
function writeTime(header: Buffer, offset: number, made: CivilTime): void {
  const { year, month, day, hour, minute, second } = made
  header.writeUInt16LE((hour << 11) | (minute << 5) | (second >> 1), offset)
  header.writeUInt16LE((Math.max(0, year - 1980) << 9) | (month << 5) | day, offset + 2)
}
