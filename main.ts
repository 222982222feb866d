/** The hub: every room opened in flow order, joined, and closed in flow order. Nothing here knows how a room works. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { buildApi } from './api/api.ts'
import { clientOf } from './api/doors/client.ts'
import { answersTo } from './api/doors/names.ts'
import { listenSecurely } from './api/https.ts'
import type { Broker } from './broker/broker.ts'
import { startBroker } from './broker/start.ts'
import { readTls, type TlsFiles } from './broker/tls.ts'
import type { Config } from './config.ts'
import { erasuresBesideName } from './hub/data-folder.ts'
import { streetFigures, type StreetFigures } from './figures/now/street-figures.ts'
import { dashboardUrl, deviceHost } from './hub/addresses.ts'
import { renewCertificates } from './hub/certificates.ts'
import { Closing } from './hub/closing.ts'
import { keepComingOut } from './hub/coming-out.ts'
import type { FindCommand, HubDoors } from './hub/control/command.ts'
import { startControl } from './hub/control/server.ts'
import { collectDeviceProblems, problemTopics, type DeviceProblems } from './hub/device-problems.ts'
import { openExportDesk } from './hub/exports/desk.ts'
import { endPasswords } from './hub/ending-passwords.ts'
import { watchHealth, type HealthWatch } from './hub/health.ts'
import { startForwarding } from './hub/forwarding.ts'
import { openHosting, type Hosting } from './hub/hosting/hosting.ts'
import { createLiveFeed, type LiveSource } from './hub/live-feed.ts'
import { watchMetrics, type Metrics } from './hub/metrics.ts'
import { openRooms, type Rooms, type RoomsLog } from './hub/rooms.ts'
import { startRetention } from './hub/retention.ts'
import { logShortOfConsents } from './hub/short-of-consents.ts'
import { startStreetTopics } from './hub/street-topics.ts'
import { dialectNames, explain } from './ingest/explain.ts'
import { FamilyDoor } from './ingest/family-door.ts'
import { MistakenBoxes } from './ingest/mistaken-boxes.ts'
import { PushDoor } from './ingest/push-door.ts'
import { trustedProxies } from './hub/trusted-proxies.ts'
import { about, supportNotices } from './hub/version.ts'
import { backUp } from './operate/backup/back-up.ts'
import { startSchedule, type Schedule } from './operate/backup/schedule.ts'

export interface Hub {
  rooms: Rooms
  httpPort: number
  mqttPort: number
  /** Days of homes come out from now on; a hub that was not told to wait does it by itself. */
  beginComingOut(): Promise<void>
  /** undefined where MQTT over TLS is off. */
  mqttsPort: number | undefined
  /** Stops in flow order; what was accepted is on disk. Safe to call twice. */
  stop(): Promise<void>
}

export interface HubLog extends RoomsLog {
  debug(fields: object, message: string): void
}

export interface HubOptions {
  version: string
  demo: boolean
  /** Days of homes do not come out until `beginComingOut` is called. */
  daysWait?: boolean
  log: HubLog
  /** What the control socket runs. */
  commands: FindCommand
  onFatal(cause: Error): void
}

/** How often the hub looks at itself. */
const healthEveryMs = 5_000

/** The rooms in flow order: what is opened later is closed earlier. */
export async function startHub(config: Config, options: HubOptions): Promise<Hub> {
  const closing = new Closing()
  try {
    // Before anything listens: a certificate that does not fit ends the start.
    const tls = config.mqtts ? readTls(config.mqtts) : undefined
    const joint = await openInnerRooms(config, options, closing)
    const backups = scheduleBackups(joint)
    const release = about()
    const health = watchHealth(joint.rooms, options.version, () => [
      ...(backups?.failing() ?? []),
      ...supportNotices(release, joint.rooms.clock.now())
    ])
    const doors = openFamilies(joint)
    const { api, showMetrics } = await openApi(joint, health, doors)
    const broker = await openBroker(joint, tls, doors)
    showMetrics(watchMetrics(joint.rooms, broker, health.current))
    broker.attachWebSocket(api.server, webSocketDoor(config))
    forgetErased(joint, broker)
    publishStreets(joint, broker)
    const { live, rooms } = joint
    const { registry, clock } = rooms
    closing.add(startForwarding({ registry, live, onFault: doors.problems.note, clock }))
    const ports = { httpPort: portOf(api.server.address()), mqttPort: broker.port }
    doors.mistaken.listensOn({ http: ports.httpPort, mqtt: ports.mqttPort, mqtts: broker.tlsPort ?? null })
    await openControl(joint, broker, doors, () => ({
      ...ports,
      mqttsPort: broker.tlsPort ?? null,
      reasons: health.reasons()
    }))
    await keepLooking(joint, health)
    const comingOut = keepComingOut(joint.rooms, options.log)
    closing.add(() => comingOut.stop())
    if (!options.daysWait) void comingOut.begin()
    return {
      rooms: joint.rooms,
      ...ports,
      mqttsPort: broker.tlsPort,
      beginComingOut: () => comingOut.begin(),
      stop: () => closing.all()
    }
  } catch (cause) {
    await closing.all()
    throw cause
  }
}

