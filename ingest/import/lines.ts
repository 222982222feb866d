/** The lines of a text file, plain or gzip, in stretches of bounded memory. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { importLineCharactersMax } from '../../model/limits.ts'

export interface Lines {
  /** Stretches of lines without their ends; a line over the limit comes cut, one character too long to be a row. */
  stretches(): AsyncIterable<string[]>
  /** Bytes of the file read so far, as it lies on disk. */
  bytesRead(): number
  /** Whether the stretch that came last is a line without an end: the file stops there, or was cut there. */
  endsOpen(): boolean
}

/** Whether it is gzip is told by its first two bytes (RFC 1952 section 2.3.1): names lie. */
export async function openLines(file: string): Promise<Lines> {
  const isGzip = await beginsWithGzip(file)
  const source = createReadStream(file, { highWaterMark: 64 * 1024 })
  // A failing source destroys the gunzip with its error, and whoever iterates gets it; the callback has nothing to add.
  const text = isGzip ? pipeline(source, createGunzip(), () => undefined) : source
  let endsOpen = false
  return {
    bytesRead: () => source.bytesRead,
    endsOpen: () => endsOpen,
    async *stretches() {
      try {
        yield* splitLines(text, () => (endsOpen = true))
      } finally {
        source.destroy()
      }
    }
  }
}

async function beginsWithGzip(file: string): Promise<boolean> {
  const handle = await open(file, 'r')
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await handle.close()
  }
}

/** The decoder drops a byte order mark and turns bytes that are no UTF-8 into U+FFFD, which no cell we read accepts. */
async function* splitLines(chunks: AsyncIterable<unknown>, onOpenEnd: () => void): AsyncGenerator<string[]> {
  const utf8 = new TextDecoder('utf-8')
  let rest = ''
  let isSkipping = false
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) continue
    const parts = (rest + utf8.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    const lines: string[] = []
    for (const part of parts) {
      // The head of an overlong line was handed out already; this is its tail.
      if (isSkipping) isSkipping = false
      else lines.push(withoutReturn(part))
    }
    if (rest.length > importLineCharactersMax) {
      if (!isSkipping) lines.push(rest.slice(0, importLineCharactersMax + 1))
      isSkipping = true
      rest = ''
    }
    if (lines.length > 0) yield lines
  }
  rest += utf8.decode()
  if (rest === '' || isSkipping) return
  onOpenEnd()
  yield [withoutReturn(rest)]
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
