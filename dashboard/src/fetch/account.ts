/** Signing in and out, and invitations. */
import type { Me, OpenedInvitation } from '../../../contract/account.ts'
import { words } from '../words.ts'
import { getJson, hasFields, HubProblem, sendJson } from './http.ts'

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

/** Makes one on this device; the browser asks its owner. */
export async function signInByPasskey(): Promise<Me> {
  const question = await sendJson('POST', '/api/v1/session/passkey-question')
  if (!hasFields(question, 'challengeId', 'options')) throw strange()
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
      question.options as PublicKeyCredentialRequestOptionsJSON
    )
  })
  const response = (credential as PublicKeyCredential).toJSON() as unknown
  return asMe(
    await sendJson('POST', '/api/v1/session/passkey', { challengeId: question.challengeId, response })
  )
}

function invitationPath(code: string): string {
  return `/api/v1/invitations/${encodeURIComponent(code)}`
}

function asMe(body: unknown): Me {
  if (!isMe(body)) throw strange()
  return body
}

function isMe(body: unknown): body is Me {
  return hasFields(body, 'personId', 'userName', 'roles')
}

function isInvitation(body: unknown): body is OpenedInvitation {
  return hasFields(body, 'purpose', 'role', 'expiresAt')
}

function strange(): HubProblem {
  return new HubProblem(words.common.failed.strange, { status: 200 })
}
