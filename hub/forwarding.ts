/**
 * Hands readings of outdoor boxes on to sensor.community, where their hosts want it: those boxes know only one target. Only what the
 * store made durable is handed on, of each box the newest, and nothing waits for it: what cannot be handed on in time is left out, as
 * that network has no time in its messages and would take an old value for a new one.
 * Source: sensor.community's firmware, airrohr-firmware.ino (X-Sensor, X-PIN, sensordatavalues).
 */
import type { Fault } from '../model/fault.ts'
import type { MeasuredQuantity, Quantity } from '../model/quantity.ts'
import type { Clock, UnixMs } from '../model/time.ts'
import type { Registry } from '../registry/registry.ts'
import type { Forwardings } from '../registry/promise/forwardings.ts'
import type { LatestReading } from '../store/promise/read.ts'
import type { LiveSource } from './live-feed.ts'
import {
  forwardAgeMsMax,
  forwardAtOnceMax,
  forwardEveryMsMin,
  forwardMsMax,
  forwardSettleMs
} from './limits.ts'

const sensorCommunityUrl = 'https://api.sensor.community/v1/push-sensor-data/'

export interface ForwardingDeps {
  registry: Pick<Registry, 'device' | 'site'> & Pick<Forwardings, 'forwardings'>
  url: string
  /** For the problem list of the device. */
  onFault(deviceId: string, fault: Fault, at: UnixMs): void
  clock: Clock
}

/** Gives how to stop it. What a demo invents goes nowhere. */
export function startForwarding({
  live,
  registry,
  ...deps
}: Omit<ForwardingDeps, 'url' | 'registry'> & {
  registry: ForwardingDeps['registry'] & Pick<Registry, 'isDemo'>
  live: Pick<LiveSource, 'subscribe'>
}): () => void {
  if (registry.isDemo) return () => undefined
  const forwarder = new Forwarder({ ...deps, registry, url: sensorCommunityUrl })
  live.subscribe((latest) => forwarder.stored(latest))
  return () => forwarder.stop()
}

/** What waits of one box: the newest of each quantity. */
interface Waiting {
  values: Map<Quantity, LatestReading>
  timer: NodeJS.Timeout
}

export class Forwarder {
  readonly #deps: ForwardingDeps
  readonly #waiting = new Map<string, Waiting>()
  readonly #sentAt = new Map<string, UnixMs>()
  readonly #ending = new AbortController()
  #atOnce = 0
  readonly stats = { forwarded: 0, refused: 0, leftOut: 0 }

  constructor(deps: ForwardingDeps) {
    this.#deps = deps
  }

