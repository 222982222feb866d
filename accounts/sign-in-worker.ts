/** Where the thread of signing in starts. */
import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { systemClock, type UnixMs } from '../model/time.ts'
import { serve } from '../thread.ts'
import type { NewPasskey, RelyingParty, Visit } from './accounts.ts'
import { Book } from './book.ts'
import { Passkeys } from './passkeys.ts'
import { SignInThread, type SignInStart } from './sign-in-thread.ts'
import type { UserSession } from './standing-sessions.ts'

type Remote<T> = {
  [M in keyof T]: T[M] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never
}
export type SignInMethods = Remote<ReturnType<typeof methodsOf>>

if (parentPort) {
  const thread = new SignInThread(workerData as SignInStart)
  serve(parentPort, methodsOf(thread, new Passkeys(thread.database, systemClock)))
}

function methodsOf(thread: SignInThread, passkeys: Passkeys) {
  return {
    createUser: (userName: string, password: string) => thread.createUser(userName, password),
    removeUser: (accountId: string) => thread.removeUser(accountId),
    signIn: async (userName: string, password: string, visit: Visit, at: UnixMs) =>
      noted(thread, await thread.signIn(userName, password, visit), at),
    startSession: async (accountId: string, visit: Visit, at: UnixMs) =>
      noted(thread, await thread.startSession(accountId, visit), at),
    changePassword: (accountId: string, current: string, next: string) =>
      thread.changePassword(accountId, current, next),
    hashFor: (accountId: string, password: string) => thread.hashFor(accountId, password),
    session: (cookie: string) => thread.session(cookie),
    sessions: (accountId: string) => thread.sessions(accountId),
    endSession: (accountId: string, sessionId: string) => thread.endSession(accountId, sessionId),
    endSessions: (accountId: string, except?: string) => thread.endSessions(accountId, except),
    passkeys: (accountId: string) => passkeys.list(accountId),
    offerPasskey: (account: { accountId: string; userName: string }, party: RelyingParty) =>
      passkeys.offer(account, party),
    addPasskey: (accountId: string, challengeId: string, passkey: NewPasskey, party: RelyingParty) =>
      passkeys.add(accountId, challengeId, passkey, party),
    removePasskey: (accountId: string, passkeyId: string) => passkeys.remove(accountId, passkeyId),
    askPasskey: (party: RelyingParty) => passkeys.ask(party),
    passkeyOwner: (challengeId: string, response: unknown, party: RelyingParty) =>
      passkeys.signIn(challengeId, response, party),
    close: () => {
      thread.close()
      setImmediate(() => parentPort?.close())
    }
  }
}

/** Here and not on the main thread, which would wait for the disk each time, and no sensor would be answered meanwhile. */
function noted<S extends UserSession | undefined>(thread: SignInThread, session: S, at: UnixMs): S {
  const book = new Book(thread.database, { now: () => at }, randomBytes)
  const account = session && book.account(session.accountId)
  if (account) {
    const { personId } = account
    book.log.note({ by: { kind: 'person', personId }, action: 'signIn', personId })
  }
  return session
}
