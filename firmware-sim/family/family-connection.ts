/**
 * The connection of a box of a family, once it is set up: MQTT with the quality that its firmware uses, or a POST for each message.
 * None of these keeps what it could not send.
 */
import mqtt, { type MqttClient } from 'mqtt'
import { connectMsMax } from '../limits.ts'
import type { Sent, Wire } from './firmware.ts'

export class FamilyConnection {
  readonly #wire: Wire
  readonly #onLost: () => void
  #client: MqttClient | undefined

  constructor(wire: Wire, onLost: () => void = () => undefined) {
    this.#wire = wire
    this.#onLost = onLost
  }

  get isConnected(): boolean {
    return this.#wire.kind === 'http' || (this.#client?.connected ?? false)
  }

  /** Resolves when it is connected, and rejects when the hub refuses. A box that pushes connects with each message. */
  async connect(): Promise<void> {
    const wire = this.#wire
    if (wire.kind === 'http' || this.#client) return
    const { url, clientId, username, password, will, hello } = wire
    const client = mqtt.connect(url, {
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      protocolVersion: 4,
      connectTimeout: connectMsMax,
      reconnectPeriod: 0,
      queueQoSZero: false,
      ...(will ? { will: { topic: will.to, payload: Buffer.from(will.payload), qos: 1, retain: true } } : {})
    })
    this.#client = client
    client.on('close', () => {
      if (client !== this.#client) return
      this.#client = undefined
      this.#onLost()
    })
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve())
      client.once('close', () => reject(new Error('The connection was closed.')))
      client.on('error', (error) => {
        reject(error)
        client.stream.destroy()
      })
    })
    if (hello) await this.#publish(client, hello)
  }

  /** Power or Wi-Fi is gone: no goodbye. */
  vanish(): void {
    this.#client?.stream.destroy()
    this.#client = undefined
  }

  /** Resolves when it was acknowledged (QoS 1, HTTP) or written (QoS 0); rejects when the hub did not take it. */
  async send(messages: readonly Sent[]): Promise<void> {
    for (const message of messages) {
      if (this.#wire.kind === 'http') await post(this.#wire, message)
      else if (this.#client) await this.#publish(this.#client, message)
      else throw new Error('The box is not connected.')
    }
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.endAsync()
  }

  async #publish(client: MqttClient, { to, payload, retain = false }: Sent): Promise<void> {
    const qos = this.#wire.kind === 'mqtt' ? this.#wire.qos : 0
    // MQTT.js would keep it for a reconnect of its own, which is not used here.
    await new Promise<void>((resolve, reject) => {
      const lost = (): void => reject(new Error('The connection was lost.'))
      client.once('close', lost)
      client.publish(to, payload, { qos, retain }, (failure) => {
        client.off('close', lost)
        if (failure) reject(failure)
        else resolve()
      })
    })
  }
}

async function post(
  { origin, headers }: Extract<Wire, { kind: 'http' }>,
  { to, payload }: Sent
): Promise<void> {
  const response = await fetch(origin + to, { method: 'POST', headers: { ...headers }, body: payload })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`)
}
