/** A person's diary, and the coldest corners that they measured. Another's id is answered like one that is not there. */
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { Done } from '../../contract/account.ts'
import {
  DiaryChange,
  DiaryEntry,
  MeasuredCorner,
  NewCornerBody,
  NewDiaryEntryBody
} from '../../contract/diary.ts'
import { ownChanges } from '../../figures/own/own-changes.ts'
import { dampPeriodMs, ownAirNow } from '../../figures/own/own-damp.ts'
import { cornerFault, shownCorner, shownEntry, type CornerFault } from '../../figures/own/own-diary.ts'
import { readChartRange } from '../../figures/parameters.ts'
import { ownSite } from '../../figures/own/own-places.ts'
import type { MeasuredTemperatures } from '../../model/diary.ts'
import type { Site } from '../../model/place.ts'
import { ById, momentDescription, NoQuery, Query, refusal, StreamedText, type Api } from '../app.ts'
import { viewerOf } from '../audience.ts'
import type { ApiDeps } from '../deps.ts'
import type { Taking } from '../doors/doors.ts'
import { megabytesAtMost } from '../../model/counted.ts'
import { photoBytesMax } from '../limits.ts'
import { ApiProblem } from '../problem.ts'
import { requireOwnHome } from './own.ts'

const config = { audience: 'person' } as const
const done = { done: true } as const
const OfHome = Query({
  home: Type.Optional(Type.String({ description: 'One of my homes; all unless given' }))
})

export async function addDiary(app: Api, deps: ApiDeps, takeQuestion: Taking): Promise<void> {
  addEntries(app, deps, takeQuestion)
  await app.register(async (photos: Api) => addPhotos(photos, deps))
  addCorners(app, deps, takeQuestion)
}

function addEntries(
  app: Api,
  { people, hosting, readings, clock, hub }: ApiDeps,
  takeQuestion: Taking
): void {
  app.get(
    '/me/diary',
    {
      config,
      schema: {
        operationId: 'myDiary',
        summary: 'What I wrote down about my home, oldest first',
        tags: ['account'],
        querystring: OfHome,
        response: { 200: Type.Array(DiaryEntry), default: refusal }
      }
    },
    (request) => {
      const { personId } = viewerOf(request)
      const { home } = request.query
      if (home !== undefined) requireOwnHome(people, personId, home)
      const entries = people.diary(personId).filter(({ homeId }) => home === undefined || homeId === home)
      return entries.map(shownEntry)
    }
  )

  app.get(
    '/me/diary/changes',
    {
      preHandler: takeQuestion,
      config,
      schema: {
        operationId: 'myChanges',
        summary:
          'What airing, heating and washing of my diary changed in my rooms, newest first; 30 days unless given',
        tags: ['account'],
        querystring: Query({
          from: Type.Optional(Type.String({ description: `${momentDescription}; included` })),
          until: Type.Optional(Type.String({ description: `${momentDescription}; not included` }))
        }),
        response: { 200: Type.Array(DiaryChange), default: refusal }
      }
    },
    (request) => {
      const range = readChartRange(request.query, clock.now(), hub.timezone, dampPeriodMs)
      return ownChanges({ own: people, readings }, viewerOf(request).personId, range)
    }
  )

  app.post(
    '/me/homes/:id/diary',
    {
      config,
      schema: {
        operationId: 'writeMyDiary',
        summary: 'Write something down about a home of mine; only I can read it',
        tags: ['account'],
        params: ById,
        querystring: NoQuery,
        body: NewDiaryEntryBody,
        response: { 200: DiaryEntry, default: refusal }
      }
    },
    (request) => {
      const { personId } = viewerOf(request)
      requireOwnHome(people, personId, request.params.id)
      return shownEntry(hosting.writeDiary(personId, request.params.id, request.body))
    }
  )

  app.delete(
    '/me/diary/:id',
    {
      config,
      schema: {
        operationId: 'deleteMyDiaryEntry',
        summary: 'Delete an entry of my diary, with its photo',
        tags: ['account'],
        params: ById,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    (request) => {
      if (hosting.deleteDiaryEntry(viewerOf(request).personId, request.params.id)) return done
      throw entryUnknown()
    }
  )
}

function addPhotos(app: Api, { hosting }: ApiDeps): void {
  // What kind of file it is its bytes say.
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: photoBytesMax }, (_request, body, done) => {
    done(null, body)
  })

  app.put(
    '/me/diary/:id/photo',
    {
      config: {
        ...config,
        tooLarge: `A photo has at most ${megabytesAtMost(photoBytesMax)}. Make it smaller first.`
      },
      bodyLimit: photoBytesMax,
      schema: {
        operationId: 'addMyPhoto',
        summary:
          'A photo for an entry of my diary: JPEG, PNG or WebP; it is made anew, without place, time and camera',
        tags: ['account'],
        params: ById,
        querystring: NoQuery,
        response: { 200: DiaryEntry, default: refusal }
      }
    },
    async (request) => {
      const { body } = request
      if (!Buffer.isBuffer(body) || body.length === 0)
        throw new ApiProblem('photoUnknown', 'The body is the photo itself: a JPEG, PNG or WebP file.')
      const { personId } = viewerOf(request)
      const entry = await hosting.addPhoto(personId, request.params.id, body)
      if (!entry) throw entryUnknown()
      return shownEntry(entry)
    }
  )

  app.get(
    '/me/photos/:name',
    {
      config,
      schema: {
        operationId: 'myPhoto',
        summary: 'A photo of my diary',
        tags: ['account'],
        params: Type.Object({ name: Type.String({ maxLength: 100 }) }),
        querystring: NoQuery,
        response: {
          200: { description: 'A JPEG', content: { 'image/jpeg': { schema: StreamedText } } },
          default: refusal
        }
      }
    },
    async (request, reply) => {
      const photo = hosting.photo(viewerOf(request).personId, request.params.name)
      if (!photo)
        throw new ApiProblem('photoMissing', 'You have no such photo. GET /api/v1/me/diary lists yours.')
      return reply.type('image/jpeg').send(Readable.from([photo], { objectMode: false }))
    }
  )
}

