/** A hub whose computer's clock is wrong: what it stores in the end, what it says meanwhile. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClockSources } from '../../hub/clock/watch.ts'
import { watchHealth } from '../../hub/health.ts'
import { dayMs, hourMs, minuteMs, secondMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import { openHubRooms, send, until, type OpenedRooms } from '../support/hub-rooms.ts'
import { temporaryFolder } from '../support/hub-process.ts'

/** Time that the test has passed over, and how wrong the computer's clock is. */
let skippedMs = 0
let errorMs = 0
let folder: ReturnType<typeof temporaryFolder>
let rooms: OpenedRooms
let sensors: { deviceId: string; siteId: string }[]

const truth = (): number => Date.now() + skippedMs
const sources: ClockSources = {
  wall: { now: () => (truth() + errorMs) as UnixMs },
  steadyMs: () => performance.now() + skippedMs,
  isServed: () => false
}

async function open(error: number): Promise<void> {
  errorMs = error
  rooms = await openHubRooms(folder.path, 'Europe/London', sources)
}

beforeEach(() => {
  folder = temporaryFolder()
  skippedMs = 0
})
afterEach(async () => {
  await rooms.close()
  folder.remove()
})

function addSensors(count: number): void {
  const now = systemClock.now()
  const { streetId } = rooms.registry.addStreet({ name: 'Mina Road' })
  sensors = Array.from({ length: count }, () => {
    const { deviceId } = rooms.registry.addDevice({ streetId, placement: 'outdoor' }, now)
    return { deviceId, siteId: rooms.registry.deployments(deviceId)[0]!.siteId }
  })
}

/** What each sensor measured; the last one has no clock. Gives the true times. */
async function speak(): Promise<number> {
  const now = truth()
  for (const [i, { deviceId }] of sensors.entries()) {
    const at = i < sensors.length - 1 ? { at: toIso(Math.floor(now) as UnixMs) } : {}
    await send(rooms, deviceId, { ...at, pm2_5: 8 })
  }
  await rooms.pipeline.service.drain()
  return now
}

async function stored(siteId: string) {
  const everything = { from: 0 as UnixMs, until: 4e12 as UnixMs }
  return rooms.pipeline.service.raw({ siteId, quantity: 'pm2_5', ...everything })
}

/** Every reading stands at its own time, once, with the flag that it would have had under a right clock. */
async function expectRight(times: readonly number[]): Promise<void> {
  for (const { siteId } of sensors) {
    const { time, flag, reasons } = await stored(siteId)
    expect(time).toHaveLength(times.length)
    time.forEach((at, i) => expect(Math.abs(at - times[i]!)).toBeLessThan(minuteMs))
    expect(new Set(flag)).toEqual(new Set([1]))
    expect(new Set(reasons)).toEqual(new Set([0]))
  }
  const latest = await rooms.pipeline.service.latest()
  for (const { measuredAt } of latest) expect(Math.abs(measuredAt - times.at(-1)!)).toBeLessThan(minuteMs)
}

async function reasons(): Promise<string[]> {
  const health = watchHealth(rooms, 'test')
  await health.look()
  return health.current().reasons
}

describe('a hub whose clock is wrong', () => {
  it('eight hours behind: believes its sensors, says so, and mends what it had stored', async () => {
    await open(-8 * hourMs)
    addSensors(4)
    const times: number[] = []
    for (let i = 0; i < 4; i++) {
      times.push(await speak())
      skippedMs += 6 * secondMs
    }
    await until(() => rooms.clock.doubt()?.kind === 'sensors')
    times.push(await speak())
    await until(async () => (await stored(sensors.at(-1)!.siteId)).time[0]! > times[0]! - minuteMs)
    await rooms.pipeline.service.drain()
    await expectRight(times)
    expect(Math.abs(rooms.clock.now() - truth())).toBeLessThan(minuteMs)
    const [reason] = await reasons()
    expect(reason).toContain('but 3 sensors with clocks of their own agree that it is 8 hours later')

    // A second decoding gives the same, and so does a hub that was started again with a right clock.
    await rooms.pipeline.service.replay({})
    await expectRight(times)
    await rooms.close()
    await open(0)
    await rooms.pipeline.service.replay({})
    await expectRight(times)
    expect(await reasons()).toEqual([])
  })

  it('in 2029 for two seconds: stores nothing there, with or without times of the sensors', async () => {
    await open(0)
    addSensors(2)
    const times = [await speak()]
    errorMs = 1_100 * dayMs
    skippedMs += 2 * secondMs
    times.push(await speak())
    expect((await reasons())[0]).toContain('was set 1100 days forward')
    errorMs = 0
    skippedMs += minuteMs
    times.push(await speak())
    await expectRight(times)
    expect(await reasons()).toEqual([])
  })

  it('in 2029 until a time server sets it: what it stored until then is mended, and nothing says 2029', async () => {
    await open(1_100 * dayMs)
    addSensors(2)
    const times = [await speak()]
    errorMs = 0
    skippedMs += 5 * secondMs
    times.push(await speak())
    skippedMs += 20 * secondMs
    await until(() => rooms.clock.doubt() === undefined)
    times.push(await speak())
    await until(async () => (await stored(sensors[1]!.siteId)).time.at(-1)! < truth() + minuteMs)
    await rooms.pipeline.service.drain()
    await expectRight(times)
    for (const { siteId } of sensors) {
      const range = { from: 0 as UnixMs, until: 4e12 as UnixMs }
      const hours = await rooms.pipeline.service.rollup({
        siteId,
        quantity: 'pm2_5',
        window: 'hour',
        ...range
      })
      for (const hour of hours.time) expect(hour).toBeLessThan(truth())
    }
  })
})
