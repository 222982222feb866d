/** The one cookie: who is signed in. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SignedIn } from '../accounts/accounts.ts'

/**
 * Over https its name makes browsers hold it to this host and to https (RFC 6265bis, 4.1.3.2). Plain http has no such
 * means; a cookie of one is never taken on the other.
 */
const secureName = '__Host-lamppost'
const plainName = 'lamppost'

export function cookieOf(request: FastifyRequest): string | undefined {
  const wanted = `${nameOn(request)}=`
  for (const part of request.headers.cookie?.split(';') ?? []) {
    const pair = part.trim()
    if (pair.startsWith(wanted)) return pair.slice(wanted.length)
  }
  return undefined
}

/** `Lax`: a link from an e-mail finds its reader signed in; what changes something is guarded by `audience.ts` too. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { cookie, expiresAt }: Pick<SignedIn, 'cookie' | 'expiresAt'>
): void {
  const expires = new Date(expiresAt).toUTCString()
  reply.header('set-cookie', `${nameOn(request)}=${cookie}; Expires=${expires}${attributesOn(request)}`)
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', `${nameOn(request)}=; Max-Age=0${attributesOn(request)}`)
}

function nameOn({ protocol }: FastifyRequest): string {
  return protocol === 'https' ? secureName : plainName
}

function attributesOn({ protocol }: FastifyRequest): string {
  return `; Path=/; HttpOnly; SameSite=Lax${protocol === 'https' ? '; Secure' : ''}`
}
