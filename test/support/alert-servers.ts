/** Real servers that alerts go to: a mail server that can hang, refuse and be away, and an ntfy server that can fail. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

export interface Mail {
  to: string
  subject: string
  /** As it travelled, with quoted-printable undone. */
  source: string
}

export interface MailServer {
  url: string
  /** In the order in which they came. */
  mails: Mail[]
  /** What it does with the next: takes it, never answers, or refuses the address for good. */
  behave: 'take' | 'ignore' | 'refuse' | 'busy'
  /** How many it keeps waiting for ever. */
  unanswered: number
  close(): Promise<void>
}

export async function openMailServer(): Promise<MailServer> {
  const mails: Mail[] = []
  const state: MailServer = { url: '', mails, behave: 'take', unanswered: 0, close: () => Promise.resolve() }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onRcptTo(_address, _session, done) {
      if (state.behave === 'refuse')
        return done(Object.assign(new Error('No such user'), { responseCode: 550 }))
      if (state.behave === 'busy') return done(Object.assign(new Error('Try later'), { responseCode: 451 }))
      if (state.behave === 'take') return done()
      state.unanswered++
    },
    onData(stream, session, done) {
      void text(stream).then((raw) => {
        const source = unquoted(raw)
        mails.push({
          to: session.envelope.rcptTo[0]?.address ?? '',
          subject: /^Subject: (.*(?:\r?\n[ \t].*)*)/m.exec(raw)?.[1] ?? '',
          source
        })
        done()
      })
    }
  })
  server.on('error', () => undefined) // A client that gave up waiting has cut its connection.
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  state.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  state.close = () => new Promise((resolve) => server.close(resolve))
  return state
}

function unquoted(raw: string): string {
  const bytes = raw
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

export interface NtfyServer {
  url: string
  messages: { topic: string; title: string; message: string; sequence_id: string }[]
  status: number
  close(): Promise<void>
}

export async function openNtfyServer(): Promise<NtfyServer> {
  const state: NtfyServer = { url: '', messages: [], status: 200, close: () => Promise.resolve() }
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (state.status === 200) state.messages.push(JSON.parse(body) as NtfyServer['messages'][number])
      response.writeHead(state.status).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  state.close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return state
}
