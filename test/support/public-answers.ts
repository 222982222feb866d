/**
 * Everything that somebody outside can ask a hub: every path of its OpenAPI document in every format and window, its pages,
 * and what is retained on MQTT. A parameter that nobody taught this file fails, so that no new answer is left out.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import mqtt, { type MqttClient } from 'mqtt'

export interface AskedHub {
  url: string
  mqttPort: number
}

export interface Wanted {
  streets: readonly string[]
  /** Public ones, and those for which the answer must be that there is none. */
  sites: readonly string[]
  quantities: readonly string[]
  from: number
  until: number
  /** A moment for what is about one. */
  at: number
}

export type Answers = Map<string, string>

interface Operation {
  parameters?: { name: string; in: 'path' | 'query'; required?: boolean }[]
}

/** Somebody's own, and what has no answer that stands still. */
const isLeft = (path: string): boolean => /^\/api\/v1\/((me|research)(\/|$)|live$)/.test(path)

export async function publicAnswers(
  hub: AskedHub,
  wanted: Wanted,
  isAsked = (_url: string): boolean => true
): Promise<Answers> {
  const document = (await (await ask(hub, '/api/v1/openapi.json')).json()) as {
    paths: Record<string, { get?: Operation }>
  }
  const urls = Object.entries(document.paths).flatMap(([path, { get }]) =>
    get && !isLeft(path) ? urlsOf(path, get, wanted) : []
  )
  const answers: Answers = new Map()
  answers.set('/api/v1/openapi.json', JSON.stringify(document))
  const pages = [
    '/',
    ...wanted.streets.flatMap((id) => [
      `/streets/${id}`,
      `/streets/${id}/poster`,
      `/embed/streets/${id}`,
      `/og/streets/${id}.png`
    ]),
    ...wanted.sites.map((id) => `/sites/${id}`),
    ...['/compare', '/data', '/methods', '/privacy', '/datasets', '/datasets/catalog.jsonld', '/api/docs'],
    '/metrics',
    ...sensorThings(wanted).map((query) => `/sta/v1.1/${query}`),
    '/.well-known/security.txt'
  ]
  for (const url of [...urls, ...pages].filter(isAsked)) answers.set(url, await answerOf(hub, url))
  return answers
}

/** What differs, shortly, the first few of them; empty when nothing does. */
export function differences(
  before: Answers,
  after: Answers,
  isAsked = (_url: string): boolean => true
): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((url) => isAsked(url) && before.get(url) !== after.get(url))
    .slice(0, 5)
    .map((url) => {
      const [old, now] = [before.get(url), after.get(url)]
      return `${url}\n  before ${firstDifference(old, now)}\n  after  ${firstDifference(now, old)}`
    })
}

function firstDifference(text = 'no answer', other = 'no answer'): string {
  const at = [...text].findIndex((character, i) => character !== other[i])
  return text.slice(Math.max(0, at - 60), at + 100)
}

async function answerOf(hub: AskedHub, url: string): Promise<string> {
  const answer = await ask(hub, url)
  if (answer.status === 500) throw new Error(`The hub failed to answer ${url}.`)
  const bytes = Buffer.from(await answer.arrayBuffer())
  const type = answer.headers.get('content-type') ?? ''
  const isText = /json|text|javascript/.test(type)
  const passing = /"(now|settledUntil)":(\d+|"[^"]*")/
  // A hub that was started again has another port, and its links too.
  const text = bytes
    .toString()
    .replace(passing, '"$1":0')
    .replaceAll(/As of \d\d:\d\d/g, 'Now')
    .replaceAll(hub.url, '')
  if (isText) return `${answer.status} ${type} ${headersOf(answer)} ${text}`
  // A file says which one it is, and when it was made.
  const body = bytes.toString('latin1').replaceAll(/e-[0-9a-f]{20}|\d{4}-\d\d-\d\dT[\d:.]{12}Z/g, 'now')
  return `${answer.status} ${type} ${createHash('sha256').update(body).digest('hex')}`
}

