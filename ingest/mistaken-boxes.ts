/**
 * Boxes that were set up wrongly and refused at a door, before anything of theirs was decoded: what was wrong goes to the problem
 * list of the device that they name, in the words of its host. Nothing that they send is kept, and no secret is repeated.
 */
import type { Fault } from '../model/fault.ts'
import { strayOf } from '../model/stray.ts'
import type { Clock } from '../model/time.ts'
import type { Registry } from '../registry/registry.ts'
import { dialectOf, dialects, looksLike } from './decode.ts'

/** Which port somebody came to. */
export type Door = 'mqtt' | 'mqtts' | 'http'

/** As the broker says it. */
type RefusedOverMqtt =
  | { kind: 'password'; username: string; password: string }
  | { kind: 'protocol'; username: string | undefined; clientId: string; willTopic: string | undefined }
  | { kind: 'stray'; isTlsPort: boolean; bytes: Uint8Array }

export interface MistakenBoxesDeps {
  registry: Pick<Registry, 'device' | 'deviceOfToken'>
  onFault(deviceId: string, fault: Fault, at: number): void
  clock: Clock
}

export class MistakenBoxes {
  readonly #deps: MistakenBoxesDeps
  /** Refused for their version, by family: at most as many as there are families. */
  readonly #newerMqtt = new Map<string, number>()
  /** Known once everything listens. */
  #ports: Record<Door, number | null> = { mqtt: null, mqtts: null, http: null }

  constructor(deps: MistakenBoxesDeps) {
    this.#deps = deps
  }

  listensOn(ports: Record<Door, number | null>): void {
    this.#ports = ports
  }

  refused(mistake: RefusedOverMqtt): void {
    if (mistake.kind === 'password') this.wrongPassword(mistake.username, mistake.password, 'MQTT')
    else if (mistake.kind === 'protocol') this.#wrongProtocol(mistake)
    else this.stray(mistake.isTlsPort ? 'mqtts' : 'mqtt', mistake.bytes)
  }

