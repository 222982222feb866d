/** Ingest with a real journal: everything accepted is stored once, whatever stops, fails or changes in between. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startIngest, type Ingest, type IngestDeps } from '../../ingest/follow.ts'
import type { Directory } from '../../ingest/ingest.ts'
import type { Journal, JournalReader } from '../../journal/journal.ts'
import { openJournal } from '../../journal/open.ts'
import { openJournalReader } from '../../journal/reader.ts'
import type { Problem } from '../../model/fault.ts'
import type { Deployment } from '../../model/place.ts'
import type { UnixMs } from '../../model/time.ts'
import type { LatestReading } from '../../store/store.ts'
import { KeepingStore } from './keeping-store.ts'

const start = Date.UTC(2026, 10, 22, 10) as UnixMs
const clock = { now: () => start }

let folder: string
let journal: Journal
let reader: JournalReader
let store: KeepingStore
let directory: Directory
let told: {
  stored: LatestReading[][]
  problems: Problem[]
  intervals: string[]
  bugs: unknown[]
  warnings: string[]
}
let running: Ingest[]
let sequenceOfTime: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-ingest-'))
  journal = await openJournal({ dataFile: join(folder, 'journal.sqlite'), clock })
  reader = openJournalReader(journal.connectReader())
  store = new KeepingStore()
  directory = hanging('d-1', 's-1')
  told = { stored: [], problems: [], intervals: [], bugs: [], warnings: [] }
  running = []
  sequenceOfTime = 0
})

afterEach(async () => {
  for (const ingest of running) await ingest.stop()
  await reader.close()
  await journal.close()
  await rm(folder, { recursive: true })
})

function hanging(deviceId: string, siteId: string, span: Partial<Deployment> = {}): Directory {
  const deployments = [{ deviceId, siteId, from: null, until: null, ...span }]
  return new Map([[deviceId, { deviceId, dialect: 'lamppost', intervalS: 60, deployments }]])
}

/** Time between retries does not pass by itself: the store comes back when the test says so, then a turn later it is tried. */
const turn: IngestDeps['sleep'] = () => new Promise((resolve) => setImmediate(resolve))

function follow(change: Partial<IngestDeps> = {}): Ingest {
  const ingest = startIngest({
    journal: reader,
    store,
    directory: () => directory,
    events: {
      stored: (latest) => told.stored.push(latest),
      problems: (problems) => told.problems.push(...problems),
      intervalLearnt: (deviceId, intervalS) => told.intervals.push(`${deviceId} ${intervalS}`)
    },
    random: () => 0.5,
    log: { info: () => undefined, warn: (_fields, message) => told.warnings.push(message) },
    onBug: (cause) => told.bugs.push(cause),
    sleep: turn,
    ...change
  })
  running.push(ingest)
  return ingest
}

async function send(body: unknown, deviceId = 'd-1', kind = 'readings'): Promise<void> {
  const payload = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
  const receivedAt = (start + sequenceOfTime++ * 1_000) as UnixMs
  await new Promise<void>((resolve, reject) =>
    journal.append({ deviceId, topic: `sensors/${deviceId}/${kind}`, payload, receivedAt }, (failure) =>
      failure ? reject(failure) : resolve()
    )
  )
}

