/** What a signed-in person changes of what is theirs: sensors, consents; and taking everything away, and erasing it. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Done } from '../../contract/account.ts'
import {
  ClaimBody,
  ConsentBody,
  EraseBody,
  ErasurePreview,
  ErasureReport,
  HeardBox,
  MoveBody,
  NewSensorBody,
  Purpose,
  RenameBody,
  RotateBody,
  SensorAdded,
  SensorClaimed,
  SensorKind,
  SensorMoved,
  SensorRotated
} from '../../contract/own.ts'
import { toIso } from '../../model/time.ts'
import { ById, NoQuery, refusal, StreamedText, type Api } from '../app.ts'
import { viewerOf } from '../audience.ts'
import { clearSessionCookie } from '../cookie.ts'
import type { ApiDeps } from '../deps.ts'
import type { Doors } from '../doors/doors.ts'
import { ApiProblem } from '../problem.ts'
import { sessionStreams } from '../session-streams.ts'
import { requireOwnHome } from './own.ts'

const config = { audience: 'person' } as const
const done = { done: true } as const
const ByDevice = Type.Object({ id: Type.String({ maxLength: 100 }) })

export function addHosting(app: Api, deps: ApiDeps, doors: Pick<Doors, 'takeExport' | 'takeQuestion'>): void {
  addKinds(app, deps)
  addSensors(app, deps)
  addConsents(app, deps)
  addLeaving(app, deps, doors)
}

function addKinds(app: Api, { hosting }: ApiDeps): void {
  app.get(
    '/me/kinds',
    {
      config,
      schema: {
        operationId: 'sensorKinds',
        summary: 'Kinds of boxes that I can add',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(SensorKind), default: refusal }
      }
    },
    () => hosting.kinds()
  )

  app.get(
    '/me/things',
    {
      config,
      schema: {
        operationId: 'heardThings',
        summary: 'Boxes that were heard behind gateways and that nobody claimed; never what they measured',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(HeardBox), default: refusal }
      }
    },
    () => hosting.heard()
  )

  app.post(
    '/me/things/:id/claim',
    {
      config,
      schema: {
        operationId: 'claimThing',
        summary: 'A box behind a gateway is mine: what it says from now on is stored',
        tags: ['account'],
        params: ById,
        querystring: NoQuery,
        body: ClaimBody,
        response: { 200: SensorClaimed, default: refusal }
      }
    },
    async (request) => {
      const { personId } = viewerOf(request)
      const claimed = await hosting.claim(personId, request.params.id, request.body)
      if (claimed) return claimed
      throw new ApiProblem(
        'thingUnknown',
        'No such box is to choose from: somebody may have claimed it, or it was silent for a day. Look at the list again.'
      )
    }
  )
}

function addSensors(app: Api, { hosting }: ApiDeps): void {
  /** Another's sensor is answered like one that is not there. */
  const own = (request: FastifyRequest, deviceId: string): string => {
    const { personId } = viewerOf(request)
    if (hosting.isTheirs(personId, deviceId)) return personId
    throw new ApiProblem('deviceUnknown', 'You have no such sensor. GET /api/v1/me/devices lists yours.')
  }

  app.post(
    '/me/devices',
    {
      config,
      schema: {
        operationId: 'addMySensor',
        summary: 'Add a sensor; its password and settings are shown only this once',
        tags: ['account'],
        querystring: NoQuery,
        body: NewSensorBody,
        response: { 200: SensorAdded, default: refusal }
      }
    },
    (request) => hosting.add(viewerOf(request).personId, request.body)
  )

  app.post(
    '/me/devices/:id/rotate',
    {
      config,
      schema: {
        operationId: 'rotateMySensor',
        summary: 'A new password; the old one works for another day, or ends now',
        tags: ['account'],
        params: ByDevice,
        querystring: NoQuery,
        body: RotateBody,
        response: { 200: SensorRotated, default: refusal }
      }
    },
    async (request) => {
      const { id } = request.params
      return hosting.rotate(own(request, id), id, request.body.now)
    }
  )

  app.post(
    '/me/devices/:id/move',
    {
      config,
      schema: {
        operationId: 'moveMySensor',
        summary: 'It is on another street from now on; what it measured before stays where it was',
        tags: ['account'],
        params: ByDevice,
        querystring: NoQuery,
        body: MoveBody,
        response: { 200: SensorMoved, default: refusal }
      }
    },
    (request) => {
      const { id } = request.params
      return hosting.move(own(request, id), id, request.body.street)
    }
  )

  app.put(
    '/me/devices/:id/name',
    {
      config,
      schema: {
        operationId: 'renameMySensor',
        summary: 'Another name for its place; outdoors everybody will see it',
        tags: ['account'],
        params: ByDevice,
        querystring: NoQuery,
        body: RenameBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      const { id } = request.params
      hosting.rename(own(request, id), id, request.body.name)
      return done
    }
  )

  app.delete(
    '/me/devices/:id',
    {
      config,
      schema: {
        operationId: 'removeMySensor',
        summary: 'The box is gone: its password ends, what it measured stays',
        tags: ['account'],
        params: ByDevice,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      const { id } = request.params
      await hosting.remove(own(request, id), id)
      return done
    }
  )
}

function addConsents(app: Api, { hosting, people }: ApiDeps): void {
  app.put(
    '/me/homes/:id/consents/:purpose',
    {
      config,
      schema: {
        operationId: 'setMyConsent',
        summary: 'Agree to something from now on, or no more',
        tags: ['account'],
        params: Type.Object({ id: Type.String({ maxLength: 100 }), purpose: Purpose }),
        querystring: NoQuery,
        body: ConsentBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      const { personId } = viewerOf(request)
      const { id, purpose } = request.params
      requireOwnHome(people, personId, id)
      hosting.consent(personId, id, purpose, request.body.on)
      return done
    }
  )
}

function addLeaving(
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