  /** As the store tells what it made durable; only notes it. */
  stored(latest: readonly LatestReading[]): void {
    const forwardings = this.#deps.registry.forwardings()
    if (forwardings.length === 0 || this.#ending.signal.aborted) return
    const wanted = new Set(forwardings.map(({ deviceId }) => deviceId))
    for (const reading of latest) if (wanted.has(reading.deviceId)) this.#note(reading)
  }

  /** Safe to call twice. */
  stop(): void {
    this.#ending.abort()
    for (const { timer } of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
  }

  #note(reading: LatestReading): void {
    const { deviceId, quantity } = reading
    const known = this.#waiting.get(deviceId)
    if (known) return void known.values.set(quantity, reading)
    const now = this.#deps.clock.now()
    const sentAt = this.#sentAt.get(deviceId)
    // Some say each value in a message of its own.
    const waitMs = Math.max(forwardSettleMs, sentAt === undefined ? 0 : sentAt + forwardEveryMsMin - now)
    const timer = setTimeout(() => void this.#go(deviceId), waitMs)
    timer.unref()
    this.#waiting.set(deviceId, { values: new Map([[quantity, reading]]), timer })
  }

  async #go(deviceId: string): Promise<void> {
    const { values } = this.#waiting.get(deviceId)!
    this.#waiting.delete(deviceId)
    const { registry, clock } = this.#deps
    const node = registry.forwardings().find((one) => one.deviceId === deviceId)?.node
    const now = clock.now()
    const fresh = [...values.values()].filter(
      ({ siteId, measuredAt }) =>
        now - measuredAt <= forwardAgeMsMax && registry.site(siteId)?.placement === 'outdoor'
    )
    this.stats.leftOut += values.size - fresh.length
    // Its host may have ended it meanwhile, or removed the box.
    if (node === undefined || registry.device(deviceId)?.removedAt !== null || fresh.length === 0) return
    if (this.#atOnce >= forwardAtOnceMax) {
      this.stats.leftOut += fresh.length
      return
    }
    this.#sentAt.set(deviceId, now)
    this.#atOnce++
    try {
      for (const form of formsOf(new Map(fresh.map(({ quantity, value }) => [quantity, value]))))
        await this.#post(deviceId, node, form)
    } finally {
      this.#atOnce--
    }
  }

  async #post(deviceId: string, node: string, { pin, values }: Form): Promise<void> {
    const { url, onFault, clock } = this.#deps
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-sensor': node, 'x-pin': String(pin) },
        body: JSON.stringify({ software_version: 'lamppost', sensordatavalues: values }),
        signal: AbortSignal.any([this.#ending.signal, AbortSignal.timeout(forwardMsMax)])
      })
      await response.body?.cancel()
      if (response.ok) this.stats.forwarded++
      else {
        this.stats.refused++
        onFault(deviceId, refusedFault(node, pin, response.status), clock.now())
      }
    } catch (cause) {
      this.stats.refused++
      if (!this.#ending.signal.aborted) onFault(deviceId, unreachableFault(cause), clock.now())
    }
  }
}

interface Form {
  pin: number
  values: { value_type: string; value: string }[]
}

/** One message for each kind of sensor, as the network wants it; all values are text, and pressure is in pascal. */
export function formsOf(values: ReadonlyMap<Quantity, number>): Form[] {
  const climate = values.has('pressure') ? (values.has('humidity') ? 11 : 3) : values.has('humidity') ? 7 : 13
  const forms: [pin: number, fields: [MeasuredQuantity, string][]][] = [
    [
      1,
      [
        ['pm1', 'P0'],
        ['pm10', 'P1'],
        ['pm2_5', 'P2'],
        ['pm4', 'P4']
      ]
    ],
    [
      climate,
      [
        ['temperature', 'temperature'],
        ['humidity', 'humidity'],
        ['pressure', 'pressure']
      ]
    ],
    [
      15,
      [
        ['laeq', 'noise_LAeq'],
        ['lamin', 'noise_LA_min'],
        ['lamax', 'noise_LA_max']
      ]
    ]
  ]
  return forms.flatMap(([pin, fields]) => {
    const there = fields.flatMap(([quantity, value_type]) => {
      const value = values.get(quantity)
      if (value === undefined) return []
      return [{ value_type, value: (quantity === 'pressure' ? value * 100 : value).toFixed(2) }]
    })
    return there.length > 0 ? [{ pin, values: there }] : []
  })
}

function refusedFault(node: string, pin: number, status: number): Fault {
  return {
    code: 'forwardRefused',
    message:
      status === 403
        ? `sensor.community does not know ${node} with a sensor at pin ${pin}: register it at devices.sensor.community, or end this: npx lamppost device forward`
        : `sensor.community did not take a reading (status ${status}); the hub has it, and sends the next one`,
    field: 'sensor.community'
  }
}

function unreachableFault(cause: unknown): Fault {
  const why = cause instanceof Error ? cause.message.slice(0, 100) : String(cause)
  return {
    code: 'forwardRefused',
    message: `sensor.community could not be reached (${why}); the hub has the reading, and sends the next one`,
    field: 'sensor.community'
  }
}
