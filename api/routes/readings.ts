/**
 * The export: every public reading, hour or day that was asked for, streamed in time order. A file is whole or visibly
 * broken: if the store fails on the way, the connection is cut before the end of the chunked body, which every client
 * reports, and the receipt of the export says so.
 */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ExportEstimate } from '../../contract/export.ts'
import { estimateExport } from '../../documents/export/estimate.ts'
import { exportFormats } from '../../documents/export/formats.ts'
import { prepareExport, type PrepareDeps } from '../../documents/export/prepare.ts'
import { readExportQuestion, type ExportQuestion } from '../../documents/export/read-request.ts'
import type { ContentEncoding } from '../../documents/export/sealed.ts'
import type { QueryText } from '../../figures/parameters.ts'
import { asExport, exportedFile } from '../export-answer.ts'
import { momentDescription, Query, refusal, type Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import type { takeTurn } from '../doors/move-turns.ts'
import type { Doors } from '../doors/doors.ts'
import { exportCorrections } from '../../figures/period/export-corrections.ts'

const text = (description: string) => Type.Optional(Type.String({ description }))

export const readingsQuery = {
  street: text('Street ids, with commas; all unless given'),
  site: text('Outdoor site ids, with commas; all unless given'),
  quantity: text(
    'Quantities, with commas; all that are measured unless given. Corrected ones come where they are named'
  ),
  from: text(`${momentDescription}; included. The beginning unless given`),
  until: text(`${momentDescription}; not included. The end unless given`),
  format: text('csv, jsonl, parquet or arrow (a stream of record batches); csv unless given'),
  values: text('raw, or corrected: in place of each quantity that can be corrected its corrected values'),
  window: text('raw for single readings, hour or day; raw unless given'),
  layout: text(
    'long: a row a value; wide: a column a quantity; openaq: the columns of OpenAQ’s files. long unless given'
  ),
  flags: text(
    'keep; drop: without readings of flag 4 and without the columns; or some of 1,2,3,4. keep unless given'
  ),
  coverageMin: text('Of hours and days: share below which they have no mean; 0.75 unless given'),
  derived: text(
    'Of the wide layout: columns computed from temperature and humidity. dew_point, absolute_humidity; of hours also vapour_excess'
  )
}

const description = `Uncapped and streamed. Columns of single readings: time, street, site, device, quantity, value, unit, flag, reason,
received; times ISO 8601 UTC with milliseconds. Text and Arrow come in time order; Parquet in stretches of time, and within
each by site, so that readers skip what they do not need. A file is whole or the connection is cut. The header
Lamppost-Export names the receipt at readings/exports/{id}, which has rows and SHA-256 once the download has ended.`

export function addReadings(
  app: Api,
  deps: ApiDeps,
  {
    takeExport,
    takeQuestion,
    turn
  }: Pick<Doors, 'takeExport' | 'takeQuestion'> & {
    turn: ReturnType<typeof takeTurn>
  }
): void {
  const running = new Set<Readable>()
  let stopping = false

  // Waiting for a download of gigabytes would hold the hub's stop; cut, the client sees that it is not whole.
  app.addHook('preClose', async () => {
    stopping = true
    for (const body of running) body.destroy(new Error('The hub is stopping.'))
  })

  app.route({
    method: ['GET', 'HEAD'],
    url: '/readings',
    // The body is compressed where it is made, before it is cut into pieces.
    compress: false,
    schema: {
      operationId: 'readings',
      summary: 'Download readings, hours or days as CSV, JSON Lines, Parquet or Arrow',
      description,
      tags: ['readings'],
      querystring: Query(readingsQuery),
      response: {
        200: exportedFile,
        default: refusal
      }
    },
    async handler(request, reply) {
      const question = questionOf(deps, request.query)
      const encoding = encodingOf(request, question)
      if (request.method === 'HEAD') return addHeaders(reply, question, encoding).send(Readable.from([]))
      await takeExport(request, reply)
      await turn(request, reply)
      // Sites may have come with a move that was waited for.
      const body = await startExport(deps, request, encoding)
      running.add(body.stream)
      body.stream.once('close', () => running.delete(body.stream))
      body.stream.once('error', (error: Error) => {
        if (!stopping) deps.log.error({ err: error }, 'An export broke; its connection was cut.')
      })
      return addHeaders(reply, question, encoding).header('lamppost-export', body.id).send(body.stream)
    }
  })

  app.get(
    '/readings/estimate',
    {
      preHandler: [takeQuestion, turn],
      schema: {
        operationId: 'readingsEstimate',
        summary: 'How many rows and bytes an export will have',
        tags: ['readings'],
        querystring: Query(readingsQuery),
        response: { 200: ExportEstimate, default: refusal }
      }
    },
    (request) => estimateExport(deps.readings, questionOf(deps, request.query))
  )
}

function questionOf(deps: ApiDeps, query: QueryText): ExportQuestion {
  const { places, clock, hub } = deps
  return readExportQuestion({ places, clock, timezone: hub.timezone, audience: 'public' }, query)
}

function addHeaders(
  reply: FastifyReply,
  { format }: ExportQuestion,
  encoding: ContentEncoding | undefined
): FastifyReply {
  asExport(reply, format, 'lamppost-readings')
    .header('cache-control', 'no-store')
    .header('vary', 'accept-encoding')
  if (encoding) reply.header('content-encoding', encoding)
  return reply
}

/** What the client names, best first; a file that is compressed already stays as it is. */
function encodingOf(request: FastifyRequest, { format }: ExportQuestion): ContentEncoding | undefined {
  if (!exportFormats[format].compressible) return undefined
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim().split(';'))
    .filter(([, quality]) => !/^\s*q=0(\.0*)?$/.test(quality ?? ''))
    .map(([name]) => name?.toLowerCase())
  return (['zstd', 'gzip'] as const).find((one) => accepted.includes(one))
}

async function startExport(
  deps: ApiDeps,
  request: FastifyRequest,
  encoding: ContentEncoding | undefined
): Promise<{ id: string; stream: Readable }> {
  const { request: full, description } = await prepareExport(preparing(deps), request.query as QueryText)
  const { id, pieces } = await deps.exports.open(full, description, encoding)
  return { id, stream: Readable.from(pieces, { objectMode: false }) }
}

function preparing({ places, clock, hub, readings }: ApiDeps): PrepareDeps {
  const { timezone, licence, name: publisher, version } = hub
  const corrections = (question: ExportQuestion) => exportCorrections(readings, question)
  return { places, clock, timezone, audience: 'public', corrections, licence, publisher, version }
}
