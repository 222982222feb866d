/** A hub whose computer's clock is wrong: what it stores in the end, what it says meanwhile. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClockSources } from '../../hub/clock/watch.ts'
import { watchHealth } from '../../hub/health.ts'
import { dayMs, hourMs, minuteMs, secondMs, systemClock, toIso, type UnixMs } from '../../model/time.ts'
import { openHubRooms, send, until, type OpenedRooms } from '../support/hub-rooms.ts'
import { relocate } from '../../hub/moving.ts'
import { hasAgreed } from '../../model/visibility.ts'
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
  isServed: () => false,
  boot: undefined
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
  // How many sensors there are is nobody's business: those indoors are among them.
  expect(health.current().reasons.join()).not.toMatch(/\d+ sensors?\b/)
  expect(health.current().reasons).toHaveLength(health.reasons().length)
  return health.reasons()
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

describe('what begins "now" while the clock is wrong', () => {
  /** Two rooms, and one that a person without a name gives to Anna. */
  function addRooms() {
    const now = rooms.clock.now()
    const { streetId } = rooms.registry.addStreet({ name: 'Mina Road' })
    const added = ['h-agrees', 'h-opens', 'h-gives'].map((homeId) =>
      rooms.registry.addDevice({ streetId, placement: 'indoor', homeId }, now)
    )
    sensors = added.map(({ deviceId, siteId }) => ({ deviceId, siteId }))
    return { anna: rooms.registry.addPerson({ name: 'Anna' }, now).personId }
  }

  /** The room of the second sensor becomes public, the third sensor becomes Anna's, and a home agrees. */
  async function begin(anna: string): Promise<number> {
    const { registry, clock } = rooms
    for (const purpose of ['street', 'research'] as const)
      registry.recordConsent({ homeId: 'h-agrees', purpose, by: 'Eva' }, clock.now())
    registry.setKeep(registry.home('h-agrees')!.personId, 12, clock.now())
    await relocate(rooms, sensors[1]!.deviceId, () =>
      registry.makePublic(sensors[1]!.siteId, clock.now(), clock.now())
    )
    await relocate(rooms, sensors[2]!.deviceId, () =>
      registry.handOver(sensors[2]!.deviceId, anna, { at: clock.now(), now: clock.now() })
    )
    return truth()
  }

  /** Without a clock of its own, as they all are. */
  async function sendAll(): Promise<number> {
    const now = truth()
    for (const { deviceId } of sensors) await send(rooms, deviceId, { pm2_5: 8 })
    await rooms.pipeline.service.drain()
    return now
  }

  async function setRight(): Promise<void> {
    errorMs = 0
    for (let looks = 0; looks < 2; looks++) {
      skippedMs += 20 * secondMs
      rooms.clock.now()
    }
    for (const { siteId } of rooms.registry.sites())
      await until(async () => (await stored(siteId)).time.every((at) => Math.abs(at - truth()) < hourMs / 2))
    await rooms.pipeline.service.drain()
  }

  const isAbout = (at: number | null | undefined, right: number): void =>
    expect(Math.abs(at! - right)).toBeLessThan(minuteMs)

  async function expectMended(began: number, times: { before: number; after: number[] }): Promise<void> {
    const { registry } = rooms
    for (const { from, recordedAt, until: end } of registry.consents()) {
      isAbout(from, began)
      expect([recordedAt, end]).toEqual([from, null])
    }
    isAbout(registry.person(registry.home('h-agrees')!.personId)!.keepSetAt, began)
    for (const { deviceId, siteId } of sensors.slice(1)) {
      const [first, second, ...others] = registry.deployments(deviceId)
      expect(others).toEqual([])
      expect([first!.siteId, second!.from]).toEqual([siteId, first!.until])
      isAbout(second!.from, began)
      const [private_, next] = [await stored(siteId), await stored(second!.siteId)]
      expect([private_.time.length, next.time.length]).toEqual([1, times.after.length])
      isAbout(private_.time[0], times.before)
      times.after.forEach((at, i) => isAbout(next.time[i], at))
    }
  }

  it.each([
    ['three days behind', -3 * dayMs],
    ['an hour ahead', hourMs]
  ])('%s: begins when it really did, once that is known', async (_what, error) => {
    await open(error)
    const { anna } = addRooms()
    const before = await sendAll()
    skippedMs += 2 * minuteMs
    const began = await begin(anna)
    skippedMs += 2 * minuteMs
    const after = [await sendAll()]
    await setRight()
    after.push(await sendAll())
    await expectMended(began, { before, after })

    // What a box kept from before it was public stays private.
    const yesterday = toIso(Math.floor(began - dayMs) as UnixMs)
    await send(rooms, sensors[1]!.deviceId, { at: yesterday, pm2_5: 9 })
    await rooms.pipeline.service.drain()
    const isPrivate = await stored(sensors[1]!.siteId)
    expect(isPrivate.value).toContain(9)
    // A second look at the same stretch changes nothing.
    const everything = { from: 0 as UnixMs, until: 4e12 as UnixMs, shiftMs: dayMs }
    const consents = rooms.registry.consents()
    rooms.registry.mendMoments(everything, rooms.clock.now())
    expect(rooms.registry.consents()).toEqual(consents)
  })

  it('a consent that a clock ended later than its next one begins leaves a gap', async () => {
    await open(0)
    addRooms()
    const { registry } = rooms
    const first = { homeId: 'h-agrees', purpose: 'street', by: 'Eva' } as const
    const at = (days: number): UnixMs => (systemClock.now() + days * dayMs) as UnixMs
    registry.recordConsent(first, at(-9))
    registry.endConsents({ homeId: 'h-agrees', by: 'Eva' }, at(3))
    registry.recordConsent(first, at(-5))
    expect(hasAgreed(registry.consents(), 'h-agrees', at(-8), at(0))).toBe(false)
    expect(hasAgreed(registry.consents(), 'h-agrees', at(-4), at(0))).toBe(true)
  })
})

