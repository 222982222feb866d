/** Single readings of homes that agreed to research: for researchers alone, under pseudonyms, as long as the consent holds. */
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ExportReceipt } from '../../contract/export.ts'
import { prepareResearch } from '../../documents/export/prepare.ts'
import { holdsStill } from '../../documents/export/research.ts'
import { researchSites } from '../../model/visibility.ts'
import { ById, NoQuery, Query, refusal, type Api } from '../app.ts'
import { asExport, exportedFile } from '../export-answer.ts'
import { viewerOf } from '../audience.ts'
import type { ApiDeps } from '../deps.ts'
import type { takeTurn } from '../doors/move-turns.ts'
import type { Doors } from '../doors/doors.ts'
import { sessionStreams, type SessionStreams } from '../session-streams.ts'
import { answerExportFile, neededReceipt, orderExport } from './exports.ts'
import { readingsQuery } from './readings.ts'

const { quantity, from, until, format, flags } = readingsQuery
const config = { audience: 'researcher' } as const
const query = Query({
  ...{ quantity, from, until, format, flags },
  dataset: Type.String({
    description: 'Name of the work that this is for; pseudonyms are of it',
    minLength: 1,
    maxLength: 100
  })
})

const description = `As the export of readings, of rooms whose homes agree to research now, and of the time since they agreed. Sites and
devices have pseudonyms, which are the same in every download with the same dataset name; there is no street. A download is cut when
a consent in it ends, and each stands in the audit log.`

export function addResearch(
  app: Api,
  deps: ApiDeps,
  { takeExport, turn }: Pick<Doors, 'takeExport'> & { turn: ReturnType<typeof takeTurn> }
): void {
  const streams = sessionStreams(app, deps.accounts)
  app.get(
    '/research/readings',
    {
      exposeHeadRoute: false,
      compress: false,
      config,
      schema: {
        operationId: 'researchReadings',
        summary: 'Single readings of homes that agreed to research, under pseudonyms; for researchers',
        description,
        tags: ['readings'],
        querystring: query,
        response: { 200: exportedFile, default: refusal }
      }
    },
    async (request, reply) => {
      const { dataset, ...asked } = request.query
      await takeExport(request, reply)
      await turn(request, reply)
      const { clock, hub, research, places, exports } = deps
      const { timezone, name: publisher, version } = hub
      const setting = { places, clock, timezone, publisher, version, secret: research.secret }
      const sites = sitesNow(deps)
      const { request: full, description } = prepareResearch({ ...setting, sites }, asked, dataset)
      note(deps, request, 'downloaded readings of homes for research', dataset)
      const { id, pieces } = await exports.open(full, description)
      const stream = Readable.from(pieces, { objectMode: false })
      return asExport(reply, full.format, 'lamppost-research')
        .header('lamppost-export', id)
        .send(heldBy(deps, streams, request, () => isAgreed(deps, full.research?.since), stream))
    }
  )
  addOrders(app, deps, streams)
}

function addOrders(app: Api, deps: ApiDeps, streams: SessionStreams): void {
  app.post(
    '/research/exports',
    {
      config,
      schema: {
        operationId: 'orderResearchExport',
        summary: 'Have such a file made in the background; it is gone as soon as one of its consents ends',
        tags: ['readings'],
        querystring: query,
        response: { 202: ExportReceipt, default: refusal }
      }
    },
    async (request, reply) => {
      const { dataset } = request.query
      const { personId } = viewerOf(request)
      const receipt = await orderExport(deps, request, { personId, dataset })
      note(deps, request, 'ordered readings of homes for research', dataset)
      return reply.code(202).header('location', `/api/v1/readings/exports/${receipt.id}`).send(receipt)
    }
  )

  app.route({
    method: ['GET', 'HEAD'],
    url: '/research/exports/:id/file',
    compress: false,
    config,
    schema: {
      operationId: 'researchExportFile',
      summary: 'The file of an export that was ordered for research; with Range, a part of it',
      tags: ['readings'],
      params: ById,
      querystring: NoQuery,
      response: { 200: exportedFile, default: refusal }
    },
    async handler(request, reply) {
      const { id } = request.params
      const finished = deps.exports.finished(id)
      const isTheirs = finished?.research?.personId === viewerOf(request).personId
      if (isTheirs && request.method === 'GET')
        note(deps, request, 'downloaded readings of homes for research', finished.research?.dataset ?? '')
      return answerExportFile(request, reply, neededReceipt(deps, id), isTheirs ? finished : undefined, {
        cacheControl: 'private, no-store',
        hold: (stream) =>
          heldBy(deps, streams, request, () => deps.exports.finished(id) !== undefined, stream)
      })
    }
  })
}

function note({ accounts }: ApiDeps, request: FastifyRequest, action: string, about: string): void {
  const { personId } = viewerOf(request)
  accounts.note({ by: { kind: 'person', personId }, action, personId, about })
}

function sitesNow({ places, research, clock }: ApiDeps): Map<string, number> {
  return researchSites(places.sites(), research.consents(), clock.now())
}

function isAgreed(deps: ApiDeps, since: Readonly<Record<string, number>> = {}): boolean {
  return holdsStill(since, sitesNow(deps))
}

/** Whoever takes a consent back is in no byte that leaves afterwards, nor does one leave after the session. */
function heldBy(
  deps: ApiDeps,
  streams: SessionStreams,
  request: FastifyRequest,
  mayHave: () => boolean,
  stream: Readable
): Readable {
  const stop = deps.places.onChange(() => {
    if (!mayHave()) stream.destroy(new Error('A consent of this download has ended.'))
  })
  stream.once('close', stop)
  return streams.hold(viewerOf(request), stream)
}
