/** Boxes as stewards look after them. */
import { Type } from 'typebox'
import { Done } from '../../../contract/account.ts'
import { MoveBody, RotateBody, SensorAdded, SensorClaimed, SensorRotated } from '../../../contract/own.ts'
import { DeskBox, DeskBoxBody, DeskClaimBody, DeskHandOverBody } from '../../../contract/desk/boxes.ts'
import { ById, NoQuery, refusal, type Api } from '../../app.ts'
import type { ApiDeps } from '../../deps.ts'
import { config, done, stewardOf, tags } from './shared.ts'

export function addBoxes(app: Api, { desk: { boxes } }: ApiDeps): void {
  app.get(
    '/steward/boxes',
    {
      config,
      schema: {
        operationId: 'deskBoxes',
        summary:
          'Every box: those that need hands first, the worst of them first. Never a value from indoors',
        tags,
        querystring: NoQuery,
        response: { 200: Type.Array(DeskBox), default: refusal }
      }
    },
    () => boxes.boxes()
  )

  app.post(
    '/steward/boxes',
    {
      config,
      schema: {
        operationId: 'deskAddBox',
        summary: 'Add a box, for a person or on its own; its password and settings are shown only this once',
        tags,
        querystring: NoQuery,
        body: DeskBoxBody,
        response: { 200: SensorAdded, default: refusal }
      }
    },
    (request) => boxes.add(stewardOf(request), request.body)
  )

  app.post(
    '/steward/things/:id/claim',
    {
      config,
      schema: {
        operationId: 'deskClaimThing',
        summary: 'Make a box behind a gateway a sensor; what it says from now on is stored',
        tags,
        params: ById,
        querystring: NoQuery,
        body: DeskClaimBody,
        response: { 200: SensorClaimed, default: refusal }
      }
    },
    (request) => boxes.claim(stewardOf(request), request.params.id, request.body)
  )

  app.post(
    '/steward/boxes/:id/rotate',
    {
      config,
      schema: {
        operationId: 'deskRotateBox',
        summary: 'A new password for a box; the old one works for another day, or ends now',
        tags,
        params: ById,
        querystring: NoQuery,
        body: RotateBody,
        response: { 200: SensorRotated, default: refusal }
      }
    },
    async (request) => boxes.rotate(stewardOf(request), request.params.id, request.body.now)
  )

  app.post(
    '/steward/boxes/:id/move',
    {
      config,
      schema: {
        operationId: 'deskMoveBox',
        summary: 'A box is on another street from now on; what it measured before stays where it was',
        tags,
        params: ById,
        querystring: NoQuery,
        body: MoveBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      await boxes.move(stewardOf(request), request.params.id, request.body.street)
      return done
    }
  )

  app.post(
    '/steward/boxes/:id/hand-over',
    {
      config,
      schema: {
        operationId: 'deskHandBoxOver',
        summary: 'Another person hosts the box from now on, without what it measured before',
        tags,
        params: ById,
        querystring: NoQuery,
        body: DeskHandOverBody,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      await boxes.handOver(stewardOf(request), request.params.id, request.body.to)
      return done
    }
  )

  app.delete(
    '/steward/boxes/:id',
    {
      config,
      schema: {
        operationId: 'deskRemoveBox',
        summary: 'A box is gone: its password ends, its readings stay',
        tags,
        params: ById,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    async (request) => {
      await boxes.remove(stewardOf(request), request.params.id)
      return done
    }
  )
}
