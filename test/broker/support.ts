/** A broker on a free port with devices that exist, clients of MQTT.js, and raw sockets for what no client would send. */
import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { onTestFinished } from 'vitest'
import type { Broker, BrokerDeps, PresenceChange } from '../../broker/broker.ts'
import { startBroker, type BrokerOptions } from '../../broker/start.ts'
import type { UnixMs } from '../../model/time.ts'

export interface Taken {
  deviceId: string
  topic: string
  payload: string
}

export interface TestBroker {
  broker: Broker
  port: number
  /** What went through `accept`. */
  taken: Taken[]
  presence: [string, PresenceChange][]
  lines: { fields: object; message: string }[]
  /** What the hosts of devices are told. */
  faults: string[]
}

/** Every device of these tests has its id, turned round, as its secret. */
export const secretOf = (deviceId: string): string => [...deviceId].reverse().join('') + '-secret'

export async function aBroker(
  deps: Partial<BrokerDeps> = {},
  options: Partial<BrokerOptions> = {}
): Promise<TestBroker> {
  const taken: Taken[] = []
  const presence: [string, PresenceChange][] = []
  const faults: string[] = []
  const lines: { fields: object; message: string }[] = []
  const say = (fields: object, message: string): void => void lines.push({ fields, message })
  const broker = await startBroker(
    {
      verify: (deviceId, secret) =>
        /^[ab]\d$/.test(deviceId) && secret === secretOf(deviceId) ? secret : undefined,
      accept(deviceId, topic, payload, done) {
        taken.push({ deviceId, topic, payload: Buffer.from(payload).toString() })
        setImmediate(done)
      },
      publicRead: true,
      onFault: (deviceId, { code, message }) => faults.push(`${deviceId} ${code}: ${message}`),
      onPresence: (deviceId, state) => presence.push([deviceId, state]),
      clock: { now: () => 1_700_000_000_000 as UnixMs },
      log: { info: say, warn: say },
      ...deps
    },
    { host: '127.0.0.1', mqttPort: 0, ...options }
  )
  onTestFinished(() => broker.stop())
  return { broker, port: broker.port, taken, presence, lines, faults }
}

export const readings = (deviceId: string): string => `sensors/${deviceId}/readings`
export const status = (deviceId: string): string => `sensors/${deviceId}/status`

/** A client of MQTT.js that does not come back by itself. */
export function aClient(port: number, options: IClientOptions = {}, scheme = 'mqtt', path = ''): MqttClient {
  const client = mqtt.connect(`${scheme}://127.0.0.1:${port}${path}`, {
    reconnectPeriod: 0,
    protocolVersion: 4,
    ...options
  })
  // What matters to a test it asks for; the rest would be thrown.
  client.on('error', () => undefined)
  onTestFinished(() => void client.end(true))
  return client
}

export function asDevice(deviceId: string): IClientOptions {
  return { username: deviceId, password: secretOf(deviceId) }
}

export async function connected(port: number, options: IClientOptions = {}): Promise<MqttClient> {
  const client = aClient(port, options)
  await new Promise<void>((resolve) => client.once('connect', () => resolve()))
  return client
}

/** The return code of the CONNACK with which a client is refused. */
export function refusedWith(port: number, options: IClientOptions): Promise<unknown> {
  const client = aClient(port, options)
  return new Promise((resolve) =>
    client.once('error', (error) => resolve('code' in error ? error.code : undefined))
  )
}

export function closed(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()))
}

export interface Heard {
  topic: string
  payload: string
  retain: boolean
}

export function nextMessage(client: MqttClient): Promise<Heard> {
  return new Promise((resolve) =>
    client.once('message', (topic, payload, { retain }) =>
      resolve({ topic, payload: payload.toString(), retain })
    )
  )
}

/** Resolves once `condition` holds, asking after every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}

/** Raw packets, written by hand from the OASIS text. */
export const wire = {
  text(value: string | Buffer): Buffer {
    const bytes = Buffer.from(value)
    return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes])
  },
  packet(firstByte: number, ...parts: Buffer[]): Buffer {
    const body = Buffer.concat(parts)
    return Buffer.concat([Buffer.of(firstByte), wire.length(body.length), body])
  },
  length(value: number): Buffer {
    const bytes: number[] = []
    let rest = value
    do {
      bytes.push((rest % 128) | (rest >= 128 ? 128 : 0))
      rest = Math.floor(rest / 128)
    } while (rest > 0)
    return Buffer.from(bytes)
  },
  connect(deviceId: string, clientId: string | Buffer, flags = 0xc2): Buffer {
    const head = [wire.text('MQTT'), Buffer.of(4, flags, 0, 60), wire.text(clientId)]
    return wire.packet(0x10, ...head, wire.text(deviceId), wire.text(secretOf(deviceId)))
  },
  publish(topic: string | Buffer, payload: string, qos: 0 | 1 | 2, messageId: number): Buffer {
    const id = qos > 0 ? [Buffer.of(messageId >> 8, messageId & 0xff)] : []
    return wire.packet(0x30 | (qos << 1), wire.text(topic), ...id, Buffer.from(payload))
  },
  subscribe(filters: (string | Buffer)[], messageId = 1): Buffer {
    const each = filters.flatMap((filter) => [wire.text(filter), Buffer.of(0)])
    return wire.packet(0x82, Buffer.of(messageId >> 8, messageId & 0xff), ...each)
  }
}

export interface RawClient {
  socket: Socket
  /** Everything that came. */
  received(): Buffer
  closed: Promise<void>
}

export async function rawClient(port: number, ...packets: Buffer[]): Promise<RawClient> {
  const socket = connectSocket(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A reset is one of the ways of being closed that these tests ask for.
  socket.on('error', () => socket.destroy())
  const end = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await once(socket, 'connect')
  if (packets.length > 0) socket.write(Buffer.concat(packets))
  return { socket, received: () => Buffer.concat(chunks), closed: end }
}
