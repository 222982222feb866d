/** OGC SensorThings 1.1, for everybody and to read: /sta/v1.1. The work is in sensorthings/; here is what HTTP says of it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import type { Doors } from '../doors/doors.ts'
import { asProblem, problems } from '../problem.ts'
import { entityTypes, typeNames } from '../../sensorthings/entity-types.ts'
import { StaProblem } from '../../sensorthings/problem.ts'

export const staPrefix = '/sta/v1.1'

const Answer = Type.Object({}, { additionalProperties: true })
const answers = {
  200: {
    description: 'Entities as the standard writes them',
    content: { 'application/json': { schema: Answer } }
  },
  default: {
    description: 'An error as the standard writes it: `code` is the HTTP status, `message` says what to do.',
    content: {
      'application/json': {
        schema: Type.Object({ code: Type.Integer(), type: Type.String(), message: Type.String() })
      }
    }
  }
}

const text = (description: string) => Type.Optional(Type.String({ description }))
const options = {
  $filter: text("Such as name eq 'Mill Lane 1' or result gt 20"),
  $orderby: text('Such as name desc'),
  $top: text('Entities in a page'),
  $skip: text('Entities that are passed over'),
  $count: text('true: @iot.count says how many there are'),
  $select: text('Names of properties, with commas'),
  $expand: text('Names of links, with commas, each with options of its own in brackets')
}
const Options = Type.Object(options)
const ObservationOptions = Type.Object({ ...options, $resultFormat: text('dataArray or CSV') })

export async function addSensorThings(
  app: Api,
  deps: ApiDeps,
  { takeQuestion, turn }: Pick<Doors, 'takeQuestion'> & { turn: Doors['takeQuestion'] }
): Promise<void> {
  await app.register(
    async (sta: Api) => {
      sta.setErrorHandler((error: Error, request, reply) => refuse(error, request, reply, deps))
      // Whatever the body is, the answer is that nothing is written here.
      sta.removeAllContentTypeParsers()
      sta.addContentTypeParser('*', (_request, payload, done) => {
        payload.resume()
        done(null)
      })
      const get = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
        const { type, body, next, isEmpty } = await deps.things.answer({
          target: request.raw.url!.slice(staPrefix.length),
          base: rootOf(request, deps) + staPrefix,
          mqtt: endpoints(request, deps)
        })
        if (next !== undefined) reply.header('link', `<${next}>; rel="next"`)
        reply.header('cache-control', 'no-cache')
        if (isEmpty) return reply.code(204).send()
        return reply.type(`${type}; charset=utf-8`).send(body)
      }
      const documented = {
        operationId: 'sensorThings',
        summary: 'OGC SensorThings 1.1, to read: what it holds, and which parts of the standard it keeps',
        tags: ['sensorthings'],
        response: answers
      }
      // The service reads its own options, and says what is wrong with them: see sensorthings/query/options.ts.
      sta.setValidatorCompiler(() => () => true)
      sta.get('/', { schema: documented }, get)
      const preHandler = [takeQuestion, turn]
      for (const name of typeNames) {
        const { set } = entityTypes[name]
        const schema = {
          ...documented,
          operationId: `sensorThings${set}`,
          summary: `${set}, by query options (OGC 18-088)`,
          description: `One of them is at /${set}({id}), and what it is linked to behind that. docs/sensorthings.md has examples.`,
          querystring: name === 'Observation' ? ObservationOptions : Options
        }
        sta.get(`/${set}`, { schema, preHandler }, get)
      }
      sta.get('/*', { schema: { hide: true }, preHandler }, get)
      sta.route({
        method: ['POST', 'PUT', 'PATCH', 'DELETE'],
        url: '/*',
        schema: { hide: true },
        handler: readOnly
      })
      sta.route({
        method: ['POST', 'PUT', 'PATCH', 'DELETE'],
        url: '/',
        schema: { hide: true },
        handler: readOnly
      })
    },
    { prefix: staPrefix }
  )
}

/** Where a hub has a public address, links begin with it; else with the name that was asked for, which the doors know. */
function rootOf({ protocol, host }: FastifyRequest, { hub: { publicUrl } }: ApiDeps): string {
  // Who sends no Host is a box that asks for something else.
  return publicUrl?.replace(/\/+$/, '') ?? `${protocol}://${host || 'localhost'}`
}

function endpoints(request: FastifyRequest, deps: ApiDeps): string[] {
  const { publicMqtt, mqttPort } = deps.hub
  if (!publicMqtt) return []
  const { hostname, host, protocol } = new URL(rootOf(request, deps))
  return [`mqtt://${hostname}:${mqttPort}`, `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/mqtt`]
}

function readOnly(_request: FastifyRequest, reply: FastifyReply): never {
  reply.header('allow', 'GET, HEAD')
  throw new StaProblem(405, 'SensorThings is read only here: readings come from sensors. Ask with GET.')
}

/** Ours has a sentence already; what doors, moves and the store refuse has one in the hub's words. */
function refuse(error: Error, request: FastifyRequest, reply: FastifyReply, { log }: ApiDeps): FastifyReply {
  if (error instanceof StaProblem) return sendStaProblem(reply, error.status, error.message)
  const problem = asProblem(error, request)
  if (problem.code === 'failed' || problem.code === 'storeUnavailable')
    log.error({ err: error, route: staPrefix }, 'A SensorThings request failed.')
  if (problem.retryAfterS !== undefined) reply.header('retry-after', String(problem.retryAfterS))
  return sendStaProblem(reply, problems[problem.code].status, problem.message)
}

export function sendStaProblem(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ code: status, type: 'error', message }))
}