/** Those that may tell of what was asked for; the others are of the connection, or of whoever asks. */
const toldHeaders = [
  'etag',
  'last-modified',
  'cache-control',
  'expires',
  'age',
  'vary',
  'content-disposition',
  'server-timing'
]

function headersOf({ headers }: Response): string {
  return toldHeaders.map((name) => headers.get(name) ?? '').join('|')
}

let asked = 0

/** Each from an address of its own, as a proxy would say: what is limited here is not what is looked for. */
async function ask({ url }: AskedHub, path: string): Promise<Response> {
  const number = ++asked
  const address = `198.18.${(number >> 8) & 255}.${number & 255}`
  return fetch(url + path, { headers: { 'x-forwarded-for': address } })
}

function urlsOf(path: string, { parameters = [] }: Operation, wanted: Wanted): string[] {
  const samples = samplesOf(path, wanted)
  const names = parameters.map(({ name }) => name)
  const unknown = names.filter((name) => !(name in samples))
  if (unknown.length > 0) throw new Error(`Say what to ask for ${unknown.join(', ')} of ${path}.`)
  // A path's required parameters with all their samples; of the others each sample by itself.
  const needed = parameters.filter(({ required }) => required)
  const optional = parameters.filter(({ required, name }) => !required && !alwaysGiven.has(name))
  const given = parameters.filter(({ required, name }) => !required && alwaysGiven.has(name))
  const bases = [...needed, ...given].reduce<Record<string, string>[]>(
    (list, { name }) => list.flatMap((base) => samples[name]!.map((value) => ({ ...base, [name]: value }))),
    [{}]
  )
  const pairs = pairsOf[path.replace('/api/v1', '')] ?? []
  const isPaired = (name: string): boolean => pairs.flat().includes(name)
  const choices: Record<string, string>[] = [
    {},
    ...optional.flatMap(({ name }) =>
      isPaired(name) ? [] : samples[name]!.map((value) => ({ [name]: value }))
    ),
    ...pairs.flatMap(([a, b]) =>
      samples[a]!.flatMap((one) => samples[b]!.map((other) => ({ [a]: one, [b]: other })))
    )
  ]
  // Other quantities go the same way: one street shows it.
  const isWanted = (base: Record<string, string>): boolean =>
    base['quantity'] === undefined ||
    base['quantity'] === wanted.quantities[0] ||
    base['id'] === wanted.streets[0]
  return bases
    .filter(isWanted)
    .flatMap((base) => choices.map((choice) => urlOf(path, { ...base, ...choice })))
}

/** Where nobody says it, it is what the hub's clock shows. */
const alwaysGiven = new Set(['from', 'until', 'at'])

/** Of these every combination matters. */
const pairsOf: Record<string, [string, string][]> = {
  '/streets/{id}/series': [['window', 'placement']],
  '/readings': [
    ['format', 'window'],
    ['layout', 'window']
  ]
}