describe('a hub that is killed while its clock is wrong', () => {
  const messages = 6_000
  const boot = 'of the test'
  const script = join(import.meta.dirname, '../support/wrong-clock-process.ts')

  async function wrongHub(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [script, folder.path, '-8', String(messages), boot], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH }
    })
    const [line] = (await once(child.stdout!, 'data')) as [Buffer]
    expect(String(line)).toContain('stored')
    return child
  }

  async function kill(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  /** Of stretches that were noted as wrong: whether each is mended. */
  function mendedInJournal(): boolean[] {
    const db = new DatabaseSync(join(folder.path, 'journal.sqlite'), { readOnly: true })
    const rows = db.prepare('SELECT done FROM mended_times').all()
    db.close()
    return rows.map(({ done }) => done === 1)
  }

  async function startAgain(): Promise<void> {
    errorMs = 0
    rooms = await openHubRooms(folder.path, 'Europe/London', {
      ...sources,
      steadyMs: () => performance.timeOrigin + performance.now() + skippedMs,
      boot
    })
  }

  async function expectAllNow(): Promise<void> {
    await until(() => mendedInJournal().length === 1 && mendedInJournal().every(Boolean))
    await rooms.pipeline.service.drain()
    const sites = rooms.registry.sites()
    let count = 0
    for (const { siteId } of sites) {
      const { time } = await stored(siteId)
      count += time.length
      for (const at of [time[0]!, time.at(-1)!]) expect(Math.abs(at - truth())).toBeLessThan(5 * minuteMs)
    }
    expect([sites.length, count]).toEqual([3, messages])
  }

  it('before that is found mends what it had stored when it is started again', async () => {
    await kill(await wrongHub())
    await startAgain()
    skippedMs += 20 * secondMs
    rooms.clock.now()
    skippedMs += 20 * secondMs
    rooms.clock.now()
    await expectAllNow()
  })

  it('in the middle of mending goes on with it', async () => {
    const child = await wrongHub()
    child.stdin!.write('set\n')
    await until(() => mendedInJournal().length > 0)
    await kill(child)
    expect(mendedInJournal()).toEqual([false])
    await startAgain()
    await expectAllNow()
  })
})
