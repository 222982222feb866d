/** A hub without MQTT for the API's tests: a real registry, readings in memory, a clock that stands, the real figures. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Api } from '../../api/app.ts'
import { buildApi } from '../../api/api.ts'
import type { Health } from '../../contract/hub.ts'
import { comeOut } from '../../figures/homes/come-out.ts'
import { streetFigures } from '../../figures/now/street-figures.ts'
import { dialectNames, explain } from '../../ingest/explain.ts'
import { FamilyDoor } from '../../ingest/family-door.ts'
import { MistakenBoxes } from '../../ingest/mistaken-boxes.ts'
import { PushDoor } from '../../ingest/push-door.ts'
import type { Fault } from '../../model/fault.ts'
import type { Accept } from '../../model/message.ts'
import type { Placement } from '../../model/place.ts'
import type { MeasuredQuantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { openAccounts } from '../../accounts/open.ts'
import type { Accounts } from '../../accounts/accounts.ts'
import { hourMs, minuteMs, parseIsoZoned, type Clock, type UnixMs } from '../../model/time.ts'
import { openPhotos } from '../../registry/photos.ts'
import { openRegistry } from '../../registry/open.ts'
import type { Photos } from '../../registry/promise/photos.ts'
import type { Credentials, Registry } from '../../registry/registry.ts'
import type { TouchedWindow } from '../../store/promise/keep.ts'
import type { ApiDeps } from '../../api/deps.ts'
import { sealedExport } from '../../documents/export/sealed.ts'
import { Moves } from '../../hub/moves.ts'
import { openDatasets, type KeptDatasets } from '../../hub/datasets/datasets.ts'
import { openExportDesk } from '../../hub/exports/desk.ts'
import { openDesk } from '../../hub/desk/desk.ts'
import { openHosting } from '../../hub/hosting/hosting.ts'
import { ChangeLog } from '../../store/changes/log.ts'
import { absent } from './absent.ts'
import { exportDeskRig } from './export-desk.ts'
import { liveFeed } from './live-feed.ts'
import { openSensorThings } from '../../sensorthings/service.ts'
import { openOwnDesks } from './own-desks.ts'
import { MemoryReadings } from './memory-readings.ts'

export const timezone = 'Europe/London'
/** A Monday, 10:20 in London and in UTC. */
export const start = at('2026-11-23T10:20:00Z')
export const intervalS = 600
/** When homes agreed that say so in `addSite`: before everything that these tests measure. */
const agreedAt = at('2026-09-01T00:00:00Z')

type HubReadings = ApiDeps['readings']

export interface TestHub {
  app: Api
  changes: ChangeLog
  datasets: KeptDatasets
  registry: Registry
  photos: Photos
  accounts: Accounts
  readings: MemoryReadings
  log: { errors: object[]; warnings: object[] }
  health: Health
  behind: { seconds: number }
  clock: { now(): UnixMs; set(now: UnixMs): void }
  lastSeen: Map<string, UnixMs>
  /** What was pushed and would be in the journal. */
  pushed: Pushed[]
  /** What the hosts of devices were told. */
  told: string[]
  /** As ingest does: durable first, then told. */
  store(batch: readonly Reading[]): void
  rollups(touched: readonly TouchedWindow[]): void
  addSite(
    streetId: string,
    placement?: Placement,
    more?: { homeId?: string; streetConsent?: boolean; isReference?: boolean; unauthenticated?: boolean }
  ): Credentials
  /** Lets out the days of homes that are due by its clock. */
  daysOut(): Promise<void>
  close(): Promise<void>
}

/** In place of the journal: nothing is kept when it gives an error; the answer waits for a promise, or never comes. */
export type Keep = () => Error | undefined | Promise<undefined> | 'never'

export interface Pushed {
  deviceId: string
  topic: string
  body: string
}

function aPushDoor(
  registry: Registry,
  clock: Clock,
  {
    pushed,
    told,
    allowUnauthenticated = [],
    keep = () => undefined
  }: {
    pushed: Pushed[]
    told: string[]
    allowUnauthenticated?: string[]
    keep?: Keep
  }
): { push: PushDoor; families: FamilyDoor } {
  const onFault = (deviceId: string, { code, message }: Fault): void =>
    void told.push(`${deviceId} ${code}: ${message}`)
  const accept: Accept = (deviceId, topic, payload, done) => {
    const answer = keep()
    if (answer === 'never') return
    if (!(answer instanceof Error)) pushed.push({ deviceId, topic, body: Buffer.from(payload).toString() })
    if (answer instanceof Promise) void answer.then(done)
    else setImmediate(() => done(answer))
  }
  const families = new FamilyDoor({ registry, accept, onFault, clock })
  const push = new PushDoor({
    registry,
    families,
    mistaken: new MistakenBoxes({ registry, onFault, clock }),
    allowUnauthenticated: new Set(allowUnauthenticated),
    onFault,
    clock
  })
  return { push, families }
}

