/** How an alert leaves: by e-mail, through an ntfy server, or to a browser (push/). Each try ends in time, and says whether another makes sense. */
import { connect, type Socket } from 'node:net'
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js'
import type { AlertChannel } from '../../model/alert.ts'
import { AlertRefused, stopPostUrlIn, type Channel } from './channel.ts'
import { mailMsMax, tryMsMax } from './limits.ts'
import type { PushSettings } from './push/push.ts'

export type Channels = Partial<Record<AlertChannel, Channel>>

export interface ChannelSettings {
  mail: { url: string; from: string } | null
  ntfyUrl: string | null
  push: PushSettings | null
}

/** `stopLabel` stands on a button of a phone. */
export function openChannels(
  { mail, ntfyUrl }: ChannelSettings,
  hostName: string,
  stopLabel: string,
  push: Channel | undefined
): Channels {
  return {
    ...(mail ? { mail: mailChannel(mail, hostName) } : {}),
    ...(ntfyUrl === null ? {} : { ntfy: ntfyChannel(ntfyUrl, stopLabel) }),
    ...(push ? { push } : {})
  }
}

function mailChannel({ url, from }: { url: string; from: string }, hostName: string): Channel {
  return {
    async send({ alertId, address, subject, body }, stopping) {
      const stop = stopPostUrlIn(body)
      const ending = AbortSignal.any([stopping, AbortSignal.timeout(mailMsMax)])
      // Loaded with the first mail: most hubs send none.
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({
        url,
        // One that is given up must not be taken a minute later, when it has been sent again.
        getSocket: (options: SocketOptions, done: SocketDone) => connectTo(options, ending, done),
        greetingTimeout: tryMsMax,
        socketTimeout: tryMsMax,
        // Nothing that an alert says names a file or an address to fetch.
        disableFileAccess: true,
        disableUrlAccess: true
      } as SMTPTransport.Options)
      try {
        await transport.sendMail({
          from,
          to: address,
          subject,
          text: body,
          // The same for each try: who gets it twice after a crash has one mail.
          messageId: `<${alertId}@${hostName}>`,
          headers: {
            'Auto-Submitted': 'auto-generated',
            ...(stop === undefined
              ? {}
              : { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' })
          }
        })
      } catch (cause) {
        throw isPermanent(cause) ? new AlertRefused(String(cause)) : cause
      } finally {
        transport.close()
      }
    }
  }
}

interface SocketOptions {
  host?: string
  port?: number
  secure?: boolean
}

type SocketDone = (cause: Error | null, socket?: { connection: Socket }) => void

/** A connection of our own, so that it can be cut: the library's goes on in the background. */
function connectTo(
  { host = 'localhost', port, secure }: SocketOptions,
  ending: AbortSignal,
  done: SocketDone
): void {
  const socket = connect({ host, port: port ?? (secure ? 465 : 587), timeout: tryMsMax })
  const cut = (): void => void socket.destroy(new Error('The mail server did not answer in time.'))
  const fail = (cause: Error): void => done(cause)
  socket.once('error', fail)
  socket.once('timeout', cut)
  if (ending.aborted) return cut()
  ending.addEventListener('abort', cut, { once: true })
  socket.once('close', () => ending.removeEventListener('abort', cut))
  socket.once('connect', () => {
    socket.off('error', fail)
    socket.off('timeout', cut)
    done(null, { connection: socket })
  })
}

/** RFC 5321 4.2.1: 5yz is a permanent answer. Of the login it is the steward's fault, which they mend. */
function isPermanent(cause: unknown): boolean {
  const { responseCode, code } = cause as { responseCode?: number; code?: string }
  return code !== 'EAUTH' && responseCode !== undefined && responseCode >= 500 && responseCode < 600
}

function ntfyChannel(server: string, stopLabel: string): Channel {
  return {
    async send({ alertId, address, subject, body }, stopping) {
      const stop = stopPostUrlIn(body)
      const response = await fetch(server, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        // As JSON, since headers cannot hold every letter (ntfy documentation, "Publish as JSON").
        body: JSON.stringify({
          topic: address,
          title: subject,
          message: body,
          // A second one of the same sequence replaces the first.
          sequence_id: alertId,
          ...(stop === undefined
            ? {}
            : { actions: [{ action: 'http', label: stopLabel, url: stop, method: 'POST', clear: true }] })
        }),
        signal: AbortSignal.any([stopping, AbortSignal.timeout(tryMsMax)])
      })
      await response.body?.cancel()
      if (response.ok) return
      const said = `The ntfy server answered ${response.status}.`
      const isForGood =
        response.status >= 400 && response.status < 500 && ![408, 425, 429].includes(response.status)
      throw isForGood ? new AlertRefused(said) : new Error(said)
    }
  }
}
