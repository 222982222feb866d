/** One box's connection: a will, QoS 1, readings kept until acknowledged, and patience with a hub that is away. */
import { backlogReadingsMax, backoffMsMin, backoffMsMax, connectMsMax, goodbyeMsMax } from './limits.ts'
import mqtt, { type MqttClient } from 'mqtt'
import { offlinePayload, onlinePayload } from './encode.ts'
import { arrayReadingsMax } from './limits.ts'
import type { Random } from './random.ts'

/** As `device add --json` prints them. */
export interface BoxCredentials {
  deviceId: string
  username: string
  password: string
  /** Where its readings go. */
  topic: string
}

/** Counted over all boxes of a run. */
export interface Tally {
  connected: number
  /** Messages handed to the network, status and repetitions included. */
  sent: number
  acknowledged: number
  /** Readings (objects) in acknowledged messages. */
  readings: number
  /** Readings in boxes that the hub has not acknowledged yet. */
  waiting: number
  /** Readings that a box had no memory for. */
  dropped: number
  /** Connections that failed, by whatever cause, and the words of the last one. */
  failures: number
  lastFailure: string
}

const keepaliveS = 60

const openBracket = 91
const comma = 44
const closeBracket = 93

/** Doubles up to a ceiling; the random half keeps a street's boxes from knocking in step after a power cut. */
export function backoffMs(attempt: number, random: Random): number {
  const ceilingMs = Math.min(backoffMsMax, backoffMsMin * 2 ** Math.min(attempt, 10))
  return Math.round(ceilingMs * (0.5 + random.next() / 2))
}

export class BoxConnection {
  readonly #url: string
  readonly #credentials: BoxCredentials
  readonly #statusTopic: string
  readonly #random: Random
  readonly #tally: Tally
  /** Encoded readings, oldest first, that are not on their way. */
  #waiting: Uint8Array[] = []
  /** What to call for each message that is on its way. */
  readonly #unanswered = new Set<(failure?: Error) => void>()
  #client: MqttClient | null = null
  #isConnected = false
  #isWanted = false
  #attempt = 0
  #retry: NodeJS.Timeout | undefined

  constructor(parts: { url: string; credentials: BoxCredentials; random: Random; tally: Tally }) {
    this.#url = parts.url
    this.#credentials = parts.credentials
    this.#statusTopic = parts.credentials.topic.replace(/readings$/, 'status')
    this.#random = parts.random
    this.#tally = parts.tally
  }

  get isConnected(): boolean {
    return this.#isConnected
  }

  /** Connects, and again whenever the connection is lost, until `vanish` or `close`. */
  connect(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    this.#open()
  }

  /** Power or Wi-Fi is gone: no goodbye, so the hub publishes the will. */
  vanish(): void {
    if (!this.#isWanted) return
    this.#isWanted = false
    clearTimeout(this.#retry)
    this.#client?.stream.destroy()
    this.#lost()
  }

  /** Takes a reading into the box's memory and sends what waits there, if there is a connection. */
  send(reading: Uint8Array): void {
    if (this.#waiting.length >= backlogReadingsMax) {
      this.#waiting.shift()
      this.#tally.dropped++
      this.#tally.waiting--
    }
    this.#waiting.push(reading)
    this.#tally.waiting++
    this.#flush()
  }

  /** The same reading again, as after an acknowledgement that got lost. */
  sendAgain(reading: Uint8Array): void {
    if (this.#isConnected) this.send(reading)
  }

  /** What the box says of itself; nothing that it would keep. */
  sendStatus(payload: Uint8Array): void {
    if (this.#isConnected) this.#publish(this.#statusTopic, payload, false, () => undefined)
  }

  /** Switched off by its host: it says goodbye first, but not for long. Safe to call twice. */
  async close(): Promise<void> {
    this.#isWanted = false
    clearTimeout(this.#retry)
    const client = this.#client
    if (!client) return
    let giveUp: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => (giveUp = setTimeout(resolve, goodbyeMsMax)))
    if (this.#isConnected) await Promise.race([this.#sayGoodbye(client), patience])
    clearTimeout(giveUp)
    client.stream.destroy()
    if (client === this.#client) this.#lost()
  }

  /** Messages are acknowledged in order: after this one, all are. */
  async #sayGoodbye(client: MqttClient): Promise<void> {
    await new Promise<void>((resolve) =>
      this.#publish(this.#statusTopic, offlinePayload, true, () => resolve())
    )
    await client.endAsync()
  }

  #open(): void {
    const { deviceId, username, password } = this.#credentials
    const client = mqtt.connect(this.#url, {
      clientId: `sim-${deviceId}`,
      username,
      password,
      protocolVersion: 4,
      keepalive: keepaliveS,
      connectTimeout: connectMsMax,
      reconnectPeriod: 0,
      queueQoSZero: false,
      will: { topic: this.#statusTopic, payload: Buffer.from(offlinePayload), qos: 1, retain: true }
    })
    this.#client = client
    client.on('connect', () => {
      if (client !== this.#client) return
      this.#isConnected = true
      this.#attempt = 0
      this.#tally.connected++
      this.#publish(this.#statusTopic, onlinePayload, true, () => undefined)
      this.#flush()
    })
    client.on('error', (error) => {
      this.#tally.failures++
      this.#tally.lastFailure = error.message || ('code' in error ? String(error.code) : error.name)
      // After a refused CONNECT it is the client's part to hang up (MQTT.js waits for the hub to do it).
      client.stream.destroy()
    })
    client.on('close', () => {
      if (client !== this.#client) return
      this.#lost()
      if (!this.#isWanted) return
      this.#retry = setTimeout(() => this.#open(), backoffMs(this.#attempt++, this.#random))
    })
  }

  /** What was not acknowledged will never be: MQTT.js would keep it for its own reconnect, which is not used here. */
  #lost(): void {
    if (this.#isConnected) this.#tally.connected--
    this.#isConnected = false
    this.#client = null
    const unanswered = [...this.#unanswered]
    this.#unanswered.clear()
    for (const fail of unanswered) fail(new Error('connection lost'))
  }

  /** One reading as an object, several as arrays: what a box sends after a time without Wi-Fi. */
  #flush(): void {
    while (this.#isConnected && this.#waiting.length > 0) {
      const readings = this.#waiting.splice(0, arrayReadingsMax)
      this.#publish(this.#credentials.topic, joined(readings), false, (failure) => {
        if (failure) {
          // Not acknowledged, so perhaps not kept: back to the front, and sent again. The hub keeps one of each.
          this.#waiting.unshift(...readings)
          return
        }
        this.#tally.readings += readings.length
        this.#tally.waiting -= readings.length
      })
    }
  }

  #publish(topic: string, payload: Uint8Array, retain: boolean, done: (failure?: Error) => void): void {
    const client = this.#client
    if (!client) return done(new Error('not connected'))
    this.#unanswered.add(done)
    this.#tally.sent++
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    client.publish(topic, bytes, { qos: 1, retain }, (failure) => {
      if (!this.#unanswered.delete(done)) return
      if (!failure) this.#tally.acknowledged++
      done(failure ?? undefined)
    })
  }
}

function joined(readings: readonly Uint8Array[]): Uint8Array {
  if (readings.length === 1) return readings[0]!
  const payload = new Uint8Array(readings.reduce((sum, r) => sum + r.length + 1, 1))
  let place = 0
  for (const reading of readings) {
    payload[place] = place === 0 ? openBracket : comma
    payload.set(reading, place + 1)
    place += 1 + reading.length
  }
  payload[place] = closeBracket
  return payload
}