describe('following the journal', () => {
  it('stores what was there before, and what comes after', async () => {
    await send({ pm2_5: 1, humidity: 140 })
    const ingest = follow()
    await ingest.drain()
    await send({ pm2_5: 2 })
    await ingest.drain()
    expect(store.lines()).toEqual([
      'humidity 140 at s-1 2026-11-22T10:00:00.000Z',
      'pm2_5 1 at s-1 2026-11-22T10:00:00.000Z',
      'pm2_5 2 at s-1 2026-11-22T10:00:01.000Z'
    ])
    expect([...store.kept.values()].map(({ quantity, flag }) => `${quantity} ${flag}`)).toEqual([
      'pm2_5 1',
      'humidity 4',
      'pm2_5 1'
    ])
    expect(told.problems).toEqual([
      {
        deviceId: 'd-1',
        at: start,
        code: 'outOfRange',
        message: 'humidity 140 % is above 100 %',
        field: 'humidity',
        value: 140
      }
    ])
    expect(ingest.stats()).toMatchObject({
      messages: 2,
      readings: 3,
      faults: { outOfRange: 1 },
      checkpoint: 2
    })
  })

  it('wakes by itself when a message comes', async () => {
    const arrived = new Promise<LatestReading[]>((resolve) => {
      follow({ events: { stored: resolve, problems: () => undefined, intervalLearnt: () => undefined } })
    })
    await send({ pm2_5: 7 })
    expect(await arrived).toMatchObject([{ siteId: 's-1', quantity: 'pm2_5', value: 7 }])
  })

  it('moves the checkpoint, so that the next one goes on from there', async () => {
    await send({ pm2_5: 1 })
    const first = follow()
    await first.drain()
    await first.stop()
    expect(reader.checkpoint()).toBe(1)
    await send({ pm2_5: 2 })
    store.batches.length = 0
    await follow().drain()
    expect(store.batches).toEqual([1])
    expect(store.kept.size).toBe(2)
  })

  it('does again what a crash left between the store and the checkpoint, and stores it once', async () => {
    for (let i = 0; i < 10; i++) await send({ pm2_5: i })
    const crash = new Error('the power went')
    const dying: JournalReader = {
      checkpoint: () => reader.checkpoint(),
      read: (sequence, max) => reader.read(sequence, max),
      moveCheckpoint: () => Promise.reject(crash),
      hold: (messages) => reader.hold(messages),
      held: (deviceId, max) => reader.held(deviceId, max),
      heldCounts: () => reader.heldCounts(),
      release: (deviceId, sequences) => reader.release(deviceId, sequences),
      onAppended: () => undefined,
      close: () => Promise.resolve()
    }
    const first = follow({ journal: dying })
    await expect(first.drain()).rejects.toBe(crash)
    expect(told.bugs).toEqual([crash])
    expect(reader.checkpoint()).toBe(0)

    const second = follow()
    await second.drain()
    expect(store.kept.size).toBe(10)
    expect(second.stats()).toMatchObject({ readings: 10, repeated: 10, checkpoint: 10 })
  })

  it('puts each reading where the device hung when it was measured', async () => {
    const moved = (start + 30_000) as UnixMs
    const [old, now] = [
      { deviceId: 'd-1', siteId: 's-old', from: null, until: moved },
      { deviceId: 'd-1', siteId: 's-new', from: moved, until: null }
    ]
    directory = new Map([
      ['d-1', { deviceId: 'd-1', dialect: 'lamppost', intervalS: 60, deployments: [old, now] }]
    ])
    await send([
      { at: moved - 1, pm2_5: 1 },
      { at: moved, pm2_5: 2 },
      { at: moved - 2, pm2_5: 3 }
    ])
    await follow().drain()
    expect(store.lines().map((line) => line.slice(0, 18))).toEqual([
      'pm2_5 3 at s-old 2',
      'pm2_5 1 at s-old 2',
      'pm2_5 2 at s-new 2'
    ])
  })

  it('tells the newest good reading of each site and quantity, after the store has it', async () => {
    await send([
      { at: start + 3, pm2_5: 3 },
      { at: start + 9, pm2_5: -5 },
      { at: start + 5, pm2_5: 5, humidity: 60 }
    ])
    await follow().drain()
    expect(told.stored).toEqual([
      [
        expect.objectContaining({ siteId: 's-1', deviceId: 'd-1', quantity: 'pm2_5', value: 5, flag: 1 }),
        expect.objectContaining({ quantity: 'humidity', value: 60 })
      ]
    ])
  })

  it('cuts a flood of arrays into batches of bounded size', async () => {
    const names = [
      'pm1',
      'pm2_5',
      'pm4',
      'pm10',
      'temperature',
      'humidity',
      'pressure',
      'laeq',
      'lamin',
      'lamax'
    ]
    for (let message = 0; message < 12; message++) {
      const member = (i: number): object => ({
        at: start - (message * 500 + i) * 1_000,
        ...Object.fromEntries(names.map((name) => [name, 900]))
      })
      await send(Array.from({ length: 500 }, (_, i) => member(i)))
    }
    await follow().drain()
    expect(store.kept.size).toBe(60_000)
    expect(store.batches).toEqual([50_000, 10_000])
  })

  it('sends on the first problems of each kind and counts the rest', async () => {
    await send(Array.from({ length: 300 }, () => ({ humidity: 140, pm2_5: 'low' })))
    const ingest = follow()
    await ingest.drain()
    expect(told.problems.map(({ code }) => code).toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => 'notANumber'),
      ...Array.from({ length: 3 }, () => 'outOfRange')
    ])
    expect(ingest.stats()).toMatchObject({
      faults: { outOfRange: 300, notANumber: 300 },
      problemsWithheld: 594
    })
  })

  it('learns the interval of a device that has none, once', async () => {
    const entry = directory.get('d-1')!
    directory = new Map([['d-1', { ...entry, intervalS: null }]])
    await send(Array.from({ length: 30 }, (_, i) => ({ at: start - i * 147_800, pm2_5: 8 })))
    await send(Array.from({ length: 30 }, (_, i) => ({ at: start - i * 147_800 - 1, pm2_5: 8 })))
    await follow().drain()
    expect(told.intervals).toEqual(['d-1 148'])
  })
})

