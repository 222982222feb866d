/** Notes on streets; and people who ask to host a sensor, whom everybody may be and only stewards read. */
import { Type } from 'typebox'
import { Done } from '../../../contract/account.ts'
import { AnnotationBody, DeskAnnotation, DeskRequest, HostRequestBody } from '../../../contract/desk/notes.ts'
import { hourMs, secondMs } from '../../../model/time.ts'
import { ById, NoQuery, refusal, type Api } from '../../app.ts'
import type { ApiDeps } from '../../deps.ts'
import { requestsPerHourMax } from '../../limits.ts'
import { ApiProblem } from '../../problem.ts'
import { config, done, stewardOf, tags } from './shared.ts'

export function addNotes(app: Api, { desk: { notes } }: ApiDeps): void {
  app.post(
    '/requests',
    {
      config: {
        rateLimit: {
          max: requestsPerHourMax,
          timeWindow: hourMs,
          errorResponseBuilder: (_request: unknown, { ttl }: { ttl: number }) =>
            new ApiProblem(
              'tooManyRequests',
              'You have asked several times already. Your requests have arrived; try again in an hour if something was wrong.',
              Math.ceil(ttl / secondMs)
            )
        }
      },
      schema: {
        operationId: 'askToHost',
        summary: 'Ask the stewards to host a sensor; only they read it, and it is gone after 90 days',
        tags: ['hub'],
        querystring: NoQuery,
        body: HostRequestBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      notes.ask(request.body)
      return done
    }
  )

  app.get(
    '/steward/requests',
    {
      config,
      schema: {
        operationId: 'deskRequests',
        summary: 'People who asked to host a sensor, newest first',
        tags,
        querystring: NoQuery,
        response: { 200: Type.Array(DeskRequest), default: refusal }
      }
    },
    async () => notes.requests()
  )

  app.delete(
    '/steward/requests/:id',
    {
      config,
      schema: {
        operationId: 'deskRemoveRequest',
        summary: 'A request is answered; nothing of it is kept',
        tags,
        params: ById,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      notes.removeRequest(stewardOf(request), request.params.id)
      return done
    }
  )

  app.get(
    '/steward/annotations',
    {
      config,
      schema: {
        operationId: 'deskAnnotations',
        summary: 'Notes on streets, oldest first',
        tags,
        querystring: NoQuery,
        response: { 200: Type.Array(DeskAnnotation), default: refusal }
      }
    },
    async () => notes.annotations()
  )

  app.post(
    '/steward/annotations',
    {
      config,
      schema: {
        operationId: 'deskAnnotate',
        summary: 'Note something that happened on a street; everybody sees it below its chart',
        tags,
        querystring: NoQuery,
        body: AnnotationBody,
        response: { 200: DeskAnnotation, default: refusal }
      }
    },
    async (request) => notes.annotate(stewardOf(request), request.body)
  )

  app.delete(
    '/steward/annotations/:id',
    {
      config,
      schema: {
        operationId: 'deskRemoveAnnotation',
        summary: 'Remove a note',
        tags,
        params: ById,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      notes.removeAnnotation(stewardOf(request), request.params.id)
      return done
    }
  )
}
