/** What machines ask for beside the API: metrics for this machine, and where to report a security problem. */
import { isLoopback } from '../../model/address.ts'
import { dayMs, toIso } from '../../model/time.ts'
import type { FastifyRequest } from 'fastify'
import type { Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'

/** RFC 9116 section 2.5.5 wants less than a year; it is counted from each request, so a running hub never expires. */
const securityTextMs = 180 * dayMs

export function addMachine(app: Api, deps: ApiDeps): void {
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!isFromThisMachine(request)) {
      throw new ApiProblem(
        'loopbackOnly',
        'Metrics are for the machine that runs the hub. Ask there, at 127.0.0.1.'
      )
    }
    return reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(await deps.metrics())
  })

  app.get('/.well-known/security.txt', { schema: { hide: true } }, (_request, reply) => {
    const contact = deps.hub.securityContact
    if (!contact) {
      throw new ApiProblem(
        'contactUnset',
        "This hub names no security contact. Its steward sets one with LAMPPOST_SECURITY_CONTACT; the software's own is in SECURITY.md."
      )
    }
    const expires = toIso((deps.clock.now() + securityTextMs) as ReturnType<typeof deps.clock.now>)
    return reply
      .type('text/plain; charset=utf-8')
      .send(`Contact: ${contact}\nExpires: ${expires}\nPreferred-Languages: en\n`)
  })
}

/** A reverse proxy on this machine connects from loopback too, but says for whom. */
function isFromThisMachine(request: FastifyRequest): boolean {
  const forwarded = ['forwarded', 'x-forwarded-for', 'via'].some(
    (name) => request.headers[name] !== undefined
  )
  return !forwarded && isLoopback(request.socket.remoteAddress ?? '')
}
