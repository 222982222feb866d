/** One's own account: where it is signed in, its password, and what the audit log says of it. */
import { Type } from 'typebox'
import { actorText } from '../../accounts/accounts.ts'
import { AuditLine, Done, Me, PasswordBody, ListedSession } from '../../contract/account.ts'
import { toIso } from '../../model/time.ts'
import { NoQuery, refusal, type Api } from '../app.ts'
import { viewerOf } from '../audience.ts'
import type { ApiDeps } from '../deps.ts'
import type { Taking } from '../doors/doors.ts'
import { auditLinesMax } from '../limits.ts'
import { meOf, visitOf } from './sign-in.ts'

const done = { done: true } as const

export function addMe(app: Api, deps: ApiDeps, takeSignIn: Taking): void {
  const { accounts } = deps
  const config = { audience: 'person' } as const

  app.get(
    '/me',
    {
      config,
      schema: {
        operationId: 'me',
        summary: 'Who is signed in',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Me, default: refusal }
      }
    },
    (request) => meOf(viewerOf(request), deps)
  )

  app.get(
    '/me/sessions',
    {
      config,
      schema: {
        operationId: 'mySessions',
        summary: 'Where I am signed in',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(ListedSession), default: refusal }
      }
    },
    async (request) => {
      const viewer = viewerOf(request)
      const sessions = await accounts.sessions(viewer.accountId)
      return sessions.map(({ sessionId, createdAt, renewedAt, address, userAgent }) => ({
        sessionId,
        isThis: sessionId === viewer.sessionId,
        since: toIso(createdAt),
        lastUsed: toIso(renewedAt),
        address,
        browser: userAgent
      }))
    }
  )

  app.delete(
    '/me/sessions/:id',
    {
      config,
      schema: {
        operationId: 'endMySession',
        summary: 'Sign out somewhere else; "others" ends all but this one',
        tags: ['account'],
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      const { accountId, personId, sessionId } = viewerOf(request)
      const by = { kind: 'person', personId } as const
      if (request.params.id === 'others') await accounts.endSessions(accountId, by, sessionId)
      else await accounts.endSession(accountId, request.params.id, by)
      return done
    }
  )

  app.put(
    '/me/password',
    {
      preHandler: takeSignIn,
      config,
      schema: {
        operationId: 'changeMyPassword',
        summary: 'Change my password; I am signed out everywhere else',
        tags: ['account'],
        querystring: NoQuery,
        body: PasswordBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      await accounts.changePassword(viewerOf(request), request.body, visitOf(request))
      return done
    }
  )

  app.get(
    '/me/audit',
    {
      config,
      schema: {
        operationId: 'myAudit',
        summary: 'What was done by me and what concerns me, newest first',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(AuditLine), default: refusal }
      }
    },
    (request) =>
      accounts
        .audit({ personId: viewerOf(request).personId, limit: auditLinesMax })
        .map(({ auditId, at, by, action, about = '' }) => ({
          auditId,
          at: toIso(at),
          by: actorText(by),
          action,
          about
        }))
  )
}
