/**
 * The publisher of the benchmarks: many authenticated connections in one process, QoS 1, four values a message, each
 * message with a moment of its own. It writes bytes prepared once, so that it needs less than the broker it measures.
 * `node publisher-process.ts ORDER.json`; prints what it measured as one line of JSON.
 */
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { wireConnect, wirePacket, wireText } from './mqtt-wire.ts'

export interface PublisherOrder {
  port: number
  devices: { username: string; password: string }[]
  /** Messages in all; each device sends its share. */
  messages: number
  /** Unacknowledged messages that each device keeps under way… */
  window: number
  /** …or so many messages a second in all, evenly, whatever comes back. */
  perSecond?: number
  /** Moment of each device's first message; the following are 10 s apart. */
  firstAt: number
  /** First message of each device, counted: later runs on the same data folder begin behind the earlier. */
  firstMessage: number
}

export interface PublisherResult {
  acknowledged: number
  tookS: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  maxMs: number
  /** Share of one core that this process used. */
  cores: number
}

const readingsEveryMs = 10_000
/** Thirteen digits, overwritten in each message. */
const momentDigits = 13
const body = Buffer.from(
  `{"at":${'0'.repeat(momentDigits)},"pm2_5":8.1,"pm10":14.2,"temperature":9.4,"humidity":81}`
)
const momentAt = body.indexOf('000')

const [orderFile] = process.argv.slice(2)
if (!orderFile) throw new Error('Which order?')
const order = JSON.parse(readFileSync(orderFile, 'utf8')) as PublisherOrder

class Device {
  readonly #message: Buffer
  readonly #idAt: number
  readonly #sentAt: Float64Array
  readonly #quota: number
  readonly #onAck: (ms: number) => void
  readonly #bodyAt: number
  readonly socket: Socket
  readonly ready: Promise<void>
  #sent = 0
  #acknowledged = 0
  #rest: Buffer = Buffer.alloc(0)
  #connected: (() => void) | undefined

  constructor(
    { username, password }: { username: string; password: string },
    quota: number,
    onAck: (ms: number) => void
  ) {
    this.#message = wirePacket(0x32, wireText(`sensors/${username}/readings`), Buffer.alloc(2), body)
    this.#bodyAt = this.#message.length - body.length
    this.#idAt = this.#bodyAt - 2
    this.#sentAt = new Float64Array(Math.min(65_536, quota + 1))
    this.#quota = quota
    this.#onAck = onAck
    this.socket = connect(order.port, '127.0.0.1')
    this.socket.setNoDelay(true)
    this.ready = new Promise((resolve, reject) => {
      this.#connected = resolve
      this.socket.once('error', reject)
      this.socket.once('close', () => reject(new Error('The broker closed a connection.')))
    })
    this.socket.once('connect', () =>
      this.socket.write(wireConnect({ clientId: username, username, password }))
    )
    this.socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  get isDone(): boolean {
    return this.#acknowledged === this.#quota
  }

  /** Up to `count` messages in one write. */
  send(count: number): void {
    const now = Math.min(count, this.#quota - this.#sent)
    if (now <= 0) return
    const { length } = this.#message
    const buffer = Buffer.allocUnsafe(length * now)
    const at = performance.now()
    for (let i = 0; i < now; i++) {
      this.#message.copy(buffer, i * length)
      const id = (this.#sent % 65_535) + 1
      buffer.writeUInt16BE(id, i * length + this.#idAt)
      const moment = order.firstAt + (order.firstMessage + this.#sent) * readingsEveryMs
      buffer.write(String(moment), i * length + this.#bodyAt + momentAt, momentDigits, 'latin1')
      this.#sentAt[id % this.#sentAt.length] = at
      this.#sent++
    }
    this.socket.write(buffer)
  }

  /** CONNACK and PUBACK both have four bytes. */
  #read(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    const now = performance.now()
    let at = 0
    let acknowledged = 0
    for (; at + 4 <= bytes.length; at += 4) {
      if (this.#connected) {
        if (bytes[at + 3] !== 0) throw new Error(`CONNACK ${bytes[at + 3]}`)
        this.#connected()
        this.#connected = undefined
        continue
      }
      acknowledged++
      this.#onAck(now - (this.#sentAt[bytes.readUInt16BE(at + 2) % this.#sentAt.length] ?? 0))
    }
    this.#rest = bytes.subarray(at)
    this.#acknowledged += acknowledged
    if (acknowledged > 0 && !order.perSecond) this.send(acknowledged)
  }
}

const latencies = new Float64Array(order.messages)
let acknowledged = 0
let finished: () => void
const end = new Promise<void>((resolve) => (finished = resolve))
const share = Math.floor(order.messages / order.devices.length)
const messages = share * order.devices.length
const devices: Device[] = []
// A few connections at a time: this is no storm.
for (let from = 0; from < order.devices.length; from += 50) {
  const some = order.devices.slice(from, from + 50).map((device) => new Device(device, share, onAck))
  await Promise.all(some.map(({ ready }) => ready))
  devices.push(...some)
}

function onAck(ms: number): void {
  latencies[acknowledged++] = ms
  if (acknowledged === messages) finished()
}

const cpuBefore = process.cpuUsage()
const startedAt = performance.now()
if (order.perSecond) await pace(order.perSecond)
else for (const device of devices) device.send(order.window)
await end
const tookS = (performance.now() - startedAt) / 1_000
const { user, system } = process.cpuUsage(cpuBefore)
const sorted = latencies.subarray(0, acknowledged).toSorted()
const at = (part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
const result: PublisherResult = {
  acknowledged,
  tookS,
  p50Ms: at(0.5),
  p95Ms: at(0.95),
  p99Ms: at(0.99),
  maxMs: at(1),
  cores: (user + system) / 1e6 / tookS
}
process.stdout.write(JSON.stringify(result), () => process.exit(0))

/** Each turn sends what is due by now, device after device. */
async function pace(perSecond: number): Promise<void> {
  const from = performance.now()
  for (let sent = 0; sent < messages;) {
    const due = Math.min(messages, Math.floor(((performance.now() - from) / 1_000) * perSecond))
    for (; sent < due; sent++) devices[sent % devices.length]!.send(1)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
