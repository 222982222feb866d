/** A whole file on disk as an answer: with its ETag, in parts where a broken download goes on (RFC 9110, sections 13 and 14). */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiProblem } from './problem.ts'

export interface FinishedFile {
  file: string
  bytes: number
  /** Lower-case hexadecimal: what makes its ETag. */
  sha256: string
  cacheControl: string
  /** Watches over its bytes while they leave. */
  hold?: (stream: Readable) => Readable
}

/** The caller has said of what type it is. */
export function answerFile(
  request: FastifyRequest,
  reply: FastifyReply,
  finished: FinishedFile
): FastifyReply {
  const { file, bytes, sha256, cacheControl, hold = (stream) => stream } = finished
  const etag = `"${sha256}"`
  reply
    .header('etag', etag)
    .header('accept-ranges', 'bytes')
    .header('cache-control', cacheControl)
    .header('repr-digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`)
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send()
  const range = rangeOf(request, etag, bytes)
  const [from, until] = range ?? [0, bytes]
  if (range) reply.code(206).header('content-range', `bytes ${from}-${until - 1}/${bytes}`)
  reply.header('content-length', until - from)
  if (request.method === 'HEAD' || until === from) return reply.send(Readable.from([]))
  return reply.send(hold(createReadStream(file, { start: from, end: until - 1 })))
}

function matches(header: string | undefined, etag: string): boolean {
  return header !== undefined && (header === '*' || header.split(',').some((one) => one.trim() === etag))
}

/** One range; several, and whatever else it says, get the whole file, as a server may. */
function rangeOf(
  { headers, method }: FastifyRequest,
  etag: string,
  bytes: number
): readonly [from: number, until: number] | undefined {
  const ifRange = headers['if-range']
  if (method !== 'GET' || (ifRange !== undefined && ifRange !== etag)) return undefined
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const until = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1)
  if (from >= bytes || until <= from)
    throw new ApiProblem('rangeUnsatisfiable', `The file has ${bytes} bytes; ask for less, or for all of it.`)
  return [from, until]
}
