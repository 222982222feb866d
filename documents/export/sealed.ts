/** A file on its way out: in pieces of bytes, counted, with its SHA-256, and compressed where the reader wants that. */
import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { constants, createGzip, createZstdCompress } from 'node:zlib'
import type { ReadingExporter } from '../../store/promise/export.ts'
import { gzipLevel, pieceBytes, zstdLevel } from '../limits.ts'
import { exportFile, type ExportBytes, type ExportRequest } from './file.ts'

/** What is known of a file once it is whole. */
export interface ExportSummary {
  rows: number
  /** Before any content encoding, as is the digest. */
  bytes: number
  /** Lower-case hexadecimal. */
  sha256: string
}

export type ContentEncoding = 'gzip' | 'zstd'

/** The pieces, and last of all the summary; a file that ends without one was cut. */
export async function* sealedExport(
  store: ReadingExporter,
  request: ExportRequest,
  encoding?: ContentEncoding
): AsyncGenerator<Uint8Array | ExportSummary> {
  const hash = createHash('sha256')
  const summary: ExportSummary = { rows: 0, bytes: 0, sha256: '' }
  const pieces = counted(exportFile(store, request), summary, (piece) => hash.update(piece))
  yield* encoding ? compressed(pieces, encoding) : pieces
  yield { ...summary, sha256: hash.digest('hex') }
}

/** Small pieces are put together: each costs a message between threads and a write to a socket. */
async function* counted(
  file: ExportBytes,
  summary: ExportSummary,
  onPiece: (piece: Uint8Array) => void
): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  const taken = (): Uint8Array => {
    const piece = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    summary.bytes += piece.length
    onPiece(piece)
    return piece
  }
  let whole = false
  try {
    for (;;) {
      const next = await file.next()
      if (next.done) {
        summary.rows = next.value.rows
        break
      }
      const bytes = typeof next.value === 'string' ? Buffer.from(next.value, 'utf8') : next.value
      waiting.push(bytes)
      waitingBytes += bytes.length
      if (waitingBytes >= pieceBytes) yield taken()
    }
    whole = true
  } finally {
    if (!whole) await file.return({ rows: 0 })
  }
  if (waitingBytes > 0) yield taken()
}

/** The first bytes leave with the first piece, not when the compressor's window is full. */
async function* compressed(
  pieces: AsyncGenerator<Uint8Array>,
  encoding: ContentEncoding
): AsyncGenerator<Uint8Array> {
  const compressor =
    encoding === 'gzip'
      ? createGzip({ level: gzipLevel })
      : createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: zstdLevel } })
  const source = Readable.from(pieces, { objectMode: false })
  // What fails at the source fails the loop below, which is where it is told.
  pipeline(source, compressor, () => undefined)
  for await (const piece of compressor) yield piece as Uint8Array
}
