/** Streets as stewards look after them. */
import { Type } from 'typebox'
import {
  DeskStreet,
  DrawBody,
  MapBody,
  MapImported,
  MergeBody,
  RenameStreetBody,
  SplitBody,
  StreetBody,
  StreetChanged
} from '../../../contract/desk/streets.ts'
import { ById, NoQuery, refusal, type Api } from '../../app.ts'
import type { ApiDeps } from '../../deps.ts'
import { megabytesAtMost } from '../../../model/counted.ts'
import { mapBytesMax } from '../../limits.ts'
import { config, stewardOf, tags } from './shared.ts'

const changed = { 200: StreetChanged, default: refusal }

export function addStreets(app: Api, { desk: { streets } }: ApiDeps): void {
  app.get(
    '/steward/streets',
    {
      config,
      schema: {
        operationId: 'deskStreets',
        summary: 'Streets with their places; of those indoors only how many',
        tags,
        querystring: NoQuery,
        response: { 200: Type.Array(DeskStreet), default: refusal }
      }
    },
    async () => streets.streets()
  )

  app.post(
    '/steward/streets',
    {
      config,
      schema: {
        operationId: 'deskAddStreet',
        summary: 'Add a street',
        tags,
        querystring: NoQuery,
        body: StreetBody,
        response: changed
      }
    },
    async (request) => streets.add(stewardOf(request), request.body.name)
  )

  app.post(
    '/steward/streets/map',
    {
      config: {
        ...config,
        tooLarge: `A map has at most ${megabytesAtMost(mapBytesMax)}. Export a smaller part of the neighbourhood at a time, and add one after the other.`
      },
      bodyLimit: mapBytesMax,
      schema: {
        operationId: 'deskImportMap',
        summary: 'Add streets with their lines from a map file, such as an OpenStreetMap export',
        tags,
        querystring: NoQuery,
        body: MapBody,
        response: { 200: MapImported, default: refusal }
      }
    },
    async (request) => streets.importMap(stewardOf(request), request.body)
  )

  app.put(
    '/steward/streets/:id/name',
    {
      config,
      schema: {
        operationId: 'deskRenameStreet',
        summary: 'Rename a street; its id and its links stay',
        tags,
        params: ById,
        querystring: NoQuery,
        body: RenameStreetBody,
        response: changed
      }
    },
    async (request) => {
      const { name, was } = request.body
      return streets.rename(stewardOf(request), request.params.id, name, was)
    }
  )

  app.put(
    '/steward/streets/:id/line',
    {
      config,
      schema: {
        operationId: 'deskDrawStreet',
        summary: 'Draw the line of a street',
        tags,
        params: ById,
        querystring: NoQuery,
        body: DrawBody,
        response: changed
      }
    },
    async (request) => {
      const { line, was } = request.body
      return streets.draw(stewardOf(request), request.params.id, line, was)
    }
  )

  app.post(
    '/steward/streets/:id/merge',
    {
      config,
      schema: {
        operationId: 'deskMergeStreet',
        summary: 'Merge a street into another: its sensors move there, and links to it lead there',
        tags,
        params: ById,
        querystring: NoQuery,
        body: MergeBody,
        response: changed
      }
    },
    (request) => streets.merge(stewardOf(request), request.params.id, request.body.into)
  )

  app.post(
    '/steward/streets/:id/split',
    {
      config,
      schema: {
        operationId: 'deskSplitStreet',
        summary: 'Move some places of a street to a new street',
        tags,
        params: ById,
        querystring: NoQuery,
        body: SplitBody,
        response: changed
      }
    },
    (request) => streets.split(stewardOf(request), request.params.id, request.body)
  )
}
