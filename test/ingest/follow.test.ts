/** Ingest with a real journal: everything accepted is stored once, whatever stops, fails or changes in between. */
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gatherCommitsMax } from '../../ingest/limits.ts'
import type { JournalReader } from '../../journal/journal.ts'
import type { UnixMs } from '../../model/time.ts'
import type { LatestReading } from '../../store/promise/read.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'
import { IngestRig, start } from './ingest-rig.ts'

let rig: IngestRig
const nothing = (): void => undefined

beforeEach(async () => {
  rig = await IngestRig.open()
})

afterEach(() => rig.close())

describe('following the journal', () => {
  it('stores what was there before, and what comes after', async () => {
    await rig.send({ pm2_5: 1, humidity: 140 })
    const ingest = rig.follow()
    await ingest.drain()
    await rig.send({ pm2_5: 2 })
    await ingest.drain()
    expect(rig.store.lines()).toEqual([
      'humidity 140 at s-1 2026-11-22T10:00:00.000Z',
      'pm2_5 1 at s-1 2026-11-22T10:00:00.000Z',
      'pm2_5 2 at s-1 2026-11-22T10:00:01.000Z'
    ])
    expect([...rig.store.kept.values()].map(({ quantity, flag }) => `${quantity} ${flag}`)).toEqual([
      'pm2_5 1',
      'humidity 4',
      'pm2_5 1'
    ])
    expect(rig.told.problems).toEqual([
      {
        deviceId: 'd-1',
        at: start,
        aboutFrom: start,
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
      const events = { problems: nothing, paused: nothing, health: nothing, times: nothing }
      rig.follow({ events: { stored: resolve, ...events } })
    })
    await rig.send({ pm2_5: 7 })
    expect(await arrived).toMatchObject([{ siteId: 's-1', quantity: 'pm2_5', value: 7 }])
  })

  it('moves the checkpoint, so that the next one goes on from there', async () => {
    await rig.send({ pm2_5: 1 })
    const first = rig.follow()
    await first.drain()
    await first.stop()
    expect(rig.reader.checkpoint()).toBe(1)
    await rig.send({ pm2_5: 2 })
    rig.store.batches.length = 0
    await rig.follow().drain()
    expect(rig.store.batches).toEqual([1])
    expect(rig.store.kept.size).toBe(2)
  })

  it('does again what a crash left between the store and the checkpoint, and stores it once', async () => {
    for (let i = 0; i < 10; i++) await rig.send({ pm2_5: i })
    const crash = new Error('the power went')
    const dying: JournalReader = {
      checkpoint: () => rig.reader.checkpoint(),
      lastSequence: () => rig.reader.lastSequence(),
      read: (sequence, max) => rig.reader.read(sequence, max),
      sources: () => rig.reader.sources(),
      moveCheckpoint: () => Promise.reject(crash),
      hold: (messages) => rig.reader.hold(messages),
      held: (deviceId, max, after) => rig.reader.held(deviceId, max, after),
      heldCounts: () => rig.reader.heldCounts(),
      release: (deviceId, sequences) => rig.reader.release(deviceId, sequences),
      onAppended: () => undefined,
      close: () => Promise.resolve()
    }
    const first = rig.follow({ journal: dying })
    await expect(first.drain()).rejects.toBe(crash)
    expect(rig.told.bugs).toEqual([crash])
    expect(rig.reader.checkpoint()).toBe(0)

    const second = rig.follow()
    await second.drain()
    expect(rig.store.kept.size).toBe(10)
    expect(second.stats()).toMatchObject({ readings: 10, repeated: 10, checkpoint: 10 })
  })

  it('puts each reading where the device was installed when it was measured', async () => {
    const moved = (start + 30_000) as UnixMs
    const [old, now] = [
      { deviceId: 'd-1', siteId: 's-old', from: null, until: moved },
      { deviceId: 'd-1', siteId: 's-new', from: moved, until: null }
    ]
    rig.directory = new Map([
      [
        'd-1',
        {
          deviceId: 'd-1',
          dialect: 'lamppost',
          sensors: [],
          intervalS: 60,
          intervalSource: 'given',
          deployments: [old, now]
        }
      ]
    ])
    await rig.send([
      { at: moved - 1, pm2_5: 1 },
      { at: moved, pm2_5: 2 },
      { at: moved - 2, pm2_5: 3 }
    ])
    await rig.follow().drain()
    expect(rig.store.lines().map((line) => line.slice(0, 18))).toEqual([
      'pm2_5 3 at s-old 2',
      'pm2_5 1 at s-old 2',
      'pm2_5 2 at s-new 2'
    ])
  })

  it('tells the newest good reading of each site and quantity, after the store has it', async () => {
    await rig.send([
      { at: start + 3, pm2_5: 3 },
      { at: start + 9, pm2_5: -50 },
      { at: start + 5, pm2_5: 5, humidity: 60 }
    ])
    await rig.follow().drain()
    expect(rig.told.stored).toEqual([
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
      await rig.send(Array.from({ length: 500 }, (_, i) => member(i)))
    }
    await rig.follow().drain()
    expect(rig.store.kept.size).toBe(60_000)
    expect(rig.store.batches).toEqual([50_000, 10_000])
  })

  it('sends on the first problems of each kind and counts the rest', async () => {
    await rig.send(Array.from({ length: 300 }, () => ({ humidity: 140, pm2_5: 'low' })))
    const ingest = rig.follow()
    await ingest.drain()
    expect(rig.told.problems.map(({ code }) => code).toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => 'notANumber'),
      ...Array.from({ length: 3 }, () => 'outOfRange')
    ])
    expect(ingest.stats()).toMatchObject({
      faults: { outOfRange: 300, notANumber: 300 },
      problemsWithheld: 594
    })
  })
})