/** MQTT from a browser comes through the same names and proxies as its pages. */
function webSocketDoor({ proxies, names }: Config) {
  const isProxy = trustedProxies(proxies)
  return {
    path: '/mqtt',
    mayCome: ({ headers }: IncomingMessage) => answersTo(headers.host, names),
    addressOf: (request: IncomingMessage) => clientOf(request, isProxy)
  }
}

/** What every step needs. */
interface Joint {
  config: Config
  options: HubOptions
  closing: Closing
  rooms: Rooms
  live: LiveSource
  figures: StreetFigures
}

/** Registry, journal and pipeline, and the newest figures of every street, which the API and MQTT share. */
async function openInnerRooms(config: Config, options: HubOptions, closing: Closing): Promise<Joint> {
  const { log, onFatal } = options
  const { dataDir, name: hubName, timezone, influx, journalBytesMax } = config
  const kind = options.demo ? 'demo' : 'hub'
  const rooms = await openRooms({ dataDir, hubName, timezone, influx, kind, journalBytesMax, log, onFatal })
  closing.add(() => rooms.close())
  const { registry, pipeline, clock } = rooms
  logShortOfConsents(registry, log)
  const retention = startRetention({ registry, service: pipeline.service, clock, timezone, log })
  closing.add(() => retention.stop())
  const live = createLiveFeed()
  pipeline.on('stored', live.stored)
  pipeline.on('rollups', live.rollups)
  const figures = streetFigures({
    readings: pipeline.service,
    places: registry,
    inTurn: (work) => rooms.moves.read(work),
    live,
    clock,
    timezone,
    log
  })
  closing.add(() => figures.close())
  return { config, options, closing, rooms, live, figures }
}

/** An invented neighbourhood is not worth a backup, and must not push real ones out of the same folder. */
function scheduleBackups({ config, options, closing, rooms }: Joint): Schedule | undefined {
  if (!config.backups || options.demo) return undefined
  const schedule = startSchedule({
    settings: config.backups,
    timezone: config.timezone,
    clock: rooms.clock,
    backUp: (file) => backUp(rooms, file, () => undefined),
    log: options.log
  })
  closing.add(() => schedule.stop())
  return schedule
}

/** What is common to the doors of MQTT and HTTP. */
interface Doors {
  families: FamilyDoor
  push: PushDoor
  mistaken: MistakenBoxes
  /** What hosts change on the web. */
  hosting: Hosting
  /** What is wrong with messages goes to problem lists and, once there is a broker, to `problems` topics. */
  problems: DeviceProblems
  publishWith(broker: Broker): void
}

/** Which topics and paths each family of boxes uses, and whose a gateway's messages are. */
function openFamilies({ config, options, closing, rooms }: Joint): Doors {
  const { registry, pipeline, clock } = rooms
  let publishProblems: ReturnType<typeof problemTopics> = () => undefined
  const problems = collectDeviceProblems((noted) => {
    registry.recordProblems(noted)
    publishProblems(noted)
  })
  closing.add(() => problems.stop())
  const { note: onFault } = problems
  const families = new FamilyDoor({ registry, accept: rooms.accept, onFault, clock })
  const { allowUnauthenticated } = config
  const mistaken = new MistakenBoxes({ registry, onFault, clock })
  const push = new PushDoor({ registry, families, mistaken, allowUnauthenticated, onFault, clock })
  return {
    families,
    push,
    mistaken,
    hosting: openHosting({ ...rooms, hubName: config.name, families, backups: config.backups }),
    problems,
    publishWith(broker) {
      publishProblems = problemTopics(broker, notPublished(options.log))
      pipeline.on('problems', publishProblems)
    }
  }
}

/** Listens before the broker does: whoever looks sees that the hub is starting. */
async function openApi(joint: Joint, health: HealthWatch, { push, hosting }: Doors) {
  const { config, options, closing, rooms, live, figures } = joint
  const exports = openExportDesk({
    file: rooms.folder.exportsFile,
    make: rooms.makeExport,
    clock: rooms.clock,
    newId: () => `e-${randomBytes(10).toString('hex')}`
  })
  closing.add(() => exports.close())
  let metrics: Metrics | undefined
  const api = await buildApi({
    readings: rooms.pipeline.service,
    exports,
    places: rooms.registry,
    moves: rooms.moves,
    accounts: rooms.accounts,
    people: rooms.registry,
    hosting,
    live,
    figures,
    lastSeen: rooms.lastSeen,
    health: health.current,
    behindS: health.behindS,
    metrics: () => metrics?.text() ?? Promise.resolve(''),
    push,
    explain: { dialects: dialectNames, message: explain },
    hub: {
      name: config.name,
      timezone: config.timezone,
      licence: config.dataLicence,
      securityContact: config.securityContact,
      version: options.version,
      demo: options.demo,
      mqttPort: config.mqttPort,
      notice: {
        operator: config.operator,
        contact: config.operatorContact,
        backupDays: config.backups?.keep ?? null,
        readingDays: config.influx?.retentionDays ?? null
      }
    },
    doors: { isProxy: trustedProxies(config.proxies), names: config.names },
    clock: rooms.clock,
    dashboardDir: join(import.meta.dirname, 'dashboard', 'dist'),
    log: options.log
  })
  closing.add(() => api.close())
  const secureTls = config.https ? readTls(config.https) : undefined
  await api.listen({ host: config.host, port: config.httpPort })
  if (config.https && secureTls) {
    const door = await listenSecurely(api, secureTls, config.host)
    closing.add(() => door.close())
    const watching = renewCertificates(
      { settings: config.https, tls: secureTls, door, name: 'HTTPS' },
      options.log
    )
    closing.add(() => watching.stop())
  }
  return { api, showMetrics: (watched: Metrics) => void (metrics = watched) }
}