describe('a store that is down', () => {
  it('is tried for ever, the journal keeping what waits', async () => {
    store.takeAway()
    await send({ pm2_5: 1 })
    let tries = 0
    const ingest = follow({
      sleep: async () => {
        expect(ingest.stats().storeFailing).toContain('the disk is full')
        expect(reader.checkpoint()).toBe(0)
        if (++tries === 50) store.giveBack()
      }
    })
    await ingest.drain()
    expect(tries).toBe(50)
    expect(store.lines()).toEqual(['pm2_5 1 at s-1 2026-11-22T10:00:00.000Z'])
    expect(ingest.stats()).toMatchObject({ storeFailing: null, checkpoint: 1 })
    expect(told.warnings).toHaveLength(1)
    expect(told.bugs).toEqual([])
  })

  it('is waited for longer each time, with jitter, up to half a minute', async () => {
    store.takeAway()
    await send({ pm2_5: 1 })
    const waits: number[] = []
    const ingest = follow({
      sleep: async (ms) => {
        if (waits.push(ms) === 12) store.giveBack()
      }
    })
    await ingest.drain()
    expect(waits.slice(0, 4)).toEqual([188, 375, 750, 1_500])
    expect(waits.at(-1)).toBe(22_500)
  })

  it('does not keep ingest from stopping', async () => {
    store.takeAway()
    await send({ pm2_5: 1 })
    let stopped: Promise<void> | undefined
    const ingest = follow({
      sleep: async () => {
        stopped ??= ingest.stop()
      }
    })
    await expect(ingest.drain()).rejects.toThrow('in the journal')
    await stopped
    await ingest.stop()
    expect(told.bugs).toEqual([])
    expect(reader.checkpoint()).toBe(0)
  })

  it('is told from a bug, which is not retried', async () => {
    store.failure = new TypeError('we are wrong')
    await send({ pm2_5: 1 })
    const ingest = follow()
    await expect(ingest.drain()).rejects.toThrow('we are wrong')
    expect(told.bugs).toEqual([store.failure])
    await expect(ingest.drain()).rejects.toThrow('we are wrong')
  })

  it('may be in another thread: its error is known by its code', async () => {
    store.failure = Object.assign(new Error('The store is unavailable (writing).'), {
      code: 'storeUnavailable'
    })
    await send({ pm2_5: 1 })
    const ingest = follow({ sleep: async () => store.giveBack() })
    await ingest.drain()
    expect(store.kept.size).toBe(1)
  })
})

