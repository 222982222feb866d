/** The passkeys of one's own account. */
import { Type } from 'typebox'
import { Done, NewPasskeyBody, PasskeyEntry, PasskeyQuestion } from '../../contract/account.ts'
import { toIso } from '../../model/time.ts'
import { NoQuery, refusal, type Api } from '../app.ts'
import { viewerOf } from '../audience.ts'
import type { ApiDeps } from '../deps.ts'
import { relyingParty } from '../relying-party.ts'

const done = { done: true } as const

export function addPasskeys(app: Api, deps: ApiDeps): void {
  const { accounts } = deps
  const config = { audience: 'person' } as const

  app.get(
    '/me/passkeys',
    {
      config,
      schema: {
        operationId: 'myPasskeys',
        summary: 'My passkeys',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(PasskeyEntry), default: refusal }
      }
    },
    async (request) => (await accounts.passkeys(viewerOf(request).accountId)).map(passkeyEntry)
  )

  app.post(
    '/me/passkeys/question',
    {
      config,
      schema: {
        operationId: 'newPasskeyQuestion',
        summary: 'What a browser needs to make a passkey',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: PasskeyQuestion, default: refusal }
      }
    },
    (request) => accounts.offerPasskey(viewerOf(request), relyingParty(request, deps))
  )

  app.post(
    '/me/passkeys',
    {
      config,
      schema: {
        operationId: 'addMyPasskey',
        summary: 'Add a passkey',
        tags: ['account'],
        querystring: NoQuery,
        body: NewPasskeyBody,
        response: { 200: PasskeyEntry, default: refusal }
      }
    },
    async (request) => {
      const { challengeId, name, response } = request.body
      const party = relyingParty(request, deps)
      return passkeyEntry(
        await accounts.addPasskey(viewerOf(request), challengeId, { name, response }, party)
      )
    }
  )

  app.delete(
    '/me/passkeys/:id',
    {
      config,
      schema: {
        operationId: 'removeMyPasskey',
        summary: 'Remove a passkey; one that is not there is no error',
        tags: ['account'],
        params: Type.Object({ id: Type.String({ maxLength: 2_000 }) }),
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      await accounts.removePasskey(viewerOf(request), request.params.id)
      return done
    }
  )
}

function passkeyEntry(passkey: Awaited<ReturnType<ApiDeps['accounts']['passkeys']>>[number]) {
  const { passkeyId, name, createdAt, usedAt } = passkey
  return { passkeyId, name, createdAt: toIso(createdAt), usedAt: usedAt === null ? null : toIso(usedAt) }
}
