/** The hub: every room opened, what the doors need before the doors, joined, and closed in reverse. Nothing here knows how a room works. */
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { buildApi } from './api/api.ts'
import { listenSecurely } from './api/https.ts'
import type { Broker } from './broker/broker.ts'
import { readTls } from './broker/tls.ts'
import type { Config } from './config.ts'
import { streetFigures } from './figures/now/street-figures.ts'
import { newStopToken, ownAlerts, startAlerts } from './hub/alerts/alerts.ts'
import { endPushWithSessions } from './hub/alerts/push/ended.ts'
import { contactFor } from './hub/alerts/push/contact.ts'
import { dashboardUrl, deviceHost } from './hub/addresses.ts'
import { renewCertificates } from './hub/certificates.ts'
import { Closing } from './hub/closing.ts'
import { openBroker, webSocketDoor } from './hub/opening/broker.ts'
import { openStewardsDesk } from './hub/opening/desk.ts'
import { openFamilies, type Doors } from './hub/opening/doors.ts'
import { notPublished, type HubOptions, type Joint } from './hub/opening/joint.ts'
import { keepComingOut } from './hub/coming-out.ts'
import type { HubDoors } from './hub/control/command.ts'
import { startControl } from './hub/control/server.ts'
import { keptSecret } from './hub/kept-secret.ts'
import { remakeDatasets } from './hub/datasets/remake.ts'
import { exportDeskOf } from './hub/exports/from-rooms.ts'
import { watchHealth, type HealthWatch } from './hub/health.ts'
import { startForwarding } from './hub/forwarding.ts'
import { createLiveFeed } from './hub/live-feed.ts'
import { watchMetrics, type Metrics } from './hub/metrics.ts'
import { openRecords, ownRecords } from './hub/records/records.ts'
import { openRooms, type Rooms } from './hub/rooms.ts'
import { startRetention } from './hub/retention.ts'
import { logShortOfConsents } from './hub/short-of-consents.ts'
import { startObservationTopics } from './hub/observation-topics.ts'
import { startStreetTopics } from './hub/street-topics.ts'
import { dialectNames, explain } from './ingest/explain.ts'
import { trustedProxies } from './hub/trusted-proxies.ts'
import type { Desk } from './hub/desk/desk.ts'
import { about, supportNotices } from './hub/version.ts'
import { backUp } from './operate/backup/back-up.ts'
import { openSensorThings } from './sensorthings/service.ts'
import { startSchedule, type Schedule } from './operate/backup/schedule.ts'

export type { HubLog, HubOptions } from './hub/opening/joint.ts'

export interface Hub {
  rooms: Rooms
  httpPort: number
  mqttPort: number
  /** Days of homes come out from now on; a hub that was not told to wait does it by itself. */
  beginComingOut(): Promise<void>
  /** undefined where MQTT over TLS is off. */
  mqttsPort: number | undefined
  /** Stops from the doors inwards; what was accepted is on disk. Safe to call twice. */
  stop(): Promise<void>
}

/** How often the hub looks at itself. */
const healthEveryMs = 5_000

