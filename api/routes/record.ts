/** Damp records of a signed-in person: of rooms that are or were theirs, and only of their own time there. */
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { DampRecord } from '../../contract/damp-record.ts'
import { LetterSentBody, OwnRecordRoom, ReportNoted } from '../../contract/own-record.ts'
import { recordRangeMsMax } from '../../documents/limits.ts'
import { readChartRange } from '../../figures/parameters.ts'
import { FiguresRefusal } from '../../figures/refusal.ts'
import { toIso } from '../../model/time.ts'
import { isRepairRulesId, repairRulesIds } from '../../science/repair-rules.ts'
import { ById, momentDescription, NoQuery, Query, refusal, StreamedText, type Api } from '../app.ts'
import { viewerOf } from '../audience.ts'
import type { ApiDeps, RecordAsk } from '../deps.ts'
import type { Doors } from '../doors/doors.ts'
import { recordMsDefault } from '../limits.ts'
import { ApiProblem } from '../problem.ts'
import { sessionStreams } from '../session-streams.ts'
import { requireOwnHome } from './own.ts'

const config = { audience: 'person' } as const

const RecordQuery = Query({
  room: Type.Optional(
    Type.String({ maxLength: 1_000, description: 'Site ids with commas; all of my rooms unless given' })
  ),
  from: Type.Optional(Type.String({ description: `${momentDescription}; included` })),
  until: Type.Optional(Type.String({ description: `${momentDescription}; not included` })),
  rules: Type.Optional(
    Type.String({ description: `Dated rules of the country and tenancy: ${repairRulesIds.join(', ')}` })
  )
})

type RecordText = Partial<Record<'room' | 'from' | 'until' | 'rules', string>>

export function addRecords(app: Api, deps: ApiDeps, doors: Pick<Doors, 'takeExport' | 'takeQuestion'>): void {
  const { records } = deps
  const ask = (request: FastifyRequest): RecordAsk => readAsk(deps, request)

  app.get(
    '/me/record/rooms',
    {
      config,
      schema: {
        operationId: 'myRecordRooms',
        summary: 'Rooms that are or were mine, with my time there',
        tags: ['account'],
        querystring: NoQuery,
        response: { 200: Type.Array(OwnRecordRoom), default: refusal }
      }
    },
    (request) => records.rooms(viewerOf(request).personId)
  )

  app.get(
    '/me/record',
    {
      preHandler: doors.takeQuestion,
      config,
      schema: {
        operationId: 'myRecord',
        summary: 'The damp record of my rooms as data; 90 days unless given, two years at most',
        tags: ['account'],
        querystring: RecordQuery,
        response: { 200: DampRecord, default: refusal }
      }
    },
    (request) => records.record(ask(request))
  )

  app.post(
    '/me/homes/:id/letters',
    {
      config,
      schema: {
        operationId: 'noteMyLetter',
        summary:
          'I told my landlord: noted in the diary of my home, and reminded of where dated rules are known',
        tags: ['account'],
        params: ById,
        querystring: NoQuery,
        body: LetterSentBody,
        response: { 200: ReportNoted, default: refusal }
      }
    },
    (request) => {
      const { personId } = viewerOf(request)
      const { id } = request.params
      requireOwnHome(deps.people, personId, id)
      return records.noteLetter(personId, id, request.body)
    }
  )

  addFiles(app, deps, doors, ask)
}

function addFiles(
  app: Api,
  { records, clock, accounts }: ApiDeps,
  { takeExport }: Pick<Doors, 'takeExport'>,
  ask: (request: FastifyRequest) => RecordAsk
): void {
  const streams = sessionStreams(app, accounts)
  const nameOf = (end: string): string =>
    `attachment; filename="damp-record-${toIso(clock.now()).slice(0, 10)}.${end}"`

  app.get(
    '/me/record.pdf',
    {
      preHandler: takeExport,
      exposeHeadRoute: false,
      compress: false,
      config,
      schema: {
        operationId: 'myRecordPdf',
        summary: 'The damp record of my rooms, to print',
        tags: ['account'],
        querystring: RecordQuery,
        response: {
          200: { description: 'A tagged PDF', content: { 'application/pdf': { schema: StreamedText } } },
          default: refusal
        }
      }
    },
    async (request, reply) => {
      const pdf = await records.pdf(ask(request))
      return reply
        .type('application/pdf')
        .header('content-disposition', nameOf('pdf'))
        .send(streams.hold(viewerOf(request), Readable.from([pdf], { objectMode: false })))
    }
  )

  app.get(
    '/me/record.zip',
    {
      preHandler: takeExport,
      exposeHeadRoute: false,
      compress: false,
      config,
      schema: {
        operationId: 'myRecordArchive',
        summary: 'The record with its readings, diary and photos, and a list of SHA-256 sums',
        tags: ['account'],
        querystring: RecordQuery,
        response: {
          200: { description: 'A ZIP file', content: { 'application/zip': { schema: StreamedText } } },
          default: refusal
        }
      }
    },
    async (request, reply) => {
      const archive = Readable.from(records.archive(ask(request)), { objectMode: false })
      return reply
        .type('application/zip')
        .header('content-disposition', nameOf('zip'))
        .send(streams.hold(viewerOf(request), archive))
    }
  )
}

/** A room that never was theirs is as unknown as one that there is not. */
function readAsk({ records, clock, hub }: ApiDeps, request: FastifyRequest): RecordAsk {
  const { personId } = viewerOf(request)
  const { room, rules, ...period } = request.query as RecordText
  const range = readChartRange(period, clock.now(), hub.timezone, recordMsDefault)
  if (range.until - range.from > recordRangeMsMax)
    throw new FiguresRefusal('rangeTooLong', 'A record spans at most two years. Ask for a shorter period.')
  if (rules !== undefined && rules !== '' && !isRepairRulesId(rules))
    throw new ApiProblem(
      'parameterBad',
      `rules: known are ${repairRulesIds.join(', ')}. Leave it out for others.`
    )
  const siteIds = room === undefined ? undefined : room.split(',').filter((one) => one !== '')
  const theirs = new Set(records.rooms(personId).map(({ siteId }) => siteId))
  if (theirs.size === 0 || siteIds?.some((siteId) => !theirs.has(siteId)))
    throw new ApiProblem('placeUnknown', 'You have no such room. GET /api/v1/me/record/rooms lists yours.')
  return {
    personId,
    range,
    rules: rules !== undefined && isRepairRulesId(rules) ? rules : null,
    ...(siteIds === undefined ? {} : { siteIds })
  }
}
