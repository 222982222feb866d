/** The lines of a text file, plain or gzip, in stretches of bounded memory, decoded as the file is written. */
import { createReadStream, type ReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { importLineCharactersMax } from '../../model/limits.ts'
import { sampleBytesMax } from '../limits.ts'
import { fileKind } from './file-kind.ts'

export interface Lines {
  /**
   * Stretches of lines without their ends; a line over the limit comes cut, one character too long to be a row.
   * @throws NotText for a file of another kind.
   */
  stretches(): AsyncIterable<string[]>
  /** Bytes of the file read so far, as it lies on disk. */
  bytesRead(): number
  /** Whether the stretch that came last is a line without an end: the file stops there, or was cut there. */
  endsOpen(): boolean
  /** How the text is written, once the first stretch came: "utf-8". */
  encoding(): string | undefined
}

/** The file holds no text that could be read; `what` says what it is and what to do. */
export class NotText extends Error {
  readonly what: string
  constructor(what: string) {
    super(`The file is ${what}.`)
    this.what = what
  }
}

/** `given` is its encoding, where somebody said it. */
export function openLines(file: string, given?: string): Lines {
  const source = createReadStream(file, { highWaterMark: 64 * 1024 })
  let endsOpen = false
  let encoding: string | undefined
  return {
    bytesRead: () => source.bytesRead,
    endsOpen: () => endsOpen,
    encoding: () => encoding,
    async *stretches() {
      try {
        const chunks = wholeSample(unpacked(source))
        const first = await chunks.next()
        const sample = first.done ? new Uint8Array(0) : first.value
        const kind = fileKind(sample.subarray(0, sampleBytesMax), given)
        if (!kind.ok) throw new NotText(kind.what)
        encoding = kind.encoding
        const text = decoded(sample, chunks, kind.encoding)
        yield* splitLines(text, kind.lineEnd, () => (endsOpen = true))
      } finally {
        source.destroy()
      }
    }
  }
}

/** Whether it is gzip is told by its first two bytes (RFC 1952 section 2.3.1): names lie. */
async function* unpacked(source: ReadStream): AsyncGenerator<Uint8Array> {
  const chunks = bytesOf(source)
  const first = await chunks.next()
  if (first.done) return
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b
  const whole = begunWith(first.value, chunks)
  // A failing source ends the gunzip with its error, and whoever iterates gets it; the callback has nothing to add.
  yield* isGzip ? bytesOf(pipeline(whole, createGunzip(), () => undefined)) : whole
}

async function* begunWith(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

async function* bytesOf(chunks: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of chunks) if (chunk instanceof Uint8Array) yield chunk
  return undefined
}

/** The chunks as they come, but for the first, which is as long as a sample or the whole file. */
async function* wholeSample(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let head: Uint8Array[] | undefined = []
  let length = 0
  for await (const chunk of chunks) {
    if (!head) {
      yield chunk
      continue
    }
    head.push(chunk)
    length += chunk.length
    if (length < sampleBytesMax) continue
    yield Buffer.concat(head)
    head = undefined
  }
  if (head && length > 0) yield Buffer.concat(head)
  return undefined
}

/** The decoder drops a byte order mark and turns bytes that are no text into U+FFFD, which no cell we read accepts. */
async function* decoded(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  encoding: string
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  yield decoder.decode(first, { stream: true })
  for await (const chunk of rest) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

async function* splitLines(
  text: AsyncIterable<string>,
  lineEnd: string,
  onOpenEnd: () => void
): AsyncGenerator<string[]> {
  let rest = ''
  let isSkipping = false
  for await (const piece of text) {
    const parts = (rest + piece).split(lineEnd)
    rest = parts.pop() ?? ''
    const lines: string[] = []
    for (const part of parts) {
      // The head of an overlong line was handed out already; this is its tail.
      if (isSkipping) isSkipping = false
      else lines.push(withoutReturns(part))
    }
    if (rest.length > importLineCharactersMax) {
      if (!isSkipping) lines.push(rest.slice(0, importLineCharactersMax + 1))
      isSkipping = true
      rest = ''
    }
    if (lines.length > 0) yield lines
  }
  if (rest === '' || isSkipping) return
  onOpenEnd()
  yield [withoutReturns(rest)]
}

/** A text that was converted to Windows line ends twice has two of them. */
function withoutReturns(line: string): string {
  let end = line.length
  while (end > 0 && line.charCodeAt(end - 1) === 0x0d) end--
  return end === line.length ? line : line.slice(0, end)
}