function entryUnknown(): ApiProblem {
  return new ApiProblem('diaryEntryUnknown', 'You have no such entry. GET /api/v1/me/diary lists yours.')
}

function addCorners(app: Api, deps: ApiDeps, takeQuestion: Taking): void {
  const { people, hosting } = deps

  app.get(
    '/me/corners',
    {
      config,
      schema: {
        operationId: 'myCorners',
        summary: 'The coldest corners that I measured, oldest first',
        tags: ['account'],
        querystring: OfHome,
        response: { 200: Type.Array(MeasuredCorner), default: refusal }
      }
    },
    (request) => {
      const { personId } = viewerOf(request)
      const { home } = request.query
      if (home !== undefined) requireOwnHome(people, personId, home)
      const corners = people.corners(personId).filter(({ homeId }) => home === undefined || homeId === home)
      return corners.map(shownCorner)
    }
  )

  app.post(
    '/me/sites/:id/corners',
    {
      preHandler: takeQuestion,
      config,
      schema: {
        operationId: 'measureMyCorner',
        summary:
          'A thermometer at the coldest corner of a room of mine: its factor is used for damp from then on',
        tags: ['account'],
        params: ById,
        querystring: NoQuery,
        body: NewCornerBody,
        response: { 200: MeasuredCorner, default: refusal }
      }
    },
    async (request) => {
      const site = ownSite(people, viewerOf(request).personId, request.params.id)
      if (site?.placement !== 'indoor')
        throw new ApiProblem('placeUnknown', 'You have no such room. GET /api/v1/me/homes lists yours.')
      const measured = await temperaturesOf(deps, site, request.body)
      const fault = cornerFault(measured)
      if (fault) throw new ApiProblem(fault, faultWords[fault])
      return shownCorner(hosting.keepCorner(site, measured))
    }
  )

  app.delete(
    '/me/corners/:id',
    {
      config,
      schema: {
        operationId: 'deleteMyCorner',
        summary: 'Delete a measurement of a corner',
        tags: ['account'],
        params: ById,
        querystring: NoQuery,
        response: { 200: Done, default: refusal }
      }
    },
    (request) => {
      if (people.removeCorner(viewerOf(request).personId, request.params.id)) return done
      throw new ApiProblem(
        'cornerUnknown',
        'You have no such measurement. GET /api/v1/me/corners lists yours.'
      )
    }
  )
}

const faultWords: Record<CornerFault, string> = {
  tooLittleDifference:
    'Indoors must be at least 10 °C warmer than outdoors. Measure again on a colder evening or morning.',
  warmerThanRoom:
    'The corner cannot be warmer than the room. Hold the thermometer there for longer, away from radiators and your hand.',
  colderThanOutside: 'The corner cannot be colder than outdoors. Check the three temperatures.'
}

/** What was not given is what the sensors say now. */
async function temperaturesOf(
  { people: own, readings, places, clock, hub }: ApiDeps,
  site: Site,
  given: NewCornerBody
): Promise<MeasuredTemperatures> {
  const { surfaceC } = given
  const isWhole = given.insideC !== undefined && given.outsideC !== undefined
  const air = isWhole
    ? { inside: null, outdoor: null }
    : await ownAirNow({ own, readings, places, clock, timezone: hub.timezone }, site)
  const insideC = given.insideC ?? air.inside?.temperatureC
  const outsideC = given.outsideC ?? air.outdoor?.temperatureC
  if (insideC === undefined)
    throw new ApiProblem(
      'indoorUnknown',
      'Your sensor sent no temperature in the last two hours. Read the temperature of the room, and give it too.'
    )
  if (outsideC === undefined)
    throw new ApiProblem(
      'outdoorUnknown',
      'No sensor tells the outdoor temperature now. Read it from a thermometer or a forecast, and give it too.'
    )
  return { surfaceC, insideC, outsideC }
}
