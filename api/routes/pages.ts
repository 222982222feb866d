/** Pages that the hub fills itself: home, a street and the methods, with their sentences in the HTML; and pictures of streets. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { HubInfo } from '../../contract/hub.ts'
import type { OwnDamp } from '../../contract/own.ts'
import { embeddedStreet } from '../../documents/page/embed.ts'
import { servedHome } from '../../documents/page/home.ts'
import { servedMethods } from '../../documents/page/methods.ts'
import { servedNeighbourhood } from '../../documents/page/neighbourhood.ts'
import { fillPage, isFillable, stylesheetsOf, type ServedPage } from '../../documents/page/served.ts'
import { servedStreet, type ServedContext } from '../../documents/page/street.ts'
import { openDrawer } from '../../documents/picture/draw.ts'
import { streetPicture } from '../../documents/picture/street-picture.ts'
import { publicSitesOf, publicStreet } from '../../figures/places.ts'
import { FiguresRefusal } from '../../figures/refusal.ts'
import type { Street } from '../../model/place.ts'
import type { Words } from '../../words/words.ts'
import { languageDefault, loadWords } from '../../words/languages.ts'
import { isSubject, valuesOf, type Subject } from '../../words/subject.ts'
import { ById, type Api } from '../app.ts'
import { cookieOf, setSessionCookie } from '../cookie.ts'
import type { ApiDeps } from '../deps.ts'
import type { Doors } from '../doors/doors.ts'
import type { Turn } from '../doors/move-turns.ts'
import { pictureKeepMs, picturesKeptMax } from '../limits.ts'
import { hubInfo } from './hub.ts'
import { dampOf } from './own.ts'
import { streetDetail, streetSummaries } from './places.ts'

export interface PageOptions {
  /** The built page. */
  templatePath: string
  /** Sends the built page as it is. */
  plain(reply: FastifyReply, status: number): FastifyReply
  turn: Turn
  takeQuestion: Doors['takeQuestion']
}

export async function addPages(app: Api, deps: ApiDeps, options: PageOptions): Promise<void> {
  const words = await loadWords(languageDefault)
  const template = readFileSync(options.templatePath, 'utf8')
  const canBeFilled = isFillable(template)
  const root = dirname(options.templatePath)
  const fonts = firstFonts(join(root, 'assets'))
  const filesOf = filesOfPages(root)
  const stylesheets = stylesheetsOf(template)
  const styles = stylesheets.map((href) => withIcon(readFileSync(join(root, href), 'utf8'), root)).join('')
  const allowStyles = `style-src 'self' 'sha256-${createHash('sha256').update(styles).digest('base64')}'`
  const context = (): ServedContext => ({ words, zone: deps.hub.timezone, now: deps.clock.now() })
  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    info: HubInfo,
    page: ServedPage
  ): FastifyReply => {
    const files = filesOf[request.routeOptions.url ?? ''] ?? []
    const origin = `${request.protocol}://${request.host}`
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', reply.getHeader('cache-control') ?? 'no-cache')
      .header('content-security-policy', policyOf(reply).replace("style-src 'self'", allowStyles))
      .send(fillPage(template, page, { words, info, origin, path: request.url, fonts, files, styles }))
  }
  /** A store that does not answer costs the sentences and not the page: the script says what is wrong. */
  const serve = (ask: (request: FastifyRequest) => Promise<ServedPage>) => {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      if (!canBeFilled) return options.plain(reply, 200)
      try {
        return send(request, reply, hubInfo(deps), await ask(request))
      } catch (error) {
        if (error instanceof FiguresRefusal) return options.plain(reply, 404)
        deps.log.warn({ err: error, path: request.url }, 'A page was sent without its figures.')
        return options.plain(reply, 200)
      }
    }
  }

  const hidden = { schema: { hide: true }, preHandler: options.turn }
  app.get(
    '/',
    hidden,
    serve(async (request) => {
      const { subject, params } = askedOf(request)
      const sites = hubInfo(deps).sites
      return servedNeighbourhood(context(), await streetSummaries(deps), {
        subject,
        values: valuesOf(params),
        sites
      })
    })
  )
  app.get(
    '/streets/:id',
    { schema: { hide: true, params: ById }, preHandler: options.turn },
    serve(async (request) => {
      const { subject, params } = askedOf(request)
      const { id } = request.params as { id: string }
      const choice = { subject, values: valuesOf(params), quantity: params.get('quantity') }
      return servedStreet(context(), await streetDetail(deps, id), choice)
    })
  )
  app.get(
    '/methods',
    hidden,
    serve(async () => servedMethods(words, deps.hub.timezone))
  )
  app.get('/home', hidden, async (request, reply) => {
    // Nobody else's cache may keep it, nor a browser that somebody else opens next.
    reply.header('cache-control', 'private, no-store')
    const rooms = await ownRoomsNow(deps, request, reply)
    if (!canBeFilled || rooms.length === 0) return options.plain(reply, 200)
    return send(request, reply, hubInfo(deps), servedHome(context(), rooms))
  })
  const stylesheet = stylesheets.find((href) => href.startsWith('/assets/index-')) ?? ''
  app.get(
    '/embed/streets/:id',
    { schema: { hide: true, params: ById }, preHandler: options.turn },
    async (request, reply) => {
      const { subject, params } = askedOf(request)
      const choice = { subject, values: valuesOf(params), quantity: params.get('quantity') }
      const frame = { info: hubInfo(deps), stylesheet }
      const html = embeddedStreet(context(), await streetDetail(deps, request.params.id), choice, frame)
      // The one page that others may frame; what it may load stays as it is.
      return reply
        .removeHeader('x-frame-options')
        .header(
          'content-security-policy',
          policyOf(reply).replace("frame-ancestors 'none'", 'frame-ancestors *')
        )
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(html)
    }
  )
  await addPictures(app, deps, { ...options, words })
}

