/**
 * A copy of DuckDB's map of its file: of the blocks that say where everything lies. A checkpoint writes these again in their
 * place, with what the present header stands on still in them, so that a power cut in the middle of one loses the whole file:
 * "Corrupt database file: computed checksum … does not match" (DuckDB 1.5.5, MetadataManager::Flush). So after each checkpoint
 * they are copied beside the file, and before the file is opened what a cut tore is put back.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  writeSync
} from 'node:fs'
import { writeWhole } from '../../../synced.ts'

/** DuckDB's storage.hpp: a header of the file, then two of the database of which the younger holds, then blocks. */
const headerBytes = 4_096
const firstBlockAt = 3 * headerBytes
const blockBytes = 262_144

/** Beside the file: the header to which the copies belong, then of each block its number and itself. */
const numberBytes = 8
const entryBytes = numberBytes + blockBytes

export function mapCopyOf(databaseFile: string): string {
  return `${databaseFile}.map`
}

/** Puts back what does not have its own checksum, where the copy belongs to the header that holds. Nobody may have the file open. */
export function putBackTornMap(databaseFile: string): void {
  if (!existsSync(mapCopyOf(databaseFile)) || !existsSync(databaseFile)) return
  const copy = readFileSync(mapCopyOf(databaseFile))
  const descriptor = openSync(databaseFile, 'r+')
  try {
    if (!youngerHeader(descriptor)?.equals(copy.subarray(0, headerBytes))) return
    for (let at = headerBytes; at + entryBytes <= copy.length; at += entryBytes) {
      const place = firstBlockAt + Number(copy.readBigUInt64LE(at)) * blockBytes
      const block = copy.subarray(at + numberBytes, at + entryBytes)
      if (isWhole(read(descriptor, place, blockBytes)) || !isWhole(block)) continue
      writeSync(descriptor, block, 0, blockBytes, place)
      fsyncSync(descriptor)
    }
  } finally {
    closeSync(descriptor)
  }
}

/** Keeps the copy of an open file. */
export class MapCopy {
  readonly #file: string
  readonly #descriptor: number
  #header: Buffer | undefined

  /** Before DuckDB opens the file, where there is one: to close any descriptor of it takes DuckDB's lock away. */
  constructor(databaseFile: string) {
    this.#file = databaseFile
    this.#descriptor = openSync(databaseFile, 'r')
  }

  /** After each commit, before the next begins: a checkpoint may have come with it. Where none did, two pages are read. */
  async keep(blocksOfMap: () => Promise<number[]>): Promise<void> {
    const header = youngerHeader(this.#descriptor)
    if (!header || this.#header?.equals(header)) return
    const parts = (await blocksOfMap()).flatMap((block) => {
      const number = Buffer.alloc(numberBytes)
      number.writeBigUInt64LE(BigInt(block))
      return [number, read(this.#descriptor, firstBlockAt + block * blockBytes, blockBytes)]
    })
    writeWhole(mapCopyOf(this.#file), Buffer.concat([header, ...parts]))
    this.#header = header
  }

  /** After DuckDB closed the file. */
  close(): void {
    closeSync(this.#descriptor)
  }
}

/** Undefined of a file that DuckDB has not finished making, or whose headers are damaged. */
function youngerHeader(descriptor: number): Buffer | undefined {
  if (fstatSync(descriptor).size < firstBlockAt) return undefined
  const headers = [headerBytes, 2 * headerBytes].map((at) => read(descriptor, at, headerBytes))
  if (!headers.every(isWhole)) return undefined
  const [first, second] = headers as [Buffer, Buffer]
  return iterationOf(first) > iterationOf(second) ? first : second
}

function iterationOf(header: Buffer): bigint {
  return header.readBigUInt64LE(checksumBytes)
}

const checksumBytes = 8

/** Does a header or block have the checksum that stands before it? */
export function isWhole(bytes: Buffer): boolean {
  return bytes.length % checksumBytes === 0 && bytes.readBigUInt64LE(0) === checksum(bytes)
}

/** DuckDB's checksum.cpp, of all behind the first 8 bytes, in words of 8. */
function checksum(bytes: Buffer): bigint {
  // A word of an array has to lie at a multiple of its size in memory.
  const aligned = bytes.byteOffset % checksumBytes === 0 ? bytes : Buffer.from(bytes)
  const words = new BigUint64Array(
    aligned.buffer,
    aligned.byteOffset + checksumBytes,
    bytes.length / checksumBytes - 1
  )
  let sum = 5_381n
  for (const word of words) sum ^= BigInt.asUintN(64, word * 0xbf58476d1ce4e5b9n)
  return sum
}

function read(descriptor: number, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, at))
}