export async function openTestHub(
  more: {
    built?: boolean
    /** Resolves when nothing is being erased. */
    erased?: () => Promise<void>
    /** The built page; without it, one that has no places to fill. */
    template?: string
    reader?: (readings: MemoryReadings) => HubReadings
    hub?: Partial<ApiDeps['hub']>
    /** Families that are taken without a secret. */
    allowUnauthenticated?: string[]
    keep?: Keep
    doors?: Partial<ApiDeps['doors']>
  } = {}
): Promise<TestHub> {
  const folder = await mkdtemp(join(tmpdir(), 'lamppost-api-'))
  const dashboardDir = join(folder, 'dist')
  if (more.built) await buildPages(dashboardDir, more.template)
  const registry = openRegistry({ file: join(folder, 'registry.sqlite') })
  const readings = new MemoryReadings(timezone)
  const reader = more.reader?.(readings) ?? readings
  const feed = liveFeed()
  const log = testLog()
  let now = start
  const clock = { now: () => now, set: (next: UnixMs) => void (now = next) }
  const health: Health = { status: 'ready', reasons: [], doing: [], version: '0.1.0' }
  const behind = { seconds: 0 }
  const lastSeen = new Map<string, UnixMs>()
  const accounts = openAccounts({
    file: join(folder, 'accounts.sqlite'),
    secretFile: join(folder, 'accounts.secret'),
    hubName: 'Testing Town',
    clock
  })
  const shared = { readings: reader, places: registry, live: feed.live, clock, log }
  const moves = new Moves()
  const figures = streetFigures({ ...shared, timezone, inTurn: (work) => moves.read(work) })
  const pushed: Pushed[] = []
  const told: string[] = []
  let lastExport = 0
  const exports = openExportDesk({
    ...exportDeskRig({ folder, reader, registry, clock, timezone, moves }),
    log,
    newId: () => `e-${++lastExport}`
  })
  registry.onChange(() => exports.endWithConsents())
  const changes = new ChangeLog(join(folder, 'changes.sqlite'), clock)
  const datasets = openDatasets({
    registry,
    readings: reader,
    makeExport: (request, encoding) => sealedExport(reader, request, encoding),
    clock,
    timezone,
    hubName: 'Testing Town',
    licence: 'CC BY 4.0',
    publicUrl: null,
    folder: join(folder, 'datasets'),
    enter: (overtaken) => moves.enter(overtaken),
    erased: more.erased ?? (() => Promise.resolve())
  })
  const { push, families } = aPushDoor(registry, clock, { pushed, told, ...more })
  const photos = openPhotos({ file: join(folder, 'photos.sqlite') })
  const hosting = openHosting({
    registry,
    photos,
    accounts,
    clock,
    timezone,
    hubName: 'Testing Town',
    directoryTold: () => Promise.resolve(),
    backups: null,
    families,
    moves: absent('moves'),
    isClosing: () => false,
    log,
    pipeline: absent('pipeline'),
    makeExport: absent('thread of exports'),
    eraser: absent('eraser')
  })
  const own = openOwnDesks({ registry, photos, clock, timezone, readings: reader })
  hosting.listensOn({ deviceHost: 'hub.local', mqttPort: 1883, httpPort: 8080, disconnect: () => undefined })
  const desk = openDesk({
    registry,
    accounts,
    clock,
    timezone,
    readings: reader,
    lastSeen: (deviceId) => lastSeen.get(deviceId),
    held: () => Promise.resolve([]),
    families,
    dataDir: folder,
    journal: { stats: () => ({ bytes: 0 }) },
    release: { version: '0.1.0', supportedUntil: '2028-11-30' },
    health: () => health,
    backups: null,
    backUp: () => Promise.reject(new Error('There is no folder for backups here.')),
    examine: () => Promise.resolve([]),
    moves: absent('moves'),
    isClosing: () => false,
    log,
    pipeline: absent('pipeline'),
    directoryTold: () => Promise.resolve()
  })
  desk.listensOn({ deviceHost: 'hub.local', mqttPort: 1883, httpPort: 8080, disconnect: () => undefined })
  const app = await buildApi({
    desk,
    moves,
    ...shared,
    accounts,
    people: registry,
    hosting,
    ...own.desks,
    figures,
    explain: { dialects: dialectNames, message: explain },
    push,
    exports,
    datasets,
    research: { consents: () => registry.consents(), secret: 'of this test' },
    changes: { changesSince: async (after, limit) => changes.since(after, limit) },
    lastSeen: (deviceId) => lastSeen.get(deviceId),
    health: () => health,
    behindS: () => behind.seconds,
    metrics: () => Promise.resolve('lamppost_readings_total 1\n'),
    things: openSensorThings({
      places: registry,
      readings: reader,
      facts: { licence: 'CC BY 4.0' },
      clock,
      breathe: () => Promise.resolve()
    }),
    hub: {
      name: 'Testing Town',
      timezone,
      licence: 'CC BY 4.0',
      version: '0.1.0',
      demo: false,
      mqttPort: 1883,
      publicMqtt: true,
      publicUrl: null,
      notice: { operator: null, contact: null, backupDays: null, readingDays: null },
      securityContact: 'mailto:steward@example.org',
      ...more.hub
    },
    doors: { isProxy: () => false, names: [], ...more.doors },
    dashboardDir
  })
  return {
    app,
    changes,
    datasets,
    registry,
    photos,
    accounts,
    readings,
    log,
    health,
    behind,
    clock,
    lastSeen,
    pushed,
    told,
    store(batch) {
      readings.write(batch)
      feed.stored(batch)
    },
    rollups: feed.rollups,
    addSite(streetId, placement = 'outdoor', { streetConsent = false, ...site } = {}) {
      const credentials = registry.addDevice({ streetId, placement, intervalS, ...site }, now)
      const { homeId } = registry.site(credentials.siteId)!
      if (streetConsent) registry.recordConsent({ homeId, purpose: 'street', by: 'Anna' }, agreedAt)
      readings.setInterval(credentials.deviceId, intervalS)
      return credentials
    },
    async daysOut() {
      const waitingSince = () => Promise.resolve(null)
      await comeOut({ readings: reader, registry, waitingSince, clock, timezone })
    },
    async close() {
      figures.close()
      await app.close()
      await exports.close()
      changes.close()
      await own.close()
      await accounts.close()
      photos.close()
      registry.close()
      await rm(folder, { recursive: true })
    }
  }
}

