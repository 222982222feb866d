/** Invitations that are accepted, signing in and out. For everybody, since nobody is signed in yet. */
import { Type } from 'typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account, SignedIn, Visit } from '../../accounts/accounts.ts'
import {
  AcceptBody,
  Done,
  Me,
  OpenedInvitation,
  PasskeyQuestion,
  PasskeySignInBody,
  SignInBody
} from '../../contract/account.ts'
import { toIso } from '../../model/time.ts'
import { NoQuery, refusal, type Api } from '../app.ts'
import { clearSessionCookie, cookieOf, setSessionCookie } from '../cookie.ts'
import type { ApiDeps } from '../deps.ts'
import type { Taking } from '../doors/doors.ts'
import { ApiProblem } from '../problem.ts'
import { relyingParty } from '../relying-party.ts'

export const ByCode = Type.Object({ code: Type.String({ maxLength: 100 }) })

export function addSignIn(app: Api, deps: ApiDeps, takeSignIn: Taking): void {
  const { accounts, people } = deps
  app.get(
    '/invitations/:code',
    {
      schema: {
        operationId: 'invitation',
        summary: 'Whom an invitation is for; looking uses nothing up',
        tags: ['account'],
        params: ByCode,
        querystring: NoQuery,
        response: { 200: OpenedInvitation, default: refusal }
      }
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store')
      const invitation = accounts.openInvitation(request.params.code, visitOf(request))
      if (!invitation) throw invitationUnknown()
      const { purpose, role, personId, expiresAt } = invitation
      return {
        purpose,
        role,
        name: people.person(personId)?.name ?? '',
        hasAccount: accounts.accountOf(personId) !== undefined,
        expiresAt: toIso(expiresAt)
      }
    }
  )

  app.post(
    '/invitations/:code/accept',
    {
      preHandler: takeSignIn,
      schema: {
        operationId: 'acceptInvitation',
        summary: 'Make an account, take on a role, or choose a new password; signs in',
        tags: ['account'],
        params: ByCode,
        querystring: NoQuery,
        body: AcceptBody,
        response: { 200: Me, default: refusal }
      }
    },
    async (request, reply) => {
      const { name, ...answer } = request.body
      const viewer = await signedInAlready(request, deps)
      const invitation = accounts.openInvitation(request.params.code, visitOf(request))
      const signedIn = await accounts.accept(
        request.params.code,
        { ...answer, ...(viewer ? { viewer } : {}) },
        visitOf(request)
      )
      if (name !== undefined && name.trim() !== '' && invitation?.purpose === 'join')
        people.renamePerson(signedIn.viewer.personId, name)
      return welcome(request, reply, signedIn, deps)
    }
  )

  app.post(
    '/session',
    {
      preHandler: takeSignIn,
      schema: {
        operationId: 'signIn',
        summary: 'Sign in with user name and password',
        tags: ['account'],
        querystring: NoQuery,
        body: SignInBody,
        response: { 200: Me, default: refusal }
      }
    },
    async (request, reply) =>
      welcome(request, reply, await accounts.signIn(request.body, visitOf(request)), deps)
  )

  app.delete(
    '/session',
    {
      schema: {
        operationId: 'signOut',
        summary: 'Sign out; being signed out already is no error',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store')
      const viewer = await signedInAlready(request, deps)
      if (viewer) await accounts.signOut(viewer)
      clearSessionCookie(request, reply)
      return { done: true as const }
    }
  )

  app.post(
    '/session/passkey-question',
    {
      preHandler: takeSignIn,
      schema: {
        operationId: 'passkeyQuestion',
        summary: 'What a browser needs to sign in with a passkey',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: PasskeyQuestion, default: refusal }
      }
    },
    async (request, reply) => {
      reply.header('cache-control', 'private, no-store')
      return accounts.askPasskey(relyingParty(request, deps))
    }
  )

  app.post(
    '/session/passkey',
    {
      preHandler: takeSignIn,
      schema: {
        operationId: 'signInByPasskey',
        summary: 'Sign in with a passkey',
        tags: ['account'],
        querystring: NoQuery,
        body: PasskeySignInBody,
        response: { 200: Me, default: refusal }
      }
    },
    async (request, reply) => {
      const { challengeId, response } = request.body
      const party = relyingParty(request, deps)
      const signedIn = await accounts.signInByPasskey(challengeId, response, party, visitOf(request))
      return welcome(request, reply, signedIn, deps)
    }
  )
}

export function visitOf(request: FastifyRequest): Visit {
  return { address: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 300) }
}

export function meOf(
  account: Pick<Account, 'personId' | 'userName'> & { roles: readonly string[] },
  deps: ApiDeps
): Me {
  const { personId, userName, roles } = account
  return {
    personId,
    userName,
    roles: [...roles] as Me['roles'],
    name: deps.people.person(personId)?.name ?? ''
  }
}

async function signedInAlready(request: FastifyRequest, { accounts }: ApiDeps) {
  const cookie = cookieOf(request)
  return cookie === undefined ? undefined : (await accounts.visiting(cookie))?.viewer
}

/** A session that was there in this browser is replaced, not joined. */
function welcome(request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn, deps: ApiDeps): Me {
  reply.header('cache-control', 'private, no-store')
  setSessionCookie(request, reply, signedIn)
  return meOf(signedIn.viewer, deps)
}

function invitationUnknown(): ApiProblem {
  return new ApiProblem(
    'invitationUnknown',
    'This invitation cannot be used: it was already used, has expired, or was revoked. Ask your steward for a new one.'
  )
}
