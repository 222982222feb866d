/**
 * The export: every public reading that was asked for, streamed in time order. A file is whole or visibly broken: if
 * the store fails on the way, the connection is cut before the end of the chunked body, which every client reports.
 */
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { Type } from 'typebox'
import type { ExportChunk } from '../../model/columns.ts'
import { isMeasured, type Quantity } from '../../model/quantity.ts'
import { visibleSites } from '../../model/visibility.ts'
import type { ExportQuery } from '../../store/promise/export.ts'
import { momentDescription, Query, refusal, StreamedText, type Api } from '../app.ts'
import type { ApiDeps } from '../deps.ts'
import type { Doors } from '../doors/doors.ts'
import { exportFormats, textFormats, type TextFormat } from '../../documents/export/formats.ts'
import { isCorrected } from '../../figures/corrections.ts'
import { ApiProblem } from '../problem.ts'
import { publicSite, publicStreet } from '../../figures/places.ts'
import { readExportRange, readList, readQuantity } from '../../figures/parameters.ts'

const ReadingsQuery = Query({
  street: Type.Optional(Type.String({ description: 'Street ids, with commas; all unless given' })),
  site: Type.Optional(Type.String({ description: 'Outdoor site ids, with commas; all unless given' })),
  quantity: Type.Optional(
    Type.String({
      description:
        'Quantities, with commas; all that are measured unless given. Corrected ones come where they are named, with a column `correction`'
    })
  ),
  from: Type.Optional(
    Type.String({ description: `${momentDescription}; included. The beginning unless given` })
  ),
  until: Type.Optional(
    Type.String({ description: `${momentDescription}; not included. The end unless given` })
  ),
  format: Type.Optional(Type.Union([Type.Literal('csv'), Type.Literal('jsonl'), Type.Literal('parquet')]))
})

const description = `Uncapped and streamed, in time order. Columns: time, street, site, device, quantity, value, unit, flag, reason,
received; times ISO 8601 UTC with milliseconds. A file is whole or the connection is cut: a download that ended
without an error holds every reading. Parquet is made before it is sent, so its first byte takes longer (about a
second for a million readings), and holds what was measured: corrected quantities come as CSV or JSON Lines.`

export function addReadings(app: Api, deps: ApiDeps, takeExport: Doors['takeExport']): void {
  const running = new Set<AbortController>()

  // Waiting for a download of gigabytes would hold the hub's stop; cut, the client sees that it is not whole.
  app.addHook('preClose', async () => {
    for (const one of running) one.abort(new Error('The hub is stopping.'))
  })

  app.get(
    '/readings',
    {
      // The answer to HEAD would be the whole export, thrown away.
      exposeHeadRoute: false,
      compress: false,
      schema: {
        operationId: 'readings',
        summary: 'Download readings as CSV, JSON Lines or Parquet',
        description,
        tags: ['readings'],
        querystring: ReadingsQuery,
        response: {
          200: {
            description: 'The readings',
            content: {
              'text/csv': { schema: StreamedText },
              'application/jsonl': { schema: StreamedText },
              'application/vnd.apache.parquet': { schema: StreamedText }
            }
          },
          default: refusal
        }
      }
    },
    async (request, reply) => {
      const name = request.query.format ?? 'csv'
      const query = exportQuery(deps, request.query)
      if (name === 'parquet') refuseCorrected(query.quantities ?? [])
      await takeExport(request, reply)
      const stopping = new AbortController()
      running.add(stopping)
      try {
        const { contentType, extension } = exportFormats[name]
        const pieces =
          name === 'parquet'
            ? await parquetPieces(deps, query, stopping.signal)
            : await textPieces(deps, query, textFormats[name], stopping.signal)
        const body = Readable.from(pieces, { objectMode: false })
        body.once('close', () => running.delete(stopping))
        body.once('error', (error: Error) => {
          if (!stopping.signal.aborted)
            deps.log.error({ err: error }, 'An export broke; its connection was cut.')
        })
        return await reply
          .type(contentType)
          .header('content-disposition', `attachment; filename="lamppost-readings.${extension}"`)
          .header('cache-control', 'no-store')
          .send(body)
      } catch (cause) {
        running.delete(stopping)
        throw cause
      }
    }
  )
}