/** Of whoever is signed in; none for others, and none where the store does not answer: the script says what is wrong. */
async function ownRoomsNow(deps: ApiDeps, request: FastifyRequest, reply: FastifyReply): Promise<OwnDamp[]> {
  const cookie = cookieOf(request)
  const visiting = cookie === undefined ? undefined : await deps.accounts.visiting(cookie)
  if (!visiting) return []
  if (visiting.renewed) setSessionCookie(request, reply, visiting.renewed)
  try {
    return await dampOf(deps, visiting.viewer.personId)
  } catch (error) {
    deps.log.warn({ err: error, path: '/home' }, 'A page was sent without its figures.')
    return []
  }
}

function policyOf(reply: FastifyReply): string {
  return String(reply.getHeader('content-security-policy') ?? '')
}

/** The lamp beside the brand is 400 bytes: fetched, it would be the last thing that the first sight waits for. */
function withIcon(css: string, root: string): string {
  const path = join(root, 'favicon.svg')
  const icon = existsSync(path) ? encodeURIComponent(readFileSync(path, 'utf8')) : ''
  return css.replaceAll(/url\(["']?\/favicon\.svg["']?\)/g, () => `url("data:image/svg+xml,${icon}")`)
}

/** Files of each page by the pattern of its address, as the build noted them (dashboard/vite.config.ts). */
function filesOfPages(root: string): Record<string, readonly string[]> {
  const path = join(root, 'pages.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, readonly string[]>) : {}
}

/** The two files of the typeface that the first lines of a page need; their names have a hash of the build. */
function firstFonts(folder: string): string[] {
  if (!existsSync(folder)) return []
  const isFirst = (name: string): boolean => /-latin-(400|700)-normal-[^.]+\.woff2$/.test(name)
  return readdirSync(folder)
    .filter(isFirst)
    .map((name) => `/assets/${name}`)
}

function askedOf(request: FastifyRequest): { subject: Subject; params: URLSearchParams } {
  const params = new URL(request.url, 'http://hub').searchParams
  const asked = params.get('subject')
  return { subject: isSubject(asked) ? asked : 'air', params }
}

interface Picture {
  png: Promise<Buffer>
  madeAt: number
  basis: string
}

/** Previews are asked for by crowds of programs at once, just after a link was posted: each picture is drawn once. */
async function addPictures(
  app: Api,
  deps: ApiDeps,
  { words, turn, takeQuestion }: PageOptions & { words: Words }
): Promise<void> {
  const drawer = await openDrawer()
  app.addHook('onClose', () => drawer.close())
  const pictures = new Map<string, Picture>()

  const draw = async (id: string, subject: Subject): Promise<Buffer> => {
    const context = { words, zone: deps.hub.timezone, now: deps.clock.now() }
    return drawer.png(streetPicture(context, await streetDetail(deps, id), subject, deps.hub.name))
  }
  /** What is public of a street: without a sensor that is private or erased now, it is drawn again at once. */
  const basisOf = ({ streetId, name }: Street): string =>
    [
      name,
      deps.places.publishedChanges(),
      ...publicSitesOf(deps.places, streetId).map((site) => site.siteId)
    ].join()
  const pictureOf = (id: string, subject: Subject): Promise<Buffer> => {
    const key = `${subject} ${id}`
    const basis = basisOf(publicStreet(deps.places, id))
    const known = pictures.get(key)
    if (known?.basis === basis && deps.clock.now() - known.madeAt < pictureKeepMs) return known.png
    const png = draw(id, subject)
    pictures.delete(key)
    pictures.set(key, { png, madeAt: deps.clock.now(), basis })
    png.catch(() => pictures.delete(key))
    const [oldest] = pictures.keys()
    if (pictures.size > picturesKeptMax && oldest !== undefined) pictures.delete(oldest)
    return png
  }

  app.get(
    '/og/streets/:file',
    {
      schema: { hide: true, params: Type.Object({ file: Type.String({ pattern: '\\.png$' }) }) },
      preHandler: [takeQuestion, turn]
    },
    async (request, reply) => {
      const id = request.params.file.slice(0, -'.png'.length)
      const png = await pictureOf(id, askedOf(request).subject)
      return (
        reply
          .type('image/png')
          .header('cache-control', `public, max-age=${pictureKeepMs / 1_000}`)
          // A page elsewhere that shows the link may show its picture.
          .header('cross-origin-resource-policy', 'cross-origin')
          .send(png)
      )
    }
  )
}
