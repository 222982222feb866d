/** The API as a page for people, made once from the document that programs read. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { apiDocsCss, apiDocsPage, type ApiDocument } from '../../documents/page/api-docs.ts'
import type { Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'

export function addDocs(app: Api, { hub }: ApiDeps): void {
  const hidden = { schema: { hide: true } }
  const page = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    // The schemas of the routes are the document; that it is one of OpenAPI is its plugin's work.
    const document = app.swagger() as unknown as ApiDocument
    const origin = `${request.protocol}://${request.host}`
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(apiDocsPage(document, { hub: hub.name, origin }))
  }
  app.get('/api/docs', hidden, page)
  app.get('/api/docs/', hidden, page)
  app.get('/api/docs/page.css', hidden, (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'no-cache').send(apiDocsCss)
  )
}
