/** The hub: every room opened in flow order, joined, and closed in flow order. Nothing here knows how a room works. */
import { join } from 'node:path'
import { buildApi } from './api/api.ts'
import { streetFigures } from './api/street-figures.ts'
import { startBroker } from './broker/start.ts'
import type { Config } from './config.ts'
import { endPasswords } from './hub/ending-passwords.ts'
import type { FindCommand } from './hub/control/command.ts'
import { startControl } from './hub/control/server.ts'
import { watchHealth } from './hub/health.ts'
import { createLiveFeed } from './hub/live-feed.ts'
import { watchMetrics } from './hub/metrics.ts'
import { openRooms, type Rooms, type RoomsLog } from './hub/rooms.ts'
import { backUp } from './operate/backup/back-up.ts'
import { startSchedule } from './operate/backup/schedule.ts'
import { startStreetTopics } from './hub/street-topics.ts'
import { collectDeviceProblems } from './hub/device-problems.ts'
import { readTls, watchTls, type TlsFiles } from './broker/tls.ts'
import type { Problem } from './model/fault.ts'
import { deviceTopic } from './model/message.ts'
import { toIso, type UnixMs } from './model/time.ts'

export interface Hub {
  rooms: Rooms
  httpPort: number
  mqttPort: number
  /** Stops in flow order; what was accepted is on disk. Safe to call twice. */
  stop(): Promise<void>
}

export interface HubLog extends RoomsLog {
  debug(fields: object, message: string): void
}

export interface HubOptions {
  version: string
  demo: boolean
  log: HubLog
  /** What the control socket runs. */
  commands: FindCommand
  onFatal(cause: Error): void
}

/** How often the hub looks at itself. */
const healthEveryMs = 5_000

export async function startHub(
  config: Config,
  { version, demo, log, commands, onFatal }: HubOptions
): Promise<Hub> {
  const closers: (() => unknown)[] = []
  const notPublished = (cause: unknown): void =>
    log.warn({ cause: String(cause) }, 'A topic could not be published.')
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => (stopping ??= closeAll(closers))
  try {
    const tls = config.mqtts ? readTls(config.mqtts) : undefined
    const rooms = await openRooms({
      dataDir: config.dataDir,
      timezone: config.timezone,
      influx: config.influx,
      journalBytesMax: config.journalBytesMax,
      log,
      onFatal
    })
    const { registry, pipeline, clock } = rooms
    closers.unshift(() => rooms.close())

    const live = createLiveFeed()
    pipeline.on('stored', live.stored)
    pipeline.on('rollups', live.rollups)

    const readings = pipeline.service
    const figures = streetFigures({ readings, places: registry, live, clock, timezone: config.timezone, log })
    closers.unshift(() => figures.close())
    // An invented neighbourhood is not worth one, and must not push real ones out of the same folder.
    const backups =
      config.backups && !demo
        ? startSchedule({
            settings: config.backups,
            timezone: config.timezone,
            clock,
            backUp: (file) => backUp(rooms, file, () => undefined),
            log
          })
        : undefined
    closers.unshift(() => backups?.stop())
    const health = watchHealth(rooms, version, () => backups?.failing() ?? [])
    let metrics = (): Promise<string> => Promise.resolve('')

    const api = await buildApi({
      readings,
      places: registry,
      live,
      figures,
      lastSeen: rooms.lastSeen,
      health: health.current,
      behindS: health.behindS,
      metrics: () => metrics(),
      hub: {
        name: config.name,
        timezone: config.timezone,
        licence: config.dataLicence,
        securityContact: config.securityContact,
        version,
        demo,
        mqttPort: config.mqttPort
      },
      clock,
      dashboardDir: join(import.meta.dirname, 'dashboard', 'dist'),
      log
    })
    closers.unshift(() => api.close())
    await api.listen({ host: config.host, port: config.httpPort })

    const told = collectDeviceProblems((problems) => {
      registry.recordProblems(problems)
      publishProblems(problems)
    })
    closers.unshift(() => told.stop())
    const broker = await startBroker(
      {
        verify: (deviceId, secret) => registry.verify(deviceId, secret),
        accept: rooms.accept,
        publicRead: config.publicMqtt,
        onFault: told.note,
        onPresence(deviceId, change, at) {
          rooms.presence.note(deviceId, { kind: change === 'online' ? 'connected' : change }, at)
          log.debug({ deviceId, change }, 'presence')
        },
        clock,
        log
      },
      {
        host: config.host,
        mqttPort: config.mqttPort,
        proxies: config.proxyAddresses,
        ...(tls ? { tls } : {})
      }
    )
    closers.unshift(() => broker.stop())
    closers.unshift(() => rooms.paused.stop())
    if (config.mqtts && tls) {
      const renew = (files: TlsFiles): void => {
        broker.renewCertificate(files)
        log.info({}, 'MQTT over TLS uses the new certificate.')
      }
      const notRenewed = (cause: unknown): void =>
        log.warn({ cause: String(cause) }, 'The new certificate cannot be used; the old one stays.')
      const watching = watchTls(config.mqtts, tls, renew, notRenewed)
      closers.unshift(() => watching.stop())
    }
    const watched = watchMetrics(rooms, broker, health.current)
    metrics = () => watched.text()
    broker.attachWebSocket(api.server, '/mqtt')
    const publishProblems = (problems: readonly Problem[]): void => {
      for (const { deviceId, at, ...fault } of problems) {
        const payload = JSON.stringify({ at: toIso(at as UnixMs), ...fault })
        broker.publish(deviceTopic(deviceId, 'problems'), payload).catch(notPublished)
      }
    }
    pipeline.on('problems', publishProblems)

    const ending = endPasswords(registry, broker, clock)
    closers.unshift(() => ending.stop())

    const topics = startStreetTopics(registry, figures, live, broker, notPublished)
    closers.unshift(() => topics.stop())

    const control = await startControl(
      rooms.folder.socketFile,
      {
        ...rooms,
        disconnect: (deviceId) => broker.disconnect(deviceId, (one) => registry.isValid(deviceId, one)),
        hub: () => ({
          httpPort: portOf(api.server.address()),
          mqttPort: broker.port,
          mqttsPort: config.mqtts?.port ?? null,
          reasons: health.current().reasons
        })
      },
      commands
    )
    closers.unshift(() => control.stop())

    const look = (): Promise<void> =>
      health
        .look()
        .catch((cause: unknown) => log.warn({ cause: String(cause) }, 'The hub could not look at itself.'))
    await look()
    const watching = setInterval(() => {
      registry.noteAgain()
      void look()
    }, healthEveryMs)
    closers.unshift(() => clearInterval(watching))

    return { rooms, httpPort: portOf(api.server.address()), mqttPort: broker.port, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

/** From the front door inwards: nothing new comes in, then what came in is kept, then the rooms close. */
async function closeAll(closers: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = []
  for (const close of closers) {
    try {
      await close()
    } catch (cause) {
      // The rooms behind it still have to keep what they hold.
      failures.push(cause)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed in order.')
}

function portOf(address: string | { port: number } | null): number {
  return address !== null && typeof address === 'object' ? address.port : 0
}