describe('a device that hangs nowhere', () => {
  it('is held until somebody claims it', async () => {
    directory = new Map()
    await send({ pm2_5: 1, humidity: 'x' })
    await send({ pm2_5: 2 })
    const ingest = follow()
    await ingest.drain()
    expect(store.kept.size).toBe(0)
    expect(reader.checkpoint()).toBe(2)
    expect(ingest.stats()).toMatchObject({ held: 2, faults: { unclaimed: 2 } })
    expect(told.problems.map(({ code, deviceId }) => `${code} ${deviceId}`)).toEqual(['unclaimed d-1'])

    directory = hanging('d-1', 's-1')
    ingest.directoryChanged()
    await ingest.drain()
    expect(store.lines()).toEqual([
      'pm2_5 1 at s-1 2026-11-22T10:00:00.000Z',
      'pm2_5 2 at s-1 2026-11-22T10:00:01.000Z'
    ])
    expect(reader.held('d-1', 10)).toEqual([])
    expect(ingest.stats().held).toBe(0)
    expect(told.problems.at(-1)).toMatchObject({ code: 'notANumber', field: 'humidity', at: start })
  })

  it('is claimed at the next start too', async () => {
    directory = new Map()
    await send({ pm2_5: 1 })
    const first = follow()
    await first.drain()
    await first.stop()
    directory = hanging('d-1', 's-1')
    const second = follow()
    expect(second.stats().held).toBe(1)
    await second.drain()
    expect(store.kept.size).toBe(1)
    expect(second.stats().held).toBe(0)
  })

  it('keeps a message of which a part hangs nowhere, and stores the rest now', async () => {
    const from = (start + 10) as UnixMs
    directory = hanging('d-1', 's-1', { from })
    await send([
      { at: start, pm2_5: 1 },
      { at: start + 10, pm2_5: 2 }
    ])
    const ingest = follow()
    await ingest.drain()
    expect(store.lines()).toEqual(['pm2_5 2 at s-1 2026-11-22T10:00:00.010Z'])
    expect(reader.held('d-1', 10)).toHaveLength(1)

    directory = hanging('d-1', 's-1', { from: (start + 5) as UnixMs })
    ingest.directoryChanged()
    await ingest.drain()
    expect(reader.held('d-1', 10)).toHaveLength(1)

    directory = hanging('d-1', 's-1')
    ingest.directoryChanged()
    await ingest.drain()
    expect(store.kept.size).toBe(2)
    expect(reader.held('d-1', 10)).toEqual([])
  })

  it('lets the others through, and what holds nothing is not held', async () => {
    const entry = { deviceId: 'd-2', dialect: 'lamppost', intervalS: 60, deployments: [] }
    directory = new Map([...hanging('d-1', 's-1'), ['d-2', entry]])
    await send('online', 'd-2', 'status')
    await send({ pm2_5: 1 }, 'd-2')
    await send('not JSON', 'd-2')
    await send({ pm2_5: 2 }, 'd-1')
    const ingest = follow()
    await ingest.drain()
    expect(store.lines()).toEqual(['pm2_5 2 at s-1 2026-11-22T10:00:03.000Z'])
    expect(reader.held('d-2', 10).map(({ sequence }) => sequence)).toEqual([2, 3])
  })

  it('with thousands of messages is claimed in stretches, past those that must stay', async () => {
    directory = new Map()
    const body = (i: number): object => ({ at: start + (i % 2 === 0 ? -1_000_000 : 0) + i, pm2_5: 1 })
    await Promise.all(Array.from({ length: 9_000 }, (_, i) => send(body(i))))
    const ingest = follow()
    await ingest.drain()
    expect(ingest.stats().held).toBe(9_000)
    directory = hanging('d-1', 's-1', { from: start })
    ingest.directoryChanged()
    await ingest.drain()
    expect(store.kept.size).toBe(4_500)
    expect(ingest.stats().held).toBe(4_500)
  })
})
