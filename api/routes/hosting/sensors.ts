/** What a signed-in person does with sensors of theirs: adds, moves, renames and removes them. */
import { Done } from '../../../contract/account.ts'
import {
  MoveBody,
  NewSensorBody,
  RenameBody,
  RotateBody,
  SensorAdded,
  SensorMoved,
  SensorRotated
} from '../../../contract/own.ts'
import { PlaceBody } from '../../../contract/place.ts'
import { NoQuery, refusal, type Api } from '../../app.ts'
import { viewerOf } from '../../audience.ts'
import type { ApiDeps } from '../../deps.ts'
import { ByDevice, config, done, ownDevice } from './shared.ts'

export function addSensors(app: Api, { hosting }: ApiDeps): void {
  const own = ownDevice(hosting)

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

  app.put(
    '/me/devices/:id/place',
    {
      config,
      schema: {
        operationId: 'placeMySensor',
        summary:
          'Where exactly it is, how much of that everybody sees, and how it is mounted; what is left out stays',
        tags: ['account'],
        params: ByDevice,
        querystring: NoQuery,
        body: PlaceBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      const { id } = request.params
      hosting.place(own(request, id), id, request.body)
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
