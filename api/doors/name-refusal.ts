/** What somebody reads who came by a name that the hub does not answer to: one clear page, or a problem document. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiProblem, problems, sendProblem } from '../problem.ts'

export function refuseName(request: FastifyRequest, reply: FastifyReply, name: string): FastifyReply {
  const says =
    name === ''
      ? 'This hub cannot read the name that it was asked for by.'
      : `This hub does not answer to the name ${name}.`
  const todo =
    'If it is your hub: add the name to LAMPPOST_NAMES, or set LAMPPOST_PUBLIC_URL, and start the hub again. Until then use its address, such as http://192.168.1.20:8080.'
  if (!request.headers.accept?.includes('text/html'))
    return sendProblem(reply, new ApiProblem('nameUnknown', `${says} ${todo}`))
  const { status, title } = problems.nameUnknown
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>${title}</title><h1>${title}</h1><p>${escaped(says)}</p><p>${todo}</p></html>`
    )
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
