/** Opens the MQTT front door on the rooms of a hub. */
import type { IncomingMessage } from 'node:http'
import { clientOf } from '../../api/doors/client.ts'
import { answersTo } from '../../api/doors/names.ts'
import type { Broker } from '../../broker/broker.ts'
import { startBroker } from '../../broker/start.ts'
import type { TlsFiles } from '../../broker/tls.ts'
import type { Config } from '../../config.ts'
import { renewCertificates } from '../certificates.ts'
import { endPasswords } from '../ending-passwords.ts'
import { trustedProxies } from '../trusted-proxies.ts'
import type { Doors } from './doors.ts'
import type { Joint } from './joint.ts'

/** The door for sensors that speak MQTT. */
export async function openBroker(joint: Joint, tls: TlsFiles | undefined, doors: Doors): Promise<Broker> {
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
      tokenDevice: (token) => push.byUserName(token),
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

/** MQTT from a browser comes through the same names and proxies as its pages. */
export function webSocketDoor({ proxies, names }: Config) {
  const isProxy = trustedProxies(proxies)
  return {
    path: '/mqtt',
    mayCome: ({ headers }: IncomingMessage) => answersTo(headers.host, names),
    addressOf: (request: IncomingMessage) => clientOf(request, isProxy)
  }
}
