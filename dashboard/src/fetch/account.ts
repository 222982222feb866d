/** Signing in and out, and invitations. */
import type { ListedSession, Me, OpenedInvitation } from '../../../contract/account.ts'
import { words } from '../words.ts'
import { getJson, hasFields, HubProblem, isListOf, sendJson } from './http.ts'

export function fetchMe(signal: AbortSignal): Promise<Me> {
  return getJson('/api/v1/me', signal, isMe)
}

export async function signIn(userName: string, password: string): Promise<Me> {
  return asMe(await sendJson('POST', '/api/v1/session', { userName, password }))
}

export async function signOut(): Promise<void> {
  await sendJson('DELETE', '/api/v1/session')
}

export function fetchInvitation(code: string, signal: AbortSignal): Promise<OpenedInvitation> {
  return getJson(invitationPath(code), signal, isInvitation)
}

export async function acceptInvitation(
  code: string,
  answer: { name?: string; userName?: string; password?: string }
): Promise<Me> {
  return asMe(await sendJson('POST', `${invitationPath(code)}/accept`, answer))
}

export function fetchSessions(signal: AbortSignal): Promise<ListedSession[]> {
  return getJson('/api/v1/me/sessions', signal, isListOf<ListedSession>('sessionId', 'isThis'))
}

/** "others" ends all but this one. */
export async function endSession(sessionId: string): Promise<void> {
  await sendJson('DELETE', `/api/v1/me/sessions/${encodeURIComponent(sessionId)}`)
}

/** Gives whether it worked; everywhere else the account is signed out then. */
export async function changePassword(current: string, next: string): Promise<boolean> {
  await sendJson('PUT', '/api/v1/me/password', { current, next })
  return true
}

function invitationPath(code: string): string {
  return `/api/v1/invitations/${encodeURIComponent(code)}`
}

export function asMe(body: unknown): Me {
  if (!isMe(body)) throw new HubProblem(words.common.failed.strange, { status: 200 })
  return body
}

function isMe(body: unknown): body is Me {
  return hasFields(body, 'personId', 'userName', 'roles')
}

function isInvitation(body: unknown): body is OpenedInvitation {
  return hasFields(body, 'purpose', 'role', 'expiresAt')
}
