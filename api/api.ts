/** The HTTP API and the dashboard's files as one Fastify: plugins first, then the routes in the order people meet them. */
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify } from 'fastify'
import { plainAddress } from '../model/address.ts'
import { payloadBytesMax } from '../model/limits.ts'
import { minuteMs } from '../model/time.ts'
import { NoQuery, type Api } from './app.ts'
import { LiveBeat, LiveReading, LiveStreet } from '../contract/live.ts'
import { addAudiences } from './audience.ts'
import type { ApiDeps } from './deps.ts'
import { openDoors } from './doors/doors.ts'
import { answerProblems, ApiProblem, sendProblem } from './problem.ts'
import { addDashboard } from './routes/dashboard.ts'
import { addDocs } from './routes/docs.ts'
import { addHosting } from './routes/hosting/hosting.ts'
import { addHub } from './routes/hub.ts'
import { addDiary } from './routes/diary.ts'
import { addDatasets } from './routes/datasets.ts'
import { addDecode } from './routes/decode.ts'
import { addLive } from './routes/live.ts'
import { addMachine } from './routes/machine.ts'
import { addExports } from './routes/exports.ts'
import { addFigures } from './routes/figures.ts'
import { takeTurn } from './doors/move-turns.ts'
import { watchMethods } from './methods.ts'
import { addMe } from './routes/me.ts'
import { addPasskeys } from './routes/passkeys.ts'
import { addOwn } from './routes/own.ts'
import { addPlaces } from './routes/places.ts'
import { addChanges } from './routes/changes.ts'
import { addCorrections } from './routes/corrections.ts'
import { addPush } from './routes/push.ts'
import { addAlerts } from './routes/alerts.ts'
import { addRecords } from './routes/record.ts'
import { addReadings } from './routes/readings.ts'
import { addSensorThings, sendStaProblem, staPrefix } from './routes/sensorthings.ts'
import { addSteward } from './routes/steward/steward.ts'
import { addSignIn } from './routes/sign-in.ts'
import { addResearch } from './routes/research.ts'
import { addSeries } from './routes/series.ts'
import { addTrends } from './routes/trends.ts'

/** On every answer: what was accepted in these last seconds is not in it yet. */
const behindHeader = 'lamppost-behind-seconds'

/** A street's year by hours, 490 KB: 151 KB in 6 ms of processor time; at the usual 6 it is 144 KB in 18 ms. */
const gzipLevel = 4

