/** The fleet live: every box measures at its interval and publishes over a connection of its own. */
import { waitMsMax } from './limits.ts'
import { secondMs, type Clock, type UnixMs } from '../model/time.ts'
import type { Box } from './box.ts'
import { NativeLink, type BoxLink } from './box-link.ts'
import { BoxConnection, type BoxCredentials, type Tally } from './connection.ts'
import { FamilyLink } from './family/family-link.ts'
import type { Running, Wire } from './family/firmware.ts'
import { createRandom, noiseKey, type Random } from './random.ts'

export type { BoxCredentials } from './connection.ts'

export interface PlayedBox {
  box: Box
  credentials: BoxCredentials
  /** What somebody's own box runs, and how it is set up; the native payload unless given. */
  family?: { wire: Wire; firmware: Running } | undefined
}

export interface RunOptions {
  url: string
  boxes: readonly PlayedBox[]
  /** Seconds of simulated time between readings. */
  intervalS: number
  /**
   * How many times faster than the world the neighbourhood lives. Boxes measure that much more often and stamp their
   * readings with the true time, so that a hub believes them.
   */
  speed: number
  /** Simulated time at the start; now when absent. */
  startAt?: UnixMs
  /** What the boxes measured since then (in simulated time) is sent at once: it joins a history that ended there. */
  catchUpFrom?: UnixMs
  seed: number
  clock: Clock
  /** Once a second, and once more when all has stopped. */
  onProgress?: (progress: Progress) => void
}

export interface Progress extends Tally {
  boxes: number
  simulatedAt: UnixMs
}

export interface FleetRun {
  progress(): Progress
  /** Lets every box say goodbye. Safe to call twice. */
  stop(): Promise<void>
}

/** A box tells its battery, signal and uptime this often, in simulated time. */
const statusEveryReadings = 10

/** 60 boxes connect within a third of a second, 10,000 within a minute: a hub takes about 200 logins a second with ease. */
const connectSpreadMsPerBox = 6

export function runFleet(options: RunOptions): FleetRun {
  const { boxes, clock, onProgress } = options
  const startedAt = clock.now()
  const startAt = options.startAt ?? startedAt
  const tally: Tally = {
    connected: 0,
    sent: 0,
    acknowledged: 0,
    readings: 0,
    waiting: 0,
    dropped: 0,
    failures: 0,
    lastFailure: ''
  }
  const random = createRandom(noiseKey(options.seed, 'publish'))
  const time: RunTime = {
    simulatedNow: () => (startAt + (clock.now() - startedAt) * options.speed) as UnixMs,
    stampOf: (t) => Math.round(startedAt + (t - startAt) / options.speed) as UnixMs,
    waitMs: (simulatedMs) => Math.min(waitMsMax, Math.max(0, simulatedMs / options.speed))
  }
  const players = boxes.map(
    ({ box, credentials, family }) =>
      new Player({
        box,
        time,
        intervalMs: options.intervalS * secondMs,
        link: family
          ? new FamilyLink({ ...family, tally })
          : new NativeLink(new BoxConnection({ url: options.url, credentials, random, tally }))
      })
  )
  const from = options.catchUpFrom ?? startAt
  for (const player of players) player.start(from, random, players.length * connectSpreadMsPerBox)

  const progress = (): Progress => ({ ...tally, boxes: boxes.length, simulatedAt: time.simulatedNow() })
  const reporting = setInterval(() => onProgress?.(progress()), secondMs)
  let stopping: Promise<void> | undefined
  return {
    progress,
    stop() {
      stopping ??= (async () => {
        await Promise.all(players.map((player) => player.stop()))
        clearInterval(reporting)
        onProgress?.(progress())
      })()
      return stopping
    }
  }
}

interface RunTime {
  simulatedNow(): UnixMs
  /** The true time at which the world believes a simulated moment to be. */
  stampOf(t: number): UnixMs
  /** Milliseconds of the world that a simulated duration takes. */
  waitMs(simulatedMs: number): number
}

/** Plays one box: wakes at its moments, measures, sends, and loses power and Wi-Fi when the box does. */
class Player {
  readonly #box: Box
  readonly #link: BoxLink
  readonly #time: RunTime
  readonly #intervalMs: number
  #timer: NodeJS.Timeout | undefined
  #readingsSinceStatus = statusEveryReadings
  #isStopped = false

  constructor(parts: { box: Box; link: BoxLink; time: RunTime; intervalMs: number }) {
    this.#box = parts.box
    this.#link = parts.link
    this.#time = parts.time
    this.#intervalMs = parts.intervalMs
  }

  start(from: UnixMs, random: Random, connectSpreadMs: number): void {
    const phaseMs = this.#box.phaseMs(this.#intervalMs)
    const first = Math.ceil((from - phaseMs) / this.#intervalMs) * this.#intervalMs + phaseMs
    this.#timer = setTimeout(
      () => {
        if (this.#hasNetwork(from)) this.#link.connect()
        this.#sleepUntil(first)
      },
      random.between(0, connectSpreadMs)
    )
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#link.close()
  }

  #sleepUntil(next: number): void {
    if (this.#isStopped) return
    const waitMs = this.#time.waitMs(next - this.#time.simulatedNow())
    this.#timer = setTimeout(() => this.#wake(next), waitMs)
  }

  /** Does all that is due since `t`, which after a pause of the whole computer can be more than one reading. */
  #wake(t: number): void {
    const now = this.#time.simulatedNow()
    let next = t
    for (; next <= now; next += this.#intervalMs) this.#live(next)
    this.#sleepUntil(next)
  }

  #live(t: number): void {
    if (this.#hasNetwork(t)) this.#link.connect()
    else this.#link.vanish()
    if (!this.#box.measure(t)) return
    this.#link.measured(this.#box, {
      at: this.#stamp(t),
      trueAt: this.#time.stampOf(t),
      style: this.#timeStyle(),
      isTwice: this.#box.imperfections.isSentTwice(t)
    })
    this.#readingsSinceStatus++
    if (this.#readingsSinceStatus < statusEveryReadings || !this.#link.isConnected) return
    this.#readingsSinceStatus = 0
    this.#link.status(this.#box.status(t))
  }

  #hasNetwork(t: number): boolean {
    return !this.#box.isOff(t) && this.#box.imperfections.wifiLost(t) === null
  }

  /** The box's own clock; a box that has just booted leaves the time to the hub, as long as it is heard at once. */
  #stamp(t: number): UnixMs | null {
    if (!this.#box.knowsTime(t) && this.#link.isConnected) return null
    return (this.#time.stampOf(t) + this.#box.imperfections.clockErrorMs(t)) as UnixMs
  }

  /** Whole seconds are too coarse for a box that measures more often than that. */
  #timeStyle(): Box['timeStyle'] {
    return this.#time.waitMs(this.#intervalMs) < 2 * secondMs ? 'unixMs' : this.#box.timeStyle
  }
}
