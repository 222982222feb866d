/** The built dashboard: its files, its page for every address that is a page, and honest answers for what is not there. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import type { Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import type { Doors } from '../doors/doors.ts'
import type { Turn } from '../doors/move-turns.ts'
import type { Methods } from '../methods.ts'
import { ApiProblem, sendProblem } from '../problem.ts'
import { addPages } from './pages.ts'
import { ByCode, visitOf } from './sign-in.ts'

/** Addresses that the dashboard draws a page for. */
const pages = [
  '/streets/:id/poster',
  '/sites/:id',
  '/compare',
  '/data',
  '/privacy',
  '/sign-in',
  '/ask',
  '/home/*',
  '/steward',
  '/steward/*'
] as const

/** Those that the hub fills with sentences, once the dashboard is built. */
const filledPages = ['/', '/streets/:id', '/methods', '/home'] as const

export async function addDashboard(
  app: Api,
  deps: ApiDeps,
  { methods, turn, takeQuestion }: { methods: Methods; turn: Turn; takeQuestion: Doors['takeQuestion'] }
): Promise<void> {
  const root = resolve(deps.dashboardDir)
  const isBuilt = existsSync(join(root, 'index.html'))
  if (isBuilt)
    await app.register(fastifyStatic, {
      root,
      index: false,
      wildcard: true,
      // The build lays a compressed copy beside each file (dashboard/vite.config.ts).
      preCompressed: true,
      setHeaders: cacheFiles
    })

  const page = (reply: FastifyReply, status: number): FastifyReply => {
    if (isBuilt) {
      // A browser that has the page already would get "not modified" with this status: an empty page.
      if (status !== 200) for (const name of conditions) delete reply.request.raw.headers[name]
      return reply.code(status).sendFile('index.html')
    }
    throw new ApiProblem(
      'dashboardMissing',
      'The pages are not built yet: run "npm run build" and start the hub again. The API works, see /api/docs.'
    )
  }

  const templatePath = join(root, 'index.html')
  if (isBuilt) await addPages(app, deps, { templatePath, plain: page, turn, takeQuestion })
  for (const path of isBuilt ? pages : [...filledPages, ...pages]) {
    app.get(path, { schema: { hide: true } }, (_request, reply) => page(reply, 200))
  }

  app.get('/invitation/:code', { schema: { hide: true, params: ByCode } }, (request, reply) => {
    reply.header('cache-control', 'private, no-store')
    const isOpen = deps.accounts.openInvitation(request.params.code, visitOf(request)) !== undefined
    // The dashboard says in its own words why it cannot be used.
    return page(reply, isOpen ? 200 : 404)
  })

  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && isPageAddress(path)
    const wantsPage = request.headers.accept?.includes('text/html') ?? false
    // The dashboard says in its own words that there is no such page, and the status says it to machines.
    if (isBuilt && isPage && wantsPage) return page(reply, 404)
    const allowed = methods.of(path)?.join(', ')
    if (allowed !== undefined) {
      const why = `${request.method} is not possible here; ${allowed} is.`
      return sendProblem(reply.header('allow', allowed), new ApiProblem('methodNotAllowed', why))
    }
    const detail = path.startsWith('/api')
      ? 'There is no such path in the API. /api/docs lists those there are.'
      : 'There is no such page or file here. The neighbourhood is at /.'
    return sendProblem(reply, new ApiProblem('pathUnknown', detail))
  })
}

const conditions = ['if-none-match', 'if-modified-since'] as const

function isPageAddress(path: string): boolean {
  return !path.startsWith('/api') && !path.startsWith('/assets/') && !/\.[a-z0-9]+$/i.test(path)
}

/** Vite puts a hash of the content into names under assets/: such a file never changes. The page itself may. */
function cacheFiles(reply: FastifyReply, path: string): void {
  const isHashed = /[/\\]assets[/\\]/.test(path)
  void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
}
