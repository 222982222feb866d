/** The fleet live, against a real broker on a real socket. */
import { createServer, type AddressInfo, type Server } from 'node:net'
import { once } from 'node:events'
import { Aedes, type AedesPublishPacket, type Client } from 'aedes'
import { afterEach, describe, expect, it } from 'vitest'
import type { Box } from '../../firmware-sim/box.ts'
import { backoffMs } from '../../firmware-sim/connection.ts'
import { createRandom } from '../../firmware-sim/random.ts'
import { runFleet, type FleetRun, type Progress } from '../../firmware-sim/publish.ts'
import { dayMs, systemClock, type Clock, type UnixMs } from '../../model/time.ts'
import { fleetOf, momentOf, now } from './played.ts'

/** Runs like the system's clock but always starts at the same moment, so that the boxes are in the same mood each time. */
function clockFrom(start: UnixMs): Clock {
  const startedAt = systemClock.now()
  return { now: () => (start + systemClock.now() - startedAt) as UnixMs }
}

interface Hub {
  url: string
  broker: Aedes
  published: { client: string | undefined; topic: string; text: string; retain: boolean }[]
  /** Resolves when what is published satisfies `wanted`. */
  until(wanted: () => boolean): Promise<void>
  close(): Promise<void>
}

const open: { close?(): Promise<void>; stop?(): Promise<void> }[] = []
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await (part.stop ?? part.close)?.call(part)
})

