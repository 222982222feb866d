/** A small stand-in for the hub's HTTP side, for browser tests of the dashboard: fixed answers, the hub's own CSP. */
import { createReadStream, existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import type { ExportReceipt } from '../../contract/export.ts'
import type { LiveReading, LiveStreet } from '../../contract/live.ts'
import { definitionOf, isQuantity, type Quantity } from '../../model/quantity.ts'
import { liveHeartbeatMs } from '../../model/limits.ts'
import { dayMs, dayStarts, minuteMs, systemClock, type UnixMs } from '../../model/time.ts'
import { fixtureNeighbourhood, fixtureZone, hours, type FixtureNeighbourhood } from './fixture-street.ts'

/** full: all well; bare: no street; streets: streets without a sensor; waiting: no reading yet; faulty: ill sensors; homes: sensors in homes alone. */
export type Scenario = 'full' | 'bare' | 'streets' | 'waiting' | 'faulty' | 'homes' | 'late' | 'down'

export interface FixtureApi {
  url: string
  /** What the hub is like from now on. */
  scenario(name: Scenario): void
  reading(event: LiveReading): void
  street(event: LiveStreet): void
  /** What time it is at the hub. */
  beat(at: number): void
  close(): Promise<void>
}

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

export async function startFixtureApi(dashboardDir: string, now: UnixMs, port = 0): Promise<FixtureApi> {
  const full = fixtureNeighbourhood(now)
  const faulty = fixtureNeighbourhood(now, true)
  let scenario: Scenario = 'full'
  const viewers = new Set<ServerResponse>()

  const server = createServer((request, response) => {
    response.setHeader('content-security-policy', contentSecurityPolicy)
    const url = new URL(request.url ?? '/', 'http://hub')
    if (!url.pathname.startsWith('/api/')) return sendFile(response, dashboardDir, url.pathname)
    if (scenario === 'down') return request.socket.destroy()
    if (url.pathname === '/api/v1/live') return watch(request, response, viewers)
    answer(response, url, scenario === 'faulty' ? faulty : full, scenario)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  const send = (name: string, event: object): void => {
    for (const viewer of viewers) viewer.write(`event: ${name}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  return {
    url: addressOf(server),
    scenario: (name) => (scenario = name),
    reading: (event) => send('reading', event),
    street: (event) => send('street', event),
    beat: (at) => send('beat', { at }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The fixture listens on no port.')
  return `http://127.0.0.1:${address.port}`
}

function watch(request: IncomingMessage, response: ServerResponse, viewers: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write('retry: 1000\n\n')
  const beat = (): boolean => response.write(`event: beat\ndata: {"at":${systemClock.now()}}\n\n`)
  beat()
  const beats = setInterval(beat, liveHeartbeatMs)
  viewers.add(response)
  request.on('close', () => {
    clearInterval(beats)
    viewers.delete(response)
  })
}

function answer(response: ServerResponse, url: URL, place: FixtureNeighbourhood, scenario: Scenario): void {
  const streets =
    scenario === 'bare'
      ? []
      : place.streets.map((one) => (hasSensors(scenario) ? one : emptied(one, scenario)))
  const [, , , kind, id, series] = url.pathname.split('/')
  const street = streets.find((one) => one.id === id)
  if (scenario === 'late') response.setHeader('lamppost-behind-seconds', 14 * 60)
  if (kind === 'hub') return sendJson(response, hubInfo(streets, scenario))
  if (kind === 'corrections') {
    return sendJson(response, { corrections: [], recomputing: { hoursLeft: 0, hoursTotal: 0 } })
  }
  if (kind === 'readings' && id === 'exports') return sendJson(response, orderedExport(series ?? ''))
  if (kind === 'readings') {
    const isLarge = url.searchParams.get('format') === 'jsonl'
    return sendJson(response, { rows: 1_234_567, bytes: isLarge ? 246_913_400 : 98_765_432 })
  }
  if (kind === 'streets' && id === undefined)
    return sendJson(
      response,
      streets.map(({ sites: _sites, ...summary }) => summary)
    )
  if (kind === 'streets' && street && series === undefined) return sendJson(response, street)
  const name = url.searchParams.get('quantity') ?? ''
  const from = Number(url.searchParams.get('from'))
  const until = Number(url.searchParams.get('until'))
  const window = url.searchParams.get('window') === 'day' ? 'day' : 'hour'
  if (kind === 'streets' && street && isQuantity(name)) {
    return sendJson(response, place.streetSeries(street.id, name, from, until, window))
  }
  if (kind === 'sites' && id && isQuantity(name)) {
    return sendJson(
      response,
      siteSeries(place, id, name, from, until, url.searchParams.get('window') ?? 'auto')
    )
  }
  sendJson(
    response,
    {
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      detail: 'There is nothing here.',
      code: 'notFound'
    },
    404
  )
}

/** "e-making" is on its way, "e-failed" came to nothing, and every other is there. */
function orderedExport(id: string): ExportReceipt {
  const state = id === 'e-making' ? 'making' : id === 'e-failed' ? 'failed' : 'whole'
  return {
    ...{
      id,
      state,
      format: 'jsonl',
      query: { format: 'jsonl' },
      licence: 'CC BY 4.0',
      publisher: 'Mill Quarter'
    },
    methods: { lamppost: '0.1.0', corrections: [] },
    rows: state === 'whole' ? 1_234_567 : null,
    bytes: state === 'failed' ? null : 246_913_400,
    sha256: state === 'whole' ? 'ab'.repeat(32) : null,
    file: state === 'whole' ? `/api/v1/readings/exports/${id}/file` : null,
    startedAt: '2026-11-23T10:00:00.000Z',
    endedAt: state === 'making' ? null : '2026-11-23T10:01:00.000Z',
    expiresAt: '2026-11-30T10:00:00.000Z',
    problem: state === 'failed' ? 'The disk of the hub is full. Ask for less, or later.' : null
  }
}

const hasSensors = (scenario: Scenario): boolean => ['full', 'faulty', 'late'].includes(scenario)

function emptied(street: FixtureNeighbourhood['streets'][number], scenario: Scenario): typeof street {
  if (scenario === 'homes') {
    const ofHomes = Object.entries(street.latest).filter(([, { basis }]) => basis === 'homes')
    return { ...street, latest: Object.fromEntries(ofHomes), sites: [], outdoorSites: 0 }
  }
  const sites =
    scenario === 'waiting'
      ? street.sites.slice(0, 1).map((site) => ({ ...site, state: 'never' as const, latest: {} }))
      : []
  return { ...street, latest: {}, sites, outdoorSites: sites.length }
}

function hubInfo(streets: FixtureNeighbourhood['streets'], scenario: Scenario): object {
  return {
    name: 'Mill Quarter',
    timezone: fixtureZone,
    now: systemClock.now(),
    licence: 'CC BY 4.0',
    version: '0.1.0',
    streets: streets.length,
    sites: streets.reduce((sum, { sites }) => sum + sites.length, 0),
    demo: scenario === 'full',
    mqttPort: 1883,
    notice:
      scenario === 'full'
        ? {
            operator: 'Mill Quarter Residents’ Association',
            contact: 'mailto:hub@millquarter.example',
            backupDays: 7,
            readingDays: null
          }
        : { operator: null, contact: null, backupDays: null, readingDays: null }
  }
}

function siteSeries(
  place: FixtureNeighbourhood,
  siteId: string,
  quantity: Quantity,
  from: number,
  until: number,
  window: string
): object {
  const facts = { quantity, unit: definitionOf(quantity).unit }
  const value = (at: number): number | null => place.siteValue(siteId, quantity, at)
  if (window === 'auto' && until - from <= 8 * dayMs) {
    const time: number[] = []
    for (let at = from; at < until; at += 10 * minuteMs) if (value(at) !== null) time.push(at)
    const flag = time.map((_at, i) => flagOf(siteId, quantity, i))
    const sent = time.map((at, i) => (flag[i] === 3 ? 999.9 : value(at)))
    return { ...facts, window: 'raw', time, value: sent, flag }
  }
  const days = window === 'day' || until - from > 90 * dayMs
  const time = days ? dayStarts(from as UnixMs, until as UnixMs, fixtureZone).map(Number) : hours(from, until)
  const mean = time.map(value)
  const none = time.map(() => null)
  const coverage = mean.map((one) => (one === null ? null : 0.98))
  const rest = { min: none, max: none, p10: none, p50: none, p90: none, count: time.map(() => 6), coverage }
  return { ...facts, window: days ? 'day' : 'hour', time, mean, ...rest }
}

/** The sensors of one street are at the end of their scale once, and wrong twice. */
function flagOf(siteId: string, quantity: Quantity, place: number): number {
  if (!siteId.startsWith('canal-row') || quantity !== 'pm2_5') return 1
  return place === 20 ? 3 : place === 30 || place === 31 ? 4 : 1
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff'
}

/** Every address without a file is the one page, as the hub does it. */
function sendFile(response: ServerResponse, folder: string, path: string): void {
  const wanted = join(folder, path)
  const file =
    path !== '/' && wanted.startsWith(folder) && existsSync(wanted) ? wanted : join(folder, 'index.html')
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
  createReadStream(file).pipe(response)
}
