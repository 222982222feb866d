/** Exports that are made in the background, and the receipts of all. For everybody: an id is told to who asked, and nobody guesses one. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ExportReceipt, type ExportReceipt as ToldReceipt } from '../../contract/export.ts'
import {
  ExportRefusal,
  type ExportReceipt as Receipt,
  type FinishedExport,
  type ResearchOrder
} from '../../documents/export/desk.ts'
import { shareOf } from '../../model/address.ts'
import { ById, NoQuery, Query, refusal, type Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import { clientOf } from '../doors/client.ts'
import { asExport, exportedFile } from '../export-answer.ts'
import { answerFile, type FinishedFile } from '../file-answer.ts'
import { ApiProblem } from '../problem.ts'
import { readingsQuery } from './readings.ts'

const root = '/api/v1/readings/exports'

export function addExports(app: Api, deps: ApiDeps): void {
  app.post(
    '/readings/exports',
    {
      schema: {
        operationId: 'orderExport',
        summary: 'Have a large export made in the background: a file that can be fetched in parts for a week',
        tags: ['readings'],
        querystring: Query(readingsQuery),
        response: { 202: ExportReceipt, default: refusal }
      }
    },
    async (request, reply) => {
      const receipt = await orderExport(deps, request)
      return reply.code(202).header('location', `${root}/${receipt.id}`).send(receipt)
    }
  )

  app.get(
    '/readings/exports/:id',
    {
      schema: {
        operationId: 'readingsExport',
        summary:
          'The receipt of an export: whether it is whole, its rows and SHA-256, the query, licence and methods',
        tags: ['readings'],
        params: ById,
        querystring: NoQuery,
        response: { 200: ExportReceipt, default: refusal }
      }
    },
    (request) => {
      const file = fileOf(deps, request.params.id)
      return { ...neededReceipt(deps, request.params.id), file }
    }
  )

  app.route({
    method: ['GET', 'HEAD'],
    url: '/readings/exports/:id/file',
    // Parts of a file are parts of what is on disk.
    compress: false,
    schema: {
      operationId: 'readingsExportFile',
      summary: 'The file of an export that was ordered; with Range, a part of it',
      tags: ['readings'],
      params: ById,
      querystring: NoQuery,
      response: {
        200: exportedFile,
        default: refusal
      }
    },
    async handler(request, reply) {
      const { id } = request.params
      const finished = deps.exports.finished(id)
      return answerExportFile(
        request,
        reply,
        neededReceipt(deps, id),
        finished?.research ? undefined : finished,
        {
          cacheControl: 'private, no-cache'
        }
      )
    }
  })
}

/** In the share of whoever asks. */
export async function orderExport(
  deps: ApiDeps,
  request: FastifyRequest,
  research?: ResearchOrder
): Promise<ToldReceipt> {
  const address = clientOf(request.raw, deps.doors.isProxy)
  const query = request.query as Record<string, string>
  const share = address === undefined ? '' : shareOf(address)
  const receipt = await deps.exports.order(query, share, research).catch((cause: unknown) => {
    throw cause instanceof ExportRefusal ? new ApiProblem(cause.code, cause.message, 60) : cause
  })
  return { ...receipt, file: fileOf(deps, receipt.id) }
}

export function neededReceipt(deps: Pick<ApiDeps, 'exports'>, id: string): Receipt {
  const receipt = deps.exports.receipt(id)
  if (receipt) return receipt
  throw new ApiProblem(
    'exportUnknown',
    'There is no export with this id, or it was made more than a week ago. The header Lamppost-Export of a download names it.'
  )
}

/** `finished` is undefined where there is no file for whoever asks. */
export function answerExportFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { id, problem }: Receipt,
  finished: FinishedExport | undefined,
  { cacheControl, hold }: Pick<FinishedFile, 'cacheControl' | 'hold'>
): FastifyReply {
  if (!finished)
    throw new ApiProblem(
      'exportUnfinished',
      problem ?? 'The file is not there yet, or not for you. Its receipt says how far it is.'
    )
  const { bytes, sha256, format } = finished.receipt
  return answerFile(request, asExport(reply, format, `lamppost-${id}`), {
    file: finished.file,
    bytes: bytes ?? 0,
    sha256: sha256 ?? '',
    cacheControl,
    ...(hold && { hold })
  })
}

/** Where the file is; asked first, since a file that nobody may have any more is found out by that. */
function fileOf(deps: ApiDeps, id: string): string | null {
  const finished = deps.exports.finished(id)
  if (!finished) return null
  return finished.research ? `/api/v1/research/exports/${id}/file` : `${root}/${id}/file`
}