/** What is opened later is closed earlier: the doors first, then what they fed. */
export async function startHub(config: Config, options: HubOptions): Promise<Hub> {
  const closing = new Closing()
  try {
    // Before anything listens: a certificate that does not fit ends the start.
    const tls = config.mqtts ? readTls(config.mqtts) : undefined
    const joint = await openInnerRooms(config, options, closing)
    const backups = scheduleBackups(joint)
    const release = about()
    const doors = openFamilies(joint)
    const health = watchHealth(
      joint.rooms,
      options.version,
      () => [...(backups?.failing() ?? []), ...supportNotices(release, joint.rooms.clock.now())],
      () => doors.mistaken.newerMqtt()
    )
    const desk = openStewardsDesk(joint, health, doors, release)
    const { api, showMetrics } = await openApi(joint, health, doors, desk)
    const broker = await openBroker(joint, tls, doors)
    showMetrics(watchMetrics(joint.rooms, broker, health.current))
    broker.attachWebSocket(api.server, webSocketDoor(config))
    forgetErased(joint, broker)
    publishStreets(joint, broker)
    publishObservations(joint, broker, portOf(api.server.address()))
    const { live, rooms } = joint
    const { registry, clock } = rooms
    closing.add(startForwarding({ registry, live, onFault: doors.problems.note, clock }))
    const ports = { httpPort: portOf(api.server.address()), mqttPort: broker.port }
    doors.mistaken.listensOn({ http: ports.httpPort, mqtt: ports.mqttPort, mqtts: broker.tlsPort ?? null })
    await openControl(joint, broker, { ...doors, desk }, () => ({
      ...ports,
      mqttsPort: broker.tlsPort ?? null,
      reasons: health.reasons()
    }))
    await keepLooking(joint, health)
    const comingOut = keepComingOut(joint.rooms, options.log)
    closing.add(() => comingOut.stop())
    if (!options.daysWait) void comingOut.begin()
    // First of all: every room asks the store for something when it ends what it is at.
    closing.add(() => joint.rooms.pipeline.service.hurry())
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

/** Registry, journal and pipeline, and the newest figures of every street, which the API and MQTT share. */
async function openInnerRooms(config: Config, options: HubOptions, closing: Closing): Promise<Joint> {
  const { log, onFatal } = options
  const { dataDir, name: hubName, timezone, influx, journalBytesMax, memoryMb } = config
  const kind = options.demo ? 'demo' : 'hub'
  const { dataLicence: licence, publicUrl } = config
  const facts = { hubName, timezone, licence, publicUrl }
  const rooms = await openRooms({
    dataDir,
    influx,
    kind,
    journalBytesMax,
    memoryMb,
    backupDir: config.backups?.dir,
    log,
    onFatal,
    ...facts
  })
  closing.add(() => rooms.close())
  closing.add(remakeDatasets(rooms))
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
  const things = openSensorThings({
    places: registry,
    readings: pipeline.service,
    facts: { licence: config.dataLicence },
    clock,
    breathe: () => nextTurn()
  })
  return { config, options, closing, rooms, live, figures, things }
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

/** Listens before the broker does: whoever looks sees that the hub is starting. */
async function openApi(joint: Joint, health: HealthWatch, { push, hosting }: Doors, desk: Desk) {
  const { config, options, closing, rooms, live, figures, things } = joint
  const exports = exportDeskOf(rooms, config)
  closing.add(() => exports.close())
  const records = openRecords({ ...rooms, readings: rooms.pipeline.service, hubName: config.name })
  closing.add(() => records.close())
  /** Known once it listens: a setting of 0 takes any port. */
  const reached = { port: config.httpPort }
  const alerts = await startAlerts({
    ...rooms,
    readings: rooms.pipeline.service,
    channels: options.demo
      ? { mail: null, ntfyUrl: null, push: null }
      : { ...config.alerts, push: { contact: contactFor(config) } },
    hubName: config.name,
    dashboardUrl: () => dashboardUrl(config, reached.port),
    newToken: newStopToken,
    inTurn: (work) => rooms.moves.read(work),
    log: options.log
  })
  closing.add(() => alerts.stop())
  closing.add(
    endPushWithSessions(rooms.accounts, rooms.registry, (cause) =>
      options.log.warn({ cause: String(cause) }, 'Messages to browsers of ended sessions could not be ended.')
    )
  )
  let metrics: Metrics | undefined
  const api = await buildApi({
    readings: rooms.pipeline.service,
    changes: rooms.pipeline.service,
    datasets: rooms.datasets,
    research: {
      consents: () => rooms.registry.consents(),
      secret: keptSecret(rooms.folder.researchSecretFile)
    },
    exports,
    places: rooms.registry,
    moves: rooms.moves,
    accounts: rooms.accounts,
    people: rooms.registry,
    hosting,
    desk,
    records: ownRecords(records),
    alerts: ownAlerts(rooms.registry, alerts),
    live,
    figures,
    things,
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
      publicMqtt: config.publicMqtt,
      publicUrl: config.publicUrl,
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
  reached.port = portOf(api.server.address())
  if (config.https && secureTls) {
    const door = await listenSecurely(api, secureTls, {
      host: config.host,
      isProxy: trustedProxies(config.proxies)
    })
    closing.add(() => door.close())
    const watching = renewCertificates(
      { settings: config.https, tls: secureTls, door, name: 'HTTPS' },
      options.log
    )
    closing.add(() => watching.stop())
  }
  return { api, showMetrics: (watched: Metrics) => void (metrics = watched) }
}

/** What is erased is nowhere in memory either. */
function forgetErased({ rooms }: Joint, broker: Broker): void {
  rooms.eraser.onErase(async ({ deviceIds }) => {
    for (const deviceId of deviceIds) await broker.forget(deviceId)
  })
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

function publishObservations(
  { config, options, closing, rooms, things }: Joint,
  broker: Broker,
  httpPort: number
): void {
  const { pipeline } = rooms
  const topics = startObservationTopics({
    broker,
    things,
    base: () => `${dashboardUrl(config, httpPort)}/sta/v1.1`,
    observe: (isOn) => pipeline.service.observe(isOn),
    onReadings: (listener) => pipeline.on('readings', listener),
    onFailure: notPublished(options.log)
  })
  closing.add(() => topics.stop())
}

/** Commands of the folder's owner are run in here while the hub holds the folder. */
async function openControl(
  { config, options, closing, rooms }: Joint,
  broker: Broker,
  { families, hosting, desk }: Doors & { desk: Desk },
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
  desk.listensOn(context)
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
