/**
 * To whom a path answers. Every path is for everybody unless it says otherwise, and answers everybody alike: who is signed
 * in is looked up only where it matters, so that a public answer cannot depend on it.
 */
import type { FastifyRequest } from 'fastify'
import type { Accounts, Viewer } from '../accounts/accounts.ts'
import type { Api } from './app.ts'
import { cookieOf, setSessionCookie } from './cookie.ts'
import { ApiProblem } from './problem.ts'

/** `person`: whoever is signed in, and then only what is theirs. */
export type Audience = 'everybody' | 'person' | 'researcher' | 'steward'

declare module 'fastify' {
  interface FastifyContextConfig {
    audience?: Audience
  }
  interface FastifyRequest {
    /** Set where the path has an audience of its own, or asked with `viewerOf`. */
    viewer: Viewer | null
  }
}

export function addAudiences(app: Api, accounts: Pick<Accounts, 'visiting'>): void {
  app.decorateRequest('viewer', null)
  app.addHook('onRequest', async (request, reply) => {
    if (unsafeMethods.has(request.method)) refuseCrossSite(request)
    const { audience = 'everybody' } = request.routeOptions.config
    if (audience === 'everybody') return
    reply.header('cache-control', 'private, no-store')
    const cookie = cookieOf(request)
    const visiting = cookie === undefined ? undefined : await accounts.visiting(cookie)
    if (!visiting)
      throw new ApiProblem('signInNeeded', 'Sign in first: POST /api/v1/session, or on the page /sign-in.')
    if (visiting.renewed) setSessionCookie(request, reply, visiting.renewed)
    request.viewer = visiting.viewer
    if (audience !== 'person' && !visiting.viewer.roles.includes(audience))
      throw new ApiProblem('notAllowed', `This is for ${audience}s. Ask a steward if you should be one.`)
  })
}

/** Of a path with an audience. */
export function viewerOf(request: FastifyRequest): Viewer {
  if (!request.viewer) throw new Error('This path has no audience of its own.')
  return request.viewer
}

const unsafeMethods = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * Other people's pages may not act with somebody's cookie. Browsers say where a request comes from (Fetch, "Origin"; Fetch
 * Metadata, "Sec-Fetch-Site"); programs that say nothing have no cookie that they were not given.
 */
function refuseCrossSite(request: FastifyRequest): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const isForeign =
    origin !== undefined && origin !== 'null'
      ? hostOf(origin) !== host?.toLowerCase()
      : origin === 'null' || (typeof site === 'string' && site !== 'same-origin' && site !== 'none')
  if (!isForeign || cookieOf(request) === undefined) return
  throw new ApiProblem(
    'crossSite',
    'This request came from a page of another site. Use the pages of this hub.'
  )
}

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host.toLowerCase()
}