  /** Somebody came with the id of a device and without its secret. */
  wrongPassword(deviceId: string, password: string, how: 'MQTT' | 'HTTP'): void {
    this.#tell(deviceId, {
      code: 'wrongPassword',
      message: `a client connected over ${how} with the id of this device and ${this.#whatIsWrong(deviceId, password)}`
    })
  }

  /** MQTT 5 is refused before anybody shows a secret. */
  #wrongProtocol(client: Extract<RefusedOverMqtt, { kind: 'protocol' }>): void {
    const family = this.#familyOf(client)
    this.#newerMqtt.set(family, (this.#newerMqtt.get(family) ?? 0) + 1)
    if (client.username === undefined) return
    this.#tell(client.username, {
      code: 'wrongProtocol',
      message:
        'a client connected with the id of this device and MQTT 5; the hub uses 3.1.1: choose that in the box (version 4 in Zigbee2MQTT)'
    })
  }

  /** The device's own family where it names one; else what its will and client id are like. */
  #familyOf({
    username,
    clientId,
    willTopic
  }: Omit<Extract<RefusedOverMqtt, { kind: 'protocol' }>, 'kind'>): string {
    const device = username === undefined ? undefined : this.#deps.registry.device(username)
    if (device) return dialectOf(device.dialect).label
    const [byWill] = willTopic === undefined ? [] : looksLike(willTopic, '')
    if (byWill !== undefined) return dialects.get(byWill)!.label
    return clientNames.find(([pattern]) => pattern.test(clientId))?.[1] ?? 'unknown'
  }

  /** For the steward: whose clients asked for MQTT 5 since the hub started; empty while nobody did. */
  newerMqtt(): string[] {
    if (this.#newerMqtt.size === 0) return []
    const families = [...this.#newerMqtt].map(([family, count]) => `${family} (${count})`)
    return [
      `Clients that asked for MQTT 5 were refused since the hub started: ${families.join(', ')}. The hub uses 3.1.1: choose that version in the client (4 in Zigbee2MQTT).`
    ]
  }

  /** The first bytes of somebody who speaks another protocol than the port that they came to. */
  stray(door: Door, bytes: Uint8Array): void {
    const stray = strayOf(bytes)
    if (stray?.speaks === 'mqtt' && door !== 'mqtt' && stray.username !== undefined) {
      const port = this.#ports[door]
      const message =
        door === 'mqtts'
          ? `the box used MQTT without TLS on port ${port}, which is for TLS; switch TLS on in the box, or use port ${this.#ports.mqtt}`
          : `the box used MQTT on port ${port}, which is for HTTP; set its port to ${this.#ports.mqtt}`
      this.#tell(stray.username, { code: 'wrongPort', message })
    }
    if (stray?.speaks === 'http' && door !== 'http') {
      const deviceId = this.#whoAsks(stray)
      if (deviceId === undefined) return
      this.#tell(deviceId, {
        code: 'wrongPort',
        message: `the box sent HTTP to port ${this.#ports[door]}, which is for MQTT; set its port to ${this.#ports.http}`
      })
    }
  }

  /** Whose topic that is, and where this device publishes; '' where the topic says nothing. */
  topicHint(deviceId: string, topic: string): string {
    const device = this.#deps.registry.device(deviceId)
    if (!device) return ''
    const [other] = looksLike(topic, '').filter((name) => name !== device.dialect)
    const own =
      device.dialect === 'lamppost'
        ? `sensors/${deviceId}/readings`
        : dialectOf(device.dialect).usualTopic('')
    const foreign = /^sensors\/([^/]+)\//.exec(topic)?.[1]
    if (foreign !== undefined && foreign !== deviceId)
      return `; it is that of another device: set the topic to ${own}`
    return other === undefined
      ? `; set the topic to ${own}`
      : `; this looks like ${dialects.get(other)!.label}: set its topic to ${own}, or add it with the right dialect (--dialect ${other})`
  }

  #whatIsWrong(deviceId: string, password: string): string {
    const other = /^lp1_([dg]-[a-z2-7]{8})_/.exec(password)?.[1]
    if (password === '') return 'no password; type it in'
    if (this.#deps.registry.deviceOfToken(password) === deviceId)
      return 'the token of its path for a password; the password is the long text that begins with lp1_'
    if (other !== undefined && other !== deviceId) return 'the password of another device; type in its own'
    if (other === deviceId && password.length < passwordLength)
      return `only ${password.length} of the ${passwordLength} characters of its password: type in all of it; if the box cuts it off, use the path with the token`
    if (/\s/.test(password)) return 'a space in its password; copy it again without the space'
    return 'a wrong password; check it, or make a new one: npx lamppost device rotate'
  }

  #whoAsks({ path, authorization }: { path: string; authorization: string | undefined }): string | undefined {
    const token = /^\/push\/[^/]+\/([a-z2-7]{26})(?:[/?]|$)/.exec(path)?.[1]
    if (token !== undefined) return this.#deps.registry.deviceOfToken(token)
    const basic = /^Basic\s+(\S+)/i.exec(authorization ?? '')?.[1]
    return basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8').split(':')[0]
  }

  /** Only of devices that there are: anybody can name any. */
  #tell(deviceId: string, fault: Fault): void {
    const { registry, onFault, clock } = this.#deps
    if (registry.device(deviceId)) onFault(deviceId, fault, clock.now())
  }
}

/** Client ids that firmware and programs choose by themselves. */
const clientNames: readonly [pattern: RegExp, family: string][] = [
  [/chirpstack/i, 'ChirpStack'],
  [/theengs|openmqttgateway/i, 'Theengs'],
  [/zigbee2mqtt|^mqttjs_/i, 'Zigbee2MQTT'],
  [/^DVES_|tasmota/i, 'Tasmota'],
  [/^shelly/i, 'Shelly'],
  [/airgradient/i, 'AirGradient'],
  [/home.?assistant/i, 'Home Assistant'],
  [/^!?[0-9a-f]{8}$|meshtastic/i, 'Meshtastic']
]

/** lp1_, the id, 43 characters of secret and 8 of checksum, with lines between. */
const passwordLength = 67
