/** Messages of unplaced devices: held, not lost, and stored when somebody claims the device. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { installed, IngestRig, start } from './ingest-rig.ts'

let rig: IngestRig

beforeEach(async () => {
  rig = await IngestRig.open()
})

afterEach(() => rig.close())

describe('an unplaced device', () => {
  it('is held until somebody claims it', async () => {
    rig.directory = new Map()
    await rig.send({ pm2_5: 1, humidity: 'x' })
    await rig.send({ pm2_5: 2 })
    const ingest = rig.follow()
    await ingest.drain()
    expect(rig.store.kept.size).toBe(0)
    expect(rig.reader.checkpoint()).toBe(2)
    expect(ingest.stats()).toMatchObject({ held: 2, faults: { unclaimed: 2 } })
    expect(rig.told.problems.map(({ code, deviceId }) => `${code} ${deviceId}`)).toEqual(['unclaimed d-1'])

    rig.directory = installed('d-1', 's-1')
    ingest.directoryChanged()
    await ingest.drain()
    expect(rig.store.lines()).toEqual([
      'pm2_5 1 at s-1 2026-11-22T10:00:00.000Z',
      'pm2_5 2 at s-1 2026-11-22T10:00:01.000Z'
    ])
    expect(rig.reader.held('d-1', 10)).toEqual([])
    expect(ingest.stats().held).toBe(0)
    expect(rig.told.problems.at(-1)).toMatchObject({ code: 'notANumber', field: 'humidity', at: start })
  })

  it('is claimed at the next start too', async () => {
    rig.directory = new Map()
    await rig.send({ pm2_5: 1 })
    const first = rig.follow()
    await first.drain()
    await first.stop()
    rig.directory = installed('d-1', 's-1')
    const second = rig.follow()
    expect(second.stats().held).toBe(1)
    await second.drain()
    expect(rig.store.kept.size).toBe(1)
    expect(second.stats().held).toBe(0)
  })

  it('keeps a message of which a part has no place, and stores the rest now', async () => {
    const from = (start + 10) as UnixMs
    rig.directory = installed('d-1', 's-1', { from })
    await rig.send([
      { at: start, pm2_5: 1 },
      { at: start + 10, pm2_5: 2 }
    ])
    const ingest = rig.follow()
    await ingest.drain()
    expect(rig.store.lines()).toEqual(['pm2_5 2 at s-1 2026-11-22T10:00:00.010Z'])
    expect(rig.reader.held('d-1', 10)).toHaveLength(1)

    rig.directory = installed('d-1', 's-1', { from: (start + 5) as UnixMs })
    ingest.directoryChanged()
    await ingest.drain()
    expect(rig.reader.held('d-1', 10)).toHaveLength(1)

    rig.directory = installed('d-1', 's-1')
    ingest.directoryChanged()
    await ingest.drain()
    expect(rig.store.kept.size).toBe(2)
    expect(rig.reader.held('d-1', 10)).toEqual([])
  })

  it('lets the others through, and what holds nothing is not held', async () => {
    const entry = {
      deviceId: 'd-2',
      dialect: 'lamppost',
      sensors: [],
      intervalS: 60,
      intervalSource: 'given' as const,
      deployments: []
    }
    rig.directory = new Map([...installed('d-1', 's-1'), ['d-2', entry]])
    await rig.send('online', 'd-2', 'status')
    await rig.send({ pm2_5: 1 }, 'd-2')
    await rig.send('not JSON', 'd-2')
    await rig.send({ pm2_5: 2 }, 'd-1')
    const ingest = rig.follow()
    await ingest.drain()
    expect(rig.store.lines()).toEqual(['pm2_5 2 at s-1 2026-11-22T10:00:03.000Z'])
    expect(rig.reader.held('d-2', 10).map(({ sequence }) => sequence)).toEqual([2, 3])
  })

  it('is held back at its bound, told once, and goes on when it is claimed', async () => {
    const entry = {
      deviceId: 'd-2',
      dialect: 'lamppost',
      sensors: [],
      intervalS: 60,
      intervalSource: 'given' as const,
      deployments: []
    }
    rig.directory = new Map([...installed('d-1', 's-1'), ['d-2', entry]])
    const ingest = rig.follow({ heldLimits: { heldBytesMax: 1e9, heldBytesPerDeviceMax: 200 } })
    const sendOne = async (): Promise<void> => {
      await rig.send({ pm2_5: 1 }, 'd-2')
      await ingest.drain()
    }
    while (rig.told.paused.length === 0) await sendOne()
    const { bytes, isBack } = ingest.held()[0]!
    expect(isBack).toBe(true)
    expect(bytes).toBeGreaterThanOrEqual(200)
    expect(bytes).toBeLessThan(300)
    await sendOne()
    expect(rig.told.paused).toEqual([['d-2']])
    expect(ingest.stats()).toMatchObject({ paused: ['d-2'], faults: { heldBack: 1 } })
    expect(rig.told.problems.filter(({ code }) => code === 'heldBack')).toMatchObject([{ deviceId: 'd-2' }])

    await ingest.stop()
    const limits = { heldLimits: { heldBytesMax: 1e9, heldBytesPerDeviceMax: 200 } }
    const again = rig.follow(limits)
    expect(again.stats().paused).toEqual(['d-2'])
    rig.directory = new Map([...installed('d-1', 's-1'), ...installed('d-2', 's-2')])
    again.directoryChanged()
    await again.drain()
    expect(rig.told.paused.at(-1)).toEqual([])
    expect(again.stats()).toMatchObject({ held: 0, heldBytes: 0, paused: [] })
    expect(rig.store.kept.size).toBeGreaterThan(1)
  })

  it('with too much of all is held back only above an equal share', async () => {
    rig.directory = new Map()
    const ingest = rig.follow({ heldLimits: { heldBytesMax: 500, heldBytesPerDeviceMax: 1e9 } })
    await rig.send({ pm2_5: 1 }, 'd-2')
    for (let i = 0; i < 20; i++) await rig.send({ pm2_5: i }, 'd-3')
    await ingest.drain()
    expect(ingest.held().map(({ deviceId, isBack }) => [deviceId, isBack])).toEqual([
      ['d-2', false],
      ['d-3', true]
    ])
  })

  it('is counted once, although a message was held a second time', async () => {
    rig.directory = new Map()
    await rig.send({ pm2_5: 1 })
    const counted = await rig.reader.hold(rig.reader.read(0, 10))
    expect(counted).toEqual(rig.reader.heldCounts())
    const ingest = rig.follow()
    await ingest.drain()
    expect(ingest.held()).toEqual([{ ...counted[0], isBack: false }])
  })

  it('with thousands of messages is claimed in stretches, past those that must stay', async () => {
    rig.directory = new Map()
    const body = (i: number): object => ({ at: start + (i % 2 === 0 ? -1_000_000 : 0) + i, pm2_5: 1 })
    await Promise.all(Array.from({ length: 9_000 }, (_, i) => rig.send(body(i))))
    const ingest = rig.follow()
    await ingest.drain()
    expect(ingest.stats().held).toBe(9_000)
    rig.directory = installed('d-1', 's-1', { from: start })
    ingest.directoryChanged()
    await ingest.drain()
    expect(rig.store.kept.size).toBe(4_500)
    expect(ingest.stats().held).toBe(4_500)
  })
})