/** The door for sensors that speak MQTT. */
async function openBroker(joint: Joint, tls: TlsFiles | undefined, doors: Doors): Promise<Broker> {
  const { config, options, closing, rooms } = joint
  const { registry, clock, presence } = rooms
  const { log } = options
  const { families, push } = doors
  const broker = await startBroker(
    {
      verify: (deviceId, secret) => registry.verify(deviceId, secret),
      accept: (...message) => families.accept(...message),
      topicUse: (deviceId, topic) => families.topicUse(deviceId, topic),
      openDevice: (clientId) => push.byClientId(clientId),
      publicRead: config.publicMqtt,
      onFault: doors.problems.note,
      onMistake: (mistake) => doors.mistaken.refused(mistake),
      topicHint: (deviceId, topic) => doors.mistaken.topicHint(deviceId, topic),
      onPresence(deviceId, change, at) {
        presence.note(deviceId, { kind: change === 'online' ? 'connected' : change }, at)
        log.debug({ deviceId, change }, 'presence')
      },
      clock,
      log
    },
    {
      host: config.host,
      mqttPort: config.mqttPort,
      isProxy: trustedProxies(config.proxies),
      ...(tls ? { tls } : {})
    }
  )
  closing.add(() => broker.stop())
  closing.add(() => rooms.paused.stop())
  doors.publishWith(broker)
  if (config.mqtts && tls) {
    const renewed = { settings: config.mqtts, tls, door: broker, name: 'MQTT over TLS' }
    const watching = renewCertificates(renewed, log)
    closing.add(() => watching.stop())
  }
  const ending = endPasswords(registry, broker, clock)
  closing.add(() => ending.stop())
  return broker
}

function notPublished(log: HubLog): (cause: unknown) => void {
  return (cause) => log.warn({ cause: String(cause) }, 'A topic could not be published.')
}

/** What is erased is nowhere in memory either, and those who restore a backup hear of it. */
function forgetErased({ config, rooms }: Joint, broker: Broker): void {
  rooms.eraser.onErase(async ({ deviceIds }) => {
    for (const deviceId of deviceIds) await broker.forget(deviceId)
  })
  if (config.backups) rooms.eraser.addListFile(join(config.backups.dir, erasuresBesideName))
}

function publishStreets({ options: { log }, closing, rooms, figures, live }: Joint, broker: Broker): void {
  let told = rooms.registry.publishedChanges()
  closing.add(
    rooms.registry.onChange(() => {
      // Whatever else changed: a live page must not show that somebody added a sensor indoors.
      const known = rooms.registry.publishedChanges()
      if (known > told) figures.homesChanged()
      told = known
    })
  )
  const topics = startStreetTopics(rooms.registry, figures, live, broker, notPublished(log))
  closing.add(() => topics.stop())
}

/** Commands of the folder's owner are run in here while the hub holds the folder. */
async function openControl(
  { config, options, closing, rooms }: Joint,
  broker: Broker,
  { families, hosting }: Doors,
  doors: () => HubDoors
) {
  const isValid = rooms.registry.isValid.bind(rooms.registry)
  const context = {
    ...rooms,
    hubName: config.name,
    mqttPort: broker.port,
    httpPort: doors().httpPort,
    deviceHost: deviceHost(config),
    disconnect: (deviceId: string) => broker.disconnect(deviceId, (one) => isValid(deviceId, one)),
    dashboardUrl: () => dashboardUrl(config, doors().httpPort),
    families,
    backups: config.backups,
    hub: doors
  }
  hosting.listensOn(context)
  const control = await startControl(rooms.folder.socketFile, context, options.commands)
  closing.add(() => control.stop())
}

/** The first look comes before the hub says that it runs. */
async function keepLooking({ options: { log }, closing, rooms }: Joint, health: HealthWatch): Promise<void> {
  const look = (): Promise<void> =>
    health
      .look()
      .catch((cause: unknown) =>
        log.warn({ cause: String(cause) }, 'The hub could not check its own health.')
      )
  await look()
  const timer = setInterval(() => {
    rooms.registry.noteAgain()
    void look()
  }, healthEveryMs)
  closing.add(() => clearInterval(timer))
}

function portOf(address: string | { port: number } | null): number {
  return address !== null && typeof address === 'object' ? address.port : 0
}
