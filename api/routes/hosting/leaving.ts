/** Taking everything of one's own away, and erasing it. */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { EraseBody, ErasurePreview, ErasureReport } from '../../../contract/own.ts'
import { toIso } from '../../../model/time.ts'
import { NoQuery, refusal, StreamedText, type Api } from '../../app.ts'
import { viewerOf } from '../../audience.ts'
import { clearSessionCookie } from '../../cookie.ts'
import type { ApiDeps } from '../../deps.ts'
import type { Doors } from '../../doors/doors.ts'
import { sessionStreams } from '../../session-streams.ts'
import { config } from './shared.ts'

export function addLeaving(
  app: Api,
  { hosting, clock, accounts }: ApiDeps,
  { takeExport, takeQuestion }: Pick<Doors, 'takeExport' | 'takeQuestion'>
): void {
  const streams = sessionStreams(app, accounts)

  app.get(
    '/me/archive',
    {
      preHandler: takeExport,
      exposeHeadRoute: false,
      compress: false,
      config,
      schema: {
        operationId: 'myArchive',
        summary: 'Everything of mine as one ZIP file',
        tags: ['account'],
        querystring: NoQuery,
        response: {
          200: { description: 'A ZIP file', content: { 'application/zip': { schema: StreamedText } } },
          default: refusal
        }
      }
    },
    async (request, reply) => {
      const viewer = viewerOf(request)
      const archive = Readable.from(hosting.archive(viewer.personId), { objectMode: false })
      const name = `lamppost-${toIso(clock.now()).slice(0, 10)}.zip`
      return reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(streams.hold(viewer, archive))
    }
  )

  app.get(
    '/me/erasure',
    {
      preHandler: takeQuestion,
      config,
      schema: {
        operationId: 'myErasure',
        summary: 'What erasing everything of mine would take away',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: ErasurePreview, default: refusal }
      }
    },
    (request) => hosting.erasurePreview(viewerOf(request).personId)
  )

  app.post(
    '/me/erasure',
    {
      config,
      schema: {
        operationId: 'eraseMe',
        summary: 'Erase everything of mine, for good; answers when it is gone',
        tags: ['account'],
        querystring: NoQuery,
        body: EraseBody,
        response: { 200: ErasureReport, default: refusal }
      }
    },
    async (request, reply: FastifyReply) => {
      const report = await hosting.erase(viewerOf(request).personId)
      clearSessionCookie(request, reply)
      return report
    }
  )
}
