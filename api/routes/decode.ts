/** The payload tester: what the hub makes of a message, without storing it. */
import { Type } from 'typebox'
import { ExplainedMessage } from '../../contract/explained.ts'
import { Query, refusal, type Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import type { Taking } from '../doors/doors.ts'
import { ApiProblem } from '../problem.ts'

const DecodeQuery = Query({
  dialect: Type.Optional(Type.String({ description: 'A family of boxes; guessed unless given' })),
  topic: Type.Optional(Type.String({ maxLength: 512, description: 'Where it was published' }))
})

export async function addDecode(
  app: Api,
  { explain, clock }: Pick<ApiDeps, 'explain' | 'clock'>,
  takeDecode: Taking
): Promise<void> {
  await app.register(async (api: Api) => {
    // The body is the message, whatever it is called.
    api.removeAllContentTypeParsers()
    api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    api.addHook(
      'onRequest',
      async ({ raw }) => void (raw.headers['content-type'] = 'application/octet-stream')
    )
    api.post(
      '/decode',
      {
        preHandler: takeDecode,
        schema: {
          operationId: 'decode',
          summary: 'What the hub makes of a message of a box; nothing is stored',
          description:
            'The body is the message as the box sends it: JSON, a form, text; or an HTTP request, or lines of `mosquitto_sub -v`.',
          tags: ['hub'],
          querystring: DecodeQuery,
          response: { 200: ExplainedMessage, default: refusal }
        }
      },
      async (request): Promise<ExplainedMessage> => {
        const { dialect, topic } = request.query
        if (dialect !== undefined && !explain.dialects.includes(dialect)) {
          throw new ApiProblem('parameterBad', `"dialect" is one of: ${explain.dialects.join(', ')}.`)
        }
        const body = request.body instanceof Uint8Array ? Buffer.from(request.body).toString('utf8') : ''
        return explain.message(body, {
          ...(dialect === undefined ? {} : { dialect }),
          ...(topic === undefined ? {} : { topic }),
          receivedAt: clock.now()
        })
      }
    )
  })
}
