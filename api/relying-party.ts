/** The name and origin that passkeys are bound to: a setting's, or the name that this browser uses, which the hub answers to. */
import type { FastifyRequest } from 'fastify'
import type { RelyingParty } from '../accounts/accounts.ts'
import type { ApiDeps } from './deps.ts'
import { ApiProblem } from './problem.ts'

/**
 * A browser makes passkeys only in a secure context and never for an IP address; there the password is the way. The request
 * reached us under a name that we answer to (names are checked before), and the browser signs the origin that it sees.
 */
export function relyingParty(request: FastifyRequest, { hub }: Pick<ApiDeps, 'hub'>): RelyingParty {
  const { protocol, hostname, host } = request
  const isLocal = hostname === 'localhost'
  if ((protocol !== 'https' && !isLocal) || /^[\d.]+$|:/.test(hostname)) {
    throw new ApiProblem(
      'passkeyRefused',
      'Passkeys need https and a name: this address has none. Sign in with your password.'
    )
  }
  return { id: hostname, origin: `${protocol}://${host}`, name: hub.name }
}
