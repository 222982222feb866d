/** A WOFF file (W3C, WOFF File Format 1.0) back into the font that it packs: the drawing library reads no web fonts. */
import { inflateSync } from 'node:zlib'
import assert from 'node:assert'

const headerBytes = 44
const woffEntryBytes = 20
const fontHeaderBytes = 12
const fontEntryBytes = 16

interface Table {
  tag: Buffer
  checksum: number
  bytes: Buffer
}

export function unpackWoff(woff: Buffer): Buffer {
  assert(woff.toString('latin1', 0, 4) === 'wOFF', 'This is no WOFF file.')
  const count = woff.readUInt16BE(12)
  const tables = Array.from({ length: count }, (_none, i) =>
    readTable(woff, headerBytes + i * woffEntryBytes)
  )
  return writeFont(woff.readUInt32BE(4), tables)
}

/** A table that did not become smaller is stored as it is. */
function readTable(woff: Buffer, at: number): Table {
  const [offset, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(at + field)) as [
    number,
    number,
    number
  ]
  const stored = woff.subarray(offset, offset + packed)
  const bytes = packed < length ? inflateSync(stored) : stored
  return { tag: woff.subarray(at, at + 4), checksum: woff.readUInt32BE(at + 16), bytes }
}

/** The directory of a font (OpenType, "Organization of an OpenType Font"), then its tables, each beginning at a multiple of four bytes. */
function writeFont(flavour: number, tables: readonly Table[]): Buffer {
  const directory = Buffer.alloc(fontHeaderBytes + tables.length * fontEntryBytes)
  const selector = Math.floor(Math.log2(tables.length))
  directory.writeUInt32BE(flavour, 0)
  directory.writeUInt16BE(tables.length, 4)
  directory.writeUInt16BE(2 ** selector * 16, 6)
  directory.writeUInt16BE(selector, 8)
  directory.writeUInt16BE(tables.length * 16 - 2 ** selector * 16, 10)
  let offset = directory.length
  const parts: Buffer[] = [directory]
  for (const [i, { tag, checksum, bytes }] of tables.entries()) {
    const at = fontHeaderBytes + i * fontEntryBytes
    tag.copy(directory, at)
    directory.writeUInt32BE(checksum, at + 4)
    directory.writeUInt32BE(offset, at + 8)
    directory.writeUInt32BE(bytes.length, at + 12)
    const padding = Buffer.alloc((4 - (bytes.length % 4)) % 4)
    parts.push(bytes, padding)
    offset += bytes.length + padding.length
  }
  return Buffer.concat(parts)
}