/** Ready for `inject` or `listen`; `close` ends live streams and running exports first. */
export async function buildApi(deps: ApiDeps): Promise<Api> {
  const app: Api = fastify({
    logger: false,
    bodyLimit: payloadBytesMax,
    requestTimeout: minuteMs,
    // Boxes that send none are welcome; the doors look at those that there are.
    http: { requireHostHeader: false },
    trustProxy: (address) => deps.doors.isProxy(plainAddress(address)),
    // A download that is read slowly must not hold up the end of the hub; it is cut, and its reader sees that it was.
    forceCloseConnections: true,
    // Strict: nothing is converted and nothing unknown is silently dropped.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    // The answers are built by hand and tested against the schemas. Checking "number or null" again for each of 100,000
    // points of a series is what would make the generated serialisers slow, and they would hide what should not be there.
    schemaController: { compilersFactory: { buildSerializer: () => () => JSON.stringify } },
    frameworkErrors(error, request, reply) {
      const sentence = `${error.message}. Correct the address and try again.`
      if (request.url.startsWith(staPrefix)) void sendStaProblem(reply, 400, sentence)
      else void sendProblem(reply, new ApiProblem('requestBad', sentence))
    }
  }).withTypeProvider<TypeBoxTypeProvider>()

  answerProblems(app, deps.log)
  const doors = await openDoors(app, deps.doors, deps.log)
  const turn = takeTurn(deps.moves)
  const methods = watchMethods(app)

  await app.register(helmet, headers)
  await app.register(compress, {
    encodings: ['gzip'],
    globalDecompression: false,
    zlibOptions: { level: gzipLevel }
  })
  await app.register(swagger, {
    openapi: documentOf(deps),
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, i) => String(schema['$id'] ?? `schema${i}`)
    }
  })
  await app.register(
    async (api: Api) => {
      // Figures change every few seconds; a cache may keep an answer but has to ask whether it still holds.
      api.addHook('onSend', async (_request, reply) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache')
        reply.header(behindHeader, deps.behindS())
      })
      // What the event stream carries has no path of its own to be described at.
      api.addSchema({ $id: 'LiveReading', ...LiveReading })
      api.addSchema({ $id: 'LiveStreet', ...LiveStreet })
      api.addSchema({ $id: 'LiveBeat', ...LiveBeat })
      addAudiences(api, deps.accounts)
      addHub(api, deps)
      await api.register(async (read: Api) => {
        read.addHook('preHandler', turn)
        addPlaces(read, deps)
        addCorrections(read, deps)
      })
      addChanges(api, deps, doors.takeQuestion)
      addReadings(api, deps, { ...doors, turn })
      addExports(api, deps)
      addResearch(api, deps, { takeExport: doors.takeExport, turn })
      addLive(api, deps, doors.takeLive)
      addSignIn(api, deps, doors.takeSignIn)
      addMe(api, deps, doors.takeSignIn)
      addPasskeys(api, deps)
      addOwn(api, deps, doors.takeQuestion)
      addHosting(api, deps, doors)
      await addDiary(api, deps, doors.takeQuestion)
      addSteward(api, deps, doors.takeQuestion)
      await api.register(async (read: Api) => {
        read.addHook('preHandler', turn)
        addRecords(read, deps, doors)
      })
      await addAlerts(api, deps)
      await addDecode(api, deps, doors.takeDecode)
      addDocument(api)
      await api.register(async (asked: Api) => {
        asked.addHook('preHandler', doors.takeQuestion)
        asked.addHook('preHandler', turn)
        addSeries(asked, deps)
        addFigures(asked, deps)
        addTrends(asked, deps)
      })
    },
    { prefix: '/api/v1' }
  )
  addDocs(app, deps)
  await addSensorThings(app, deps, { takeQuestion: doors.takeQuestion, turn })
  addMachine(app, deps)
  addDatasets(app, deps)
  await addPush(app, deps, doors)
  await addDashboard(app, deps, { methods, turn, takeQuestion: doors.takeQuestion })
  await app.ready()
  return app
}

/**
 * Everything comes from the hub itself; nothing is inline and nothing may frame it. No HSTS: many hubs answer on plain
 * http in a home network, and where there is a certificate the proxy that holds it says so.
 */
const headers = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'font-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
      'form-action': ["'self'"]
    }
  },
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' }
} as const

function documentOf({ hub }: ApiDeps) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lamppost',
      version: hub.version,
      description:
        `Readings of ${hub.name}, measured by the people who live there. Data licence: ${hub.licence}. ` +
        'The sensors are no reference instruments: figures are indicative. Times are UTC; days are civil days of ' +
        `${hub.timezone}. Periods include "from" and exclude "until".`
    },
    tags: [
      { name: 'streets', description: 'Streets and their figures' },
      { name: 'sites', description: 'Single outdoor sites' },
      { name: 'numbers', description: 'Summaries, indices and limits, each with its coverage; indicative' },
      { name: 'readings', description: 'Bulk download' },
      { name: 'live', description: 'What happens now' },
      { name: 'sensorthings', description: 'OGC SensorThings 1.1, to read' },
      { name: 'account', description: "Signing in, and one's own account" },
      { name: 'steward', description: "The stewards' desk" },
      { name: 'hub', description: 'The hub itself' }
    ]
  }
}

function addDocument(api: Api): void {
  api.get('/openapi.json', { schema: { hide: true, querystring: NoQuery } }, () => api.swagger())
}