function samplesOf(path: string, wanted: Wanted): Record<string, readonly string[]> {
  const isSeries = path.endsWith('/streets/{id}/series')
  const isOfStreet = isSeries || path.endsWith('/streets/{id}')
  const two = <T>(list: readonly T[]): readonly T[] => [list[0]!, list.at(-1)!]
  return {
    id: path.includes('/sites/')
      ? wanted.sites
      : path.includes('/exports/')
        ? ['e-00000000000000000000']
        : isOfStreet
          ? wanted.streets
          : two(wanted.streets),
    code: ['nobody'],
    quantity: isSeries ? wanted.quantities : wanted.quantities.slice(0, 1),
    from: [String(wanted.from)],
    until: [String(wanted.until)],
    at: [new Date(wanted.at).toISOString()],
    window:
      path.endsWith('/readings') || path.endsWith('/estimate')
        ? ['raw', 'hour', 'day']
        : path.includes('/sites/')
          ? ['raw', 'hour', 'day']
          : ['hour', 'day'],
    placement: ['outdoor', 'indoor'],
    format: ['csv', 'jsonl', 'parquet', 'arrow'],
    values: ['raw', 'corrected'],
    layout: ['long', 'wide', 'openaq'],
    flags: ['all'],
    derived: ['dew_point,absolute_humidity'],
    street: two(wanted.streets),
    site: wanted.sites,
    reference: wanted.sites,
    control: two(wanted.streets),
    // These say how an answer is written, and not of what.
    unit: [],
    timezone: [],
    percentiles: [],
    // The newest one is given without it, and differs where anything changed.
    cursor: [],
    coverageMin: ['0'],
    by: ['hour', 'day', 'month'],
    scale: ['uk-daqi', 'us-aqi'],
    $filter: ['id gt 0'],
    $orderby: ['id desc'],
    $top: ['3'],
    $skip: ['1'],
    $count: ['true'],
    $select: ['id'],
    // What it leads to is asked for in `sensorThings`.
    $expand: [],
    $resultFormat: ['dataArray', 'CSV']
  }
}

/** Each kind of entity with what hangs on it, and what was measured. */
function sensorThings({ from, until }: Wanted): string[] {
  const time = (at: number): string => new Date(at).toISOString()
  const period = `phenomenonTime ge ${time(from)} and phenomenonTime lt ${time(until)}`
  return [
    'Things?$count=true&$expand=Locations,HistoricalLocations,Datastreams($expand=Sensor,ObservedProperty)',
    'Datastreams?$count=true&$top=1000',
    'Locations?$count=true&$expand=Things',
    'HistoricalLocations?$count=true',
    'Sensors?$count=true',
    'ObservedProperties?$count=true&$expand=Datastreams($count=true)',
    'FeaturesOfInterest?$count=true',
    `Observations?$count=true&$top=1000&$orderby=phenomenonTime asc&$filter=${period}`,
    `Observations?$resultFormat=dataArray&$top=50000&$filter=${period}`
  ].map((query) => query.replaceAll(' ', '%20'))
}

function urlOf(path: string, values: Record<string, string>): string {
  const query = new URLSearchParams()
  let url = path
  for (const [name, value] of Object.entries(values)) {
    if (url.includes(`{${name}}`)) url = url.replace(`{${name}}`, encodeURIComponent(value))
    else query.set(name, value)
  }
  return query.size > 0 ? `${url}?${query}` : url
}

/** What somebody hears who follows the streets live, over HTTP and over MQTT, without a name. */
export interface Following {
  /** What came since the last time this was asked, without the beats of the clock. */
  heard(): string[]
  /** What a newcomer is given at once. */
  retained(): Record<string, string>
  close(): Promise<void>
}

export async function follow({ url, mqttPort }: AskedHub): Promise<Following> {
  let heard: string[] = []
  const retained: Record<string, string> = {}
  const ending = new AbortController()
  const live = await fetch(`${url}/api/v1/live`, { signal: ending.signal })
  const reading = readEvents(live, (event) => heard.push(event)).catch((cause: unknown) => {
    if (!ending.signal.aborted) throw cause
  })
  const client: MqttClient = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { reconnectPeriod: 0 })
  client.on('message', (topic, payload) => {
    heard.push(`${topic} ${payload.toString()}`)
    if (payload.length > 0) retained[topic] = payload.toString()
    else delete retained[topic]
  })
  await client.subscribeAsync(['streets/#', 'v1.1/#'])
  await sleep(200)
  return {
    heard() {
      const since = heard
      heard = []
      return since
    },
    retained: () => ({ ...retained }),
    async close() {
      ending.abort()
      await reading
      await client.endAsync(true)
    }
  }
}

async function readEvents(answer: Response, take: (event: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of answer.body!) {
    text += decoder.decode(bytes as Uint8Array, { stream: true })
    const events = text.split('\n\n')
    text = events.pop()!
    for (const event of events) if (!/^event: beat/m.test(event)) take(event)
  }
}