type Pieces = AsyncGenerator<string | Uint8Array>

/** The first stretch is read before the headers leave, so that a store that is down is still a proper answer. */
async function textPieces(
  deps: ApiDeps,
  query: ExportQuery,
  format: TextFormat,
  stopping: AbortSignal
): Promise<Pieces> {
  const chunks = deps.readings.export(query)[Symbol.asyncIterator]()
  const first = await chunks.next()
  const corrected = query.quantities?.some(isCorrected) ?? false
  const streetOf = streetNames(deps)
  const pieces = (chunk: ExportChunk) => format.pieces(chunk, streetOf)
  return exportText({ chunks, first, header: format.header(corrected), pieces, stopping })
}

async function parquetPieces(deps: ApiDeps, query: ExportQuery, stopping: AbortSignal): Promise<Pieces> {
  const streetOf = streetNames(deps)
  const streets = Object.fromEntries(query.siteIds.map((siteId) => [siteId, streetOf(siteId)]))
  const bytes = deps.readings.exportParquet({ ...query, streets })[Symbol.asyncIterator]()
  const first = await bytes.next().catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'formatNotHere')
      throw new ApiProblem('formatNotHere', cause.message)
    throw cause
  })
  return passedOn(bytes, first, stopping)
}

function refuseCorrected(quantities: readonly Quantity[]): void {
  const corrected = quantities.find((quantity) => !isMeasured(quantity))
  if (corrected === undefined) return
  throw new ApiProblem(
    'formatNotHere',
    `${corrected} is not in Parquet files, which hold what was measured. Ask for format=csv or format=jsonl.`
  )
}

interface ReadingsFilter {
  street?: string
  site?: string
  quantity?: string
  from?: string
  until?: string
}

function exportQuery(deps: ApiDeps, filter: ReadingsFilter): ExportQuery {
  const streets = readList('street', filter.street)?.map((id) => publicStreet(deps.places, id).streetId)
  const sites = readList('site', filter.site)?.map((id) => publicSite(deps.places, id).siteId)
  const quantities = readList('quantity', filter.quantity)?.map(readQuantity)
  const siteIds = visibleSites('public', deps.places.sites())
    .filter((site) => !streets || streets.includes(site.streetId))
    .filter((site) => !sites || sites.includes(site.siteId))
    .map((site) => site.siteId)
  return { siteIds, ...readExportRange(filter, deps.clock.now()), ...(quantities ? { quantities } : {}) }
}

function streetNames({ places }: ApiDeps): (siteId: string) => string {
  const names = new Map(places.sites().map((site) => [site.siteId, site.streetId]))
  return (siteId) => names.get(siteId) ?? ''
}

interface TextParts {
  chunks: AsyncIterator<ExportChunk>
  first: IteratorResult<ExportChunk>
  header: string
  pieces(chunk: ExportChunk): Iterable<string>
  stopping: AbortSignal
}

async function* exportText({ chunks, first, header, pieces, stopping }: TextParts): AsyncGenerator<string> {
  let whole = false
  try {
    if (header) yield header
    for (let next = first; !next.done; next = await chunks.next()) {
      for (const text of pieces(next.value)) {
        yield text
        // A fast client would otherwise keep every other request waiting for the length of the export.
        await setImmediate()
        stopping.throwIfAborted()
      }
    }
    whole = true
  } finally {
    if (!whole) await chunks.return?.()
  }
}

async function* passedOn(
  pieces: AsyncIterator<Uint8Array>,
  first: IteratorResult<Uint8Array>,
  stopping: AbortSignal
): AsyncGenerator<Uint8Array> {
  let whole = false
  try {
    for (let next = first; !next.done; next = await pieces.next()) {
      yield next.value
      stopping.throwIfAborted()
    }
    whole = true
  } finally {
    if (!whole) await pieces.return?.()
  }
}
