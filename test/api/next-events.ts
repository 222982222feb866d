/** Reads server-sent events as a browser would (WHATWG HTML 9.2.6), as far as the hub uses them. */
import type { Readable } from 'node:stream'

export interface ServerEvent {
  event: string
  data: Record<string, unknown>
}

export interface Events {
  /** The next event that `wanted` says yes to; those before are passed over. */
  until(wanted: (event: ServerEvent) => boolean): Promise<ServerEvent>
  /** Everything that came, comments too. */
  text(): string
}

export function nextEvents(stream: Readable): Events {
  let text = ''
  let read = 0
  const seen: ServerEvent[] = []
  let wake = (): void => undefined
  let failure: Error | undefined
  stream.setEncoding('utf8')
  stream.on('data', (piece: string) => {
    text += piece
    for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
      const event = parse(text.slice(read, end))
      if (event) seen.push(event)
      read = end + 2
    }
    wake()
  })
  stream.on('close', () => {
    failure = new Error('The stream ended before the event came.')
    wake()
  })
  return {
    text: () => text,
    async until(wanted) {
      for (;;) {
        for (let event = seen.shift(); event; event = seen.shift()) if (wanted(event)) return event
        if (failure) throw failure
        await new Promise<void>((resolve) => (wake = resolve))
      }
    }
  }
}

function parse(frame: string): ServerEvent | undefined {
  const fields = Object.fromEntries(
    frame
      .split('\n')
      .filter((line) => !line.startsWith(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
  )
  return fields['event'] && fields['data']
    ? { event: fields['event'], data: JSON.parse(fields['data']) as Record<string, unknown> }
    : undefined
}