export function at(text: string): UnixMs {
  const moment = parseIsoZoned(text)
  if (moment === undefined) throw new Error(`The test's time ${text} cannot be read.`)
  return moment
}

export function reading(
  site: Credentials,
  quantity: MeasuredQuantity,
  measuredAt: UnixMs,
  value: number
): Reading {
  return {
    siteId: site.siteId,
    deviceId: site.deviceId,
    quantity,
    measuredAt,
    receivedAt: (measuredAt + 1_000) as UnixMs,
    value,
    flag: 1,
    reasons: 0,
    sequence: 1,
    importId: 0
  }
}

/** A reading every ten minutes in [from, until). */
export function steady(
  site: Credentials,
  quantity: MeasuredQuantity,
  from: UnixMs,
  until: UnixMs,
  value: number | ((at: UnixMs) => number)
): Reading[] {
  const batch: Reading[] = []
  for (let time = from; time < until; time = (time + 10 * minuteMs) as UnixMs) {
    batch.push(reading(site, quantity, time, typeof value === 'number' ? value : value(time)))
  }
  return batch
}

export function hoursBefore(moment: UnixMs, hours: number): UnixMs {
  return (moment - hours * hourMs) as UnixMs
}

function testLog() {
  const errors: object[] = []
  const warnings: object[] = []
  return {
    errors,
    warnings,
    error: (fields: object) => void errors.push(fields),
    warn: (fields: object) => void warnings.push(fields),
    info: () => undefined
  }
}

/** A built page with the places that the hub fills. */
export const fillableTemplate =
  '<!doctype html><head><title>Lamppost</title><meta name="description" content="" />' +
  '<link rel="stylesheet" crossorigin href="/assets/index-abc123.css"></head>' +
  '<noscript></noscript><div id="app"></div>'

export const builtScript = 'export {}\n'
export const builtStyles = 'body{margin:0}'

async function buildPages(
  folder: string,
  template = '<!doctype html><title>Lamppost</title>'
): Promise<void> {
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'index.html'), template)
  await writeFile(join(folder, 'assets', 'index-abc123.js'), builtScript)
  await writeFile(join(folder, 'assets', 'index-abc123.js.br'), brotliCompressSync(builtScript))
  await writeFile(join(folder, 'assets', 'index-abc123.css'), builtStyles)
  await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
}
