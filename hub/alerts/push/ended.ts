/** Where somebody is signed in no more, messages end too: signed out, ended from elsewhere, a password reset, an account removed. */
import type { Accounts } from '../../../accounts/accounts.ts'
import type { Registry } from '../../../registry/registry.ts'

/** Returns how to stop. */
export function endPushWithSessions(
  accounts: Pick<Accounts, 'onEnded' | 'sessions'>,
  registry: Pick<Registry, 'endPushSession' | 'endPushSessions'>,
  failed: (cause: unknown) => void
): () => void {
  return accounts.onEnded((what) => {
    if ('sessionId' in what) return registry.endPushSession(what.sessionId)
    // A role that was taken ends streams and no session.
    accounts
      .sessions(what.accountId)
      .then((left) =>
        registry.endPushSessions(
          what.accountId,
          left.map(({ sessionId }) => sessionId)
        )
      )
      .catch(failed)
  })
}
