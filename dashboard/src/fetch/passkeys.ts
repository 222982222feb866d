/** Passkeys of this browser: made, listed, removed, and signed in with (Web Authentication Level 3). */
import type { Me, PasskeyEntry, PasskeyQuestion } from '../../../contract/account.ts'
import { words } from '../words.ts'
import { asMe } from './account.ts'
import { getJson, HubProblem, isListOf, sendJson, whole } from './http.ts'

/** Browsers have passkeys in secure contexts only, and at names, never at addresses (Web Authentication, 5 and 5.1.2). */
export function hasPasskeys(): boolean {
  const isAddress = /^[\d.]+$|^\[/.test(location.hostname)
  return isSecureContext && 'PublicKeyCredential' in globalThis && !isAddress
}

export function fetchPasskeys(signal: AbortSignal): Promise<PasskeyEntry[]> {
  return getJson('/api/v1/me/passkeys', signal, isListOf<PasskeyEntry>('passkeyId', 'name'))
}

/** The browser asks its owner, who may say no. */
export async function makePasskey(name: string): Promise<PasskeyEntry> {
  const { challengeId, options } = await question('/api/v1/me/passkeys/question')
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON
  )
  const response = await answered(() => navigator.credentials.create({ publicKey }))
  const made = await sendJson('POST', '/api/v1/me/passkeys', { challengeId, name, response })
  return whole<PasskeyEntry>(made, 'passkeyId', 'name')
}

export async function removePasskey(passkeyId: string): Promise<void> {
  await sendJson('DELETE', `/api/v1/me/passkeys/${encodeURIComponent(passkeyId)}`)
}

export async function signInByPasskey(): Promise<Me> {
  const { challengeId, options } = await question('/api/v1/session/passkey-question')
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON
  )
  const response = await answered(() => navigator.credentials.get({ publicKey }))
  return asMe(await sendJson('POST', '/api/v1/session/passkey', { challengeId, response }))
}

async function question(path: string): Promise<PasskeyQuestion> {
  return whole<PasskeyQuestion>(await sendJson('POST', path), 'challengeId', 'options')
}

async function answered(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    return ((await ask()) as PublicKeyCredential).toJSON()
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause
    // A browser says no more than these two, so that a page learns nothing of a device (Web Authentication, 5.1.3).
    const { known, cancelled } = words.account.passkeys
    throw new HubProblem(cause.name === 'InvalidStateError' ? known : cancelled, { status: 0, cause })
  }
}