describe('messages that trickle', () => {
  const untilAborted = (_ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

  it('share a batch: the first is stored at once, the next with what comes within a moment', async () => {
    const gathered = Promise.withResolvers<void>()
    let gathers = 0
    const ingest = rig.follow({ sleep: () => (gathers++ === 0 ? gathered.promise : Promise.resolve()) })
    await rig.send({ pm2_5: 0 })
    await expect.poll(() => ingest.stats().checkpoint).toBe(1)
    for (let i = 1; i <= 20; i++) await rig.send({ pm2_5: i })
    expect(ingest.stats().checkpoint).toBe(1)
    gathered.resolve()
    await ingest.drain()
    expect(rig.store.batches).toEqual([1, 20])
  })

  it('and wait no longer than until many have come', async () => {
    const ingest = rig.follow({ sleep: untilAborted })
    await rig.send({ pm2_5: 0 })
    await expect.poll(() => ingest.stats().checkpoint).toBe(1)
    for (let i = 1; i <= gatherCommitsMax; i++) await rig.send({ pm2_5: i })
    await expect.poll(() => ingest.stats().checkpoint).toBeGreaterThan(1)
  })

  it('keep nobody waiting who asks for them', async () => {
    const ingest = rig.follow({ sleep: untilAborted })
    for (let i = 0; i < 3; i++) {
      await rig.send({ pm2_5: i })
      await ingest.drain()
    }
    expect(ingest.stats().checkpoint).toBe(3)
  })
})

describe('a store that is down', () => {
  it('is tried for ever, the journal keeping what waits', async () => {
    rig.store.takeAway()
    await rig.send({ pm2_5: 1 })
    let tries = 0
    const ingest = rig.follow({
      sleep: async () => {
        expect(ingest.stats().storeFailing).toContain('the disk is full')
        expect(rig.reader.checkpoint()).toBe(0)
        if (++tries === 50) rig.store.giveBack()
      }
    })
    await ingest.drain()
    expect(tries).toBe(50)
    expect(rig.store.lines()).toEqual(['pm2_5 1 at s-1 2026-11-22T10:00:00.000Z'])
    expect(ingest.stats()).toMatchObject({ storeFailing: null, checkpoint: 1 })
    expect(rig.told.warnings).toHaveLength(1)
    expect(rig.told.bugs).toEqual([])
  })

  it('keeps nobody waiting for what comes later', async () => {
    const ingest = rig.follow()
    await ingest.drain()
    // With every batch that is stored the next message is there already, as under a steady load.
    let stored = 0
    rig.store.onWrite = async () => {
      if (++stored < 500) await rig.send({ pm2_5: stored })
    }
    await rig.send({ pm2_5: 0 })
    await ingest.drain()
    expect(stored).toBeLessThan(500)
  })

  it('is not blamed for a journal that another program holds', async () => {
    await rig.send({ pm2_5: 1 })
    const other = new DatabaseSync(rig.journalFile)
    other.exec('BEGIN IMMEDIATE')
    const ingest = rig.follow({
      sleep: async () => {
        expect(ingest.stats()).toMatchObject({
          storeFailing: null,
          journalFailing: expect.stringContaining('Another program is using the file') as string
        })
        other.close()
      }
    })
    await ingest.drain()
    expect(ingest.stats()).toMatchObject({ journalFailing: null, checkpoint: 1 })
  }, 30_000)

  it('is waited for longer each time, with jitter, up to half a minute', async () => {
    rig.store.takeAway()
    await rig.send({ pm2_5: 1 })
    const waits: number[] = []
    const ingest = rig.follow({
      sleep: async (ms) => {
        if (waits.push(ms) === 12) rig.store.giveBack()
      }
    })
    await ingest.drain()
    expect(waits.slice(0, 4)).toEqual([188, 375, 750, 1_500])
    expect(waits.at(-1)).toBe(22_500)
  })

  it('gets readings where the device hung, though it was moved while the store was away', async () => {
    const installedAt = (siteId: string) => ({
      deviceId: 'd-1',
      dialect: 'lamppost',
      sensors: [],
      intervalS: 60,
      intervalSource: 'given' as const,
      deployments: [{ deviceId: 'd-1', siteId, from: null, until: null }]
    })
    rig.directory = new Map([['d-1', installedAt('s-left')]])
    await rig.send({ pm2_5: 1 })
    rig.store.takeAway()
    const ingest = rig.follow({
      async sleep() {
        rig.directory = new Map([['d-1', installedAt('s-new')]])
        rig.store.giveBack()
        return Promise.resolve()
      }
    })
    await ingest.drain()
    expect(rig.store.lines()).toEqual(['pm2_5 1 at s-new 2026-11-22T10:00:00.000Z'])
    expect(ingest.stats()).toMatchObject({ messages: 1, readings: 1 })
  })

  it('is left alone for as long as it asks, up to ten minutes', async () => {
    await rig.send({ pm2_5: 1 })
    const asked = [30_000, 100, 86_400_000, undefined]
    const waits: number[] = []
    const next = (): Error => new StoreUnavailable('writing', new Error('too much'), asked[waits.length])
    rig.store.failure = next()
    const ingest = rig.follow({
      sleep: async (ms) => {
        waits.push(ms)
        rig.store.failure = waits.length < asked.length ? next() : undefined
      }
    })
    await ingest.drain()
    expect(waits).toEqual([30_000, 375, 600_000, 1_500])
  })

  it('is tried at once when it is seen to be back, and with short waits again if that was too early', async () => {
    rig.store.takeAway()
    await rig.send({ pm2_5: 1 })
    const waits: number[] = []
    const ingest = rig.follow({
      sleep: async (ms, signal) => {
        waits.push(ms)
        if (waits.length === 12) rig.store.giveBack()
        if (waits.length % 6 !== 0) return
        const woken = new Promise((resolve) => signal.addEventListener('abort', resolve))
        ingest.tryNow()
        await woken
      }
    })
    await ingest.drain()
    expect(waits).toEqual([188, 375, 750, 1_500, 3_000, 6_000, 188, 375, 750, 1_500, 3_000, 6_000])
    ingest.tryNow()
  })

  it('that asked to be left alone is, though it answers', async () => {
    await rig.send({ pm2_5: 1 })
    rig.store.failure = new StoreUnavailable('writing', new Error('too much'), 30_000)
    let wasAborted: boolean | undefined
    const ingest = rig.follow({
      sleep: async (_ms, signal) => {
        ingest.tryNow()
        wasAborted = signal.aborted
        rig.store.failure = undefined
      }
    })
    await ingest.drain()
    expect(wasAborted).toBe(false)
  })

  it('does not keep ingest from stopping', async () => {
    rig.store.takeAway()
    await rig.send({ pm2_5: 1 })
    let stopped: Promise<void> | undefined
    const ingest = rig.follow({
      sleep: async () => {
        stopped ??= ingest.stop()
      }
    })
    await expect(ingest.drain()).rejects.toThrow('in the journal')
    await stopped
    await ingest.stop()
    expect(rig.told.bugs).toEqual([])
    expect(rig.reader.checkpoint()).toBe(0)
  })

  it('is told from a bug, which is not retried', async () => {
    rig.store.failure = new TypeError('we are wrong')
    await rig.send({ pm2_5: 1 })
    const ingest = rig.follow()
    await expect(ingest.drain()).rejects.toThrow('we are wrong')
    expect(rig.told.bugs).toEqual([rig.store.failure])
    await expect(ingest.drain()).rejects.toThrow('we are wrong')
  })

  it('may be in another thread: its error is known by its code', async () => {
    rig.store.failure = Object.assign(new Error('The store is unavailable (writing).'), {
      code: 'storeUnavailable'
    })
    await rig.send({ pm2_5: 1 })
    const ingest = rig.follow({ sleep: async () => rig.store.giveBack() })
    await ingest.drain()
    expect(rig.store.kept.size).toBe(1)
  })
})