async function startHub(): Promise<Hub> {
  const broker = await Aedes.createBroker()
  const server: Server = createServer((socket) => broker.handle(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const published: Hub['published'] = []
  const wakes = new Set<() => void>()
  broker.on('publish', (packet: AedesPublishPacket, client: Client | null) => {
    if (packet.topic.startsWith('$SYS')) return
    published.push({
      client: client?.id,
      topic: packet.topic,
      text: packet.payload.toString(),
      retain: packet.retain
    })
    for (const wake of wakes) wake()
  })
  const hub: Hub = {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broker,
    published,
    until: (wanted) =>
      new Promise((resolve) => {
        const wake = (): void => {
          if (!wanted()) return
          wakes.delete(wake)
          resolve()
        }
        wakes.add(wake)
        wake()
      }),
    async close() {
      await new Promise<void>((resolve) => broker.close(() => resolve()))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
  open.push(hub)
  return hub
}

function run(
  hub: Hub,
  options: Partial<Parameters<typeof runFleet>[0]> & { sensors?: number } = {}
): FleetRun {
  const { fleet } = fleetOf({ sensors: options.sensors ?? 5, scenario: 'ordinary' })
  const started = runFleet({
    url: hub.url,
    boxes: fleet.boxes.map((box) => ({
      box,
      credentials: {
        deviceId: `d-${box.index}`,
        username: `d-${box.index}`,
        password: 'secret',
        topic: `sensors/d-${box.index}/readings`
      }
    })),
    intervalS: 60,
    speed: 600,
    seed: 1,
    clock: clockFrom(now),
    ...options
  })
  open.push(started)
  return started
}

const readingsIn = (hub: Hub) => hub.published.filter((p) => p.topic.endsWith('/readings'))

describe('a live fleet', () => {
  it('publishes readings with the true time, says online, and goodbye when it stops', async () => {
    const hub = await startHub()
    const reports: Progress[] = []
    const fleet = run(hub, { onProgress: (progress) => reports.push(progress) })
    await hub.until(
      () => new Set(readingsIn(hub).map((p) => p.topic)).size === 5 && readingsIn(hub).length > 30
    )
    await fleet.stop()
    await fleet.stop()

    const { sent, acknowledged, waiting, connected, boxes } = fleet.progress()
    expect({ connected, boxes }).toEqual({ connected: 0, boxes: 5 })
    expect(acknowledged).toBeLessThanOrEqual(sent)
    expect(acknowledged).toBeGreaterThanOrEqual(30)
    expect(waiting).toBe(0)
    expect(reports.at(-1)).toMatchObject({ sent, acknowledged })

    for (const { topic, text } of readingsIn(hub)) {
      const body: unknown = JSON.parse(text)
      for (const reading of Array.isArray(body) ? body : [body]) {
        expect(Object.keys(reading).length).toBeGreaterThan(2)
        if (reading.at !== undefined) expect(Math.abs(momentOf(reading.at) - now)).toBeLessThan(300_000)
      }
      expect(topic).toMatch(/^sensors\/d-[0-4]\/readings$/)
    }
    const status = hub.published.filter((p) => p.topic === 'sensors/d-0/status')
    expect(status[0]).toMatchObject({ text: 'online', retain: true })
    expect(status.at(-1)).toMatchObject({ text: 'offline', retain: true })
    expect(status.some((p) => p.text.startsWith('{') && 'rssi' in JSON.parse(p.text))).toBe(true)
  })

  it('measures live exactly what history says of that moment', async () => {
    const hub = await startHub()
    const from = (now - 3 * 3_600_000) as UnixMs
    const { fleet } = fleetOf({ sensors: 5, scenario: 'ordinary' })
    // Three hours that passed before the start are caught up at once, as arrays.
    const live = run(hub, { speed: 1, catchUpFrom: from })
    await hub.until(() => readingsIn(hub).length >= 5)
    await live.stop()
    let compared = 0
    for (const { topic, text } of readingsIn(hub)) {
      const box = fleet.boxes[Number(topic.split('/')[1]!.slice(2))]!
      const phaseMs = box.phaseMs(60_000)
      const body: unknown = JSON.parse(text)
      for (const { at, ...values } of Array.isArray(body) ? body : [body]) {
        if (at === undefined) continue
        const t = Math.round((momentOf(at) - phaseMs) / 60_000) * 60_000 + phaseMs
        expect(box.measure(t)).toBe(true)
        box.sensor.quantities.forEach((quantity, i) => {
          expect(Math.abs(values[quantity] - box.values[i]!)).toBeLessThanOrEqual(0.51)
          compared++
        })
      }
    }
    expect(compared).toBeGreaterThan(500)
  })

  it('keeps what it measured while the hub was away and sends it as an array afterwards', async () => {
    const hub = await startHub()
    // Nobody is let in at first, and no reading may get lost by that.
    let isOpen = false
    hub.broker.authenticate = (_client, _name, _password, done) => done(null, isOpen)
    const fleet = run(hub, { sensors: 1, speed: 1_000 })
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (fleet.progress().waiting < 10 || fleet.progress().failures < 1) return
        clearInterval(look)
        resolve()
      }, 10)
    })
    expect(fleet.progress()).toMatchObject({ connected: 0, acknowledged: 0 })
    expect(fleet.progress().lastFailure).toMatch(/authorized/i)
    isOpen = true
    await hub.until(() => readingsIn(hub).some((p) => p.text.startsWith('[')))
    const backlog: unknown = JSON.parse(readingsIn(hub)[0]!.text)
    expect(Array.isArray(backlog) && backlog.length).toBeGreaterThanOrEqual(10)
    await fleet.stop()
    expect(fleet.progress()).toMatchObject({ waiting: 0, dropped: 0 })
  })

  it('vanishes without goodbye when a box loses power or Wi-Fi, so that its will is published', async () => {
    const hub = await startHub()
    const { fleet } = fleetOf({ sensors: 60, scenario: 'ordinary' })
    // A box that keeps its readings, and the first of its Wi-Fi outages that is over within the hour.
    const minutes = Array.from({ length: 60 * 24 * 40 }, (_, i) => now + i * 60_000)
    const outageOf = (b: Box) =>
      minutes
        .map((t) => (b.imperfections.keepsBacklog ? b.imperfections.wifiLost(t) : null))
        .find((spell) => spell !== null && spell.until - spell.from < 3_600_000)
    const box = fleet.boxes.find(outageOf)!
    const lostAt = outageOf(box)!.from
    const running = runFleet({
      url: hub.url,
      boxes: [
        {
          box,
          credentials: { deviceId: 'd-1', username: 'd-1', password: 'x', topic: 'sensors/d-1/readings' }
        }
      ],
      intervalS: 60,
      speed: 1_000,
      startAt: (lostAt - 20 * 60_000) as UnixMs,
      seed: 1,
      clock: clockFrom(now)
    })
    open.push(running)
    const offline = (): boolean =>
      hub.published.some((p) => p.topic === 'sensors/d-1/status' && p.text === 'offline')
    await hub.until(offline)
    expect(running.progress().simulatedAt).toBeLessThan(lostAt + dayMs)
    // It comes back by itself, with what it measured meanwhile.
    const seen = hub.published.length
    await hub.until(() => hub.published.slice(seen).some((p) => p.topic.endsWith('/readings')))
  })

  it('waits longer after each failure, never in step, never beyond a minute', () => {
    const random = createRandom(1)
    const waits = Array.from({ length: 20 }, (_, attempt) => backoffMs(attempt, random))
    expect(waits[0]).toBeLessThanOrEqual(1_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000)
    expect(Math.min(...waits.slice(8))).toBeGreaterThanOrEqual(30_000)
    expect(new Set(waits.slice(8)).size).toBeGreaterThan(8)
  })
})
