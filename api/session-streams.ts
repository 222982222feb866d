/** Answers that take a while and belong to a session: they end with it, so that nobody who was signed out reads on. */
import type { Readable } from 'node:stream'
import type { Accounts, Viewer } from '../accounts/accounts.ts'
import type { Api } from './app.ts'

export interface SessionStreams {
  /** The stream, which is cut when the session or the account ends. */
  hold<S extends Readable>(viewer: Viewer, stream: S): S
}

export function sessionStreams(app: Api, accounts: Pick<Accounts, 'onEnded'>): SessionStreams {
  const open = new Map<Readable, Viewer>()
  const stop = accounts.onEnded((what) => {
    for (const [stream, { sessionId, accountId }] of open) {
      const isOver = 'sessionId' in what ? what.sessionId === sessionId : what.accountId === accountId
      if (isOver) stream.destroy(new Error('The session of this download has ended.'))
    }
  })
  app.addHook('onClose', async () => stop())
  return {
    hold(viewer, stream) {
      open.set(stream, viewer)
      stream.once('close', () => open.delete(stream))
      return stream
    }
  }
}
