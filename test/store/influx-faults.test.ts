/** What the world does to an InfluxDB, done to a real one: nothing written is lost, and it is said what is wrong. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, hourMs, minuteMs, secondMs, systemClock, type UnixMs } from '../../model/time.ts'
import type { Reading } from '../../model/reading.ts'
import type { InfluxStore, InfluxStoreOptions } from '../../store/influx/open.ts'
import { bucketNames } from '../../store/influx/wire/buckets.ts'
import type { Store } from '../../store/promise/store.ts'
import { refreshAll } from '../contract/store-rollups.ts'
import { startInfluxProxy, type InfluxProxy } from '../support/influx-proxy.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { startInfluxd, type InfluxdProcess } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'
import { aReading, at, everything, minutes, pairs, winter } from '../support/readings.ts'

const influxd = outside('influxd')
const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const

describe.skipIf(!influxd.present)(`an InfluxDB in trouble (${influxd.line})`, () => {
  let server: InfluxdProcess
  let folder = ''
  let files = 0
  const open: InfluxStore[] = []

  beforeAll(async () => {
    server = await startInfluxd()
    folder = await mkdtemp(join(tmpdir(), 'lamppost-influx-'))
  })
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close()
  })
  afterAll(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  const newPlace = async (retentionS = 0) => ({
    bucket: await makeInfluxBucket(server, retentionS),
    stateFile: join(folder, `state-${files++}.sqlite`)
  })
  const openAt = async (
    place: { bucket: string; stateFile: string },
    options: Partial<InfluxStoreOptions> = {}
  ) => {
    const store = await openInflux(server, { ...place, patienceMs: 10_000, ...options })
    open.push(store)
    return store
  }

  describe('killed', () => {
    it('has every reading once when the batch is written again, and all of those before', async () => {
      const store = await openAt(await newPlace())
      const batches = Array.from({ length: 6 }, (_, i) => minutes(at(winter, i * 500 * minuteMs), 500))
      for (const [i, batch] of batches.entries()) {
        if (i === 2 || i === 4) {
          const [, written] = await Promise.all([server.kill(), store.write(batch).catch(() => undefined)])
          if (!written) expect(store.trouble()).toMatch(/cannot be reached/)
          await server.start()
        }
        await store.write(batch)
      }
      expect(store.trouble()).toBeNull()
      expect((await store.raw(series)).time).toEqual(batches.flat().map(({ measuredAt }) => measuredAt))
      expect((await store.stats()).readings).toBe(3_000)
    })

    it('is away at the start, and the store is there before it', async () => {
      const place = await newPlace()
      await (await openAt(place)).write(minutes(winter, 10))
      await open.pop()?.close()
      await server.kill()
      const store = await openAt(place)
      expect(store.trouble()).toMatch(/cannot be reached \(no program is listening there\)/)
      await expect(store.raw(series)).rejects.toMatchObject({ code: 'storeUnavailable' })
      await expect(store.latest()).rejects.toMatchObject({ code: 'storeUnavailable' })
      await server.start()
      expect(await store.latest()).toHaveLength(1)
      expect(await store.write(minutes(winter, 11))).toMatchObject({ inserted: 1, repeated: 10 })
    })
  })

  it('paused, is waited for only so long, and goes on by itself', async () => {
    const place = await newPlace()
    const store = await untilDone(() => openAt(place, { patienceMs: 300 }))
    await untilDone(() => store.write(minutes(winter, 10)))
    server.pause()
    try {
      await expect(store.write(minutes(winter, 20))).rejects.toThrow(/does not answer \(it may be paused/)
      await expect(store.raw(series)).rejects.toMatchObject({ code: 'storeUnavailable' })
      await expect(exportedFrom(store)).rejects.toMatchObject({
        code: 'storeUnavailable'
      })
      expect(store.trouble()).toMatch(/does not answer/)
    } finally {
      server.resume()
    }
    await untilDone(() => store.write(minutes(winter, 20)))
    expect(store.trouble()).toBeNull()
    expect(await untilDone(() => store.count(series, 99))).toBe(20)
  })

  it('paused, does not keep the store from closing', async () => {
    const place = await newPlace()
    const store = await untilDone(() => openAt(place, { patienceMs: 300 }))
    server.pause()
    try {
      const written = store.write(minutes(winter, 20))
      const closed = store.close()
      await expect(written).rejects.toMatchObject({ code: 'storeUnavailable' })
      await closed
    } finally {
      server.resume()
    }
  })

  describe('with another token', () => {
    it.each([
      ['that nobody knows', () => Promise.resolve('nobody'), /does not accept the token; set INFLUX_TOKEN/],
      ['that may only read', () => server.makeToken(['read']), /the token lacks permission for bucket/]
    ])('%s, says what to do', async (_what, tokenOf, words) => {
      const place = await newPlace()
      await (await openAt(place)).write(minutes(winter, 10))
      await open.pop()?.close()
      const token = await tokenOf()
      const store = await openAt(place, { token })
      await expect(store.write(minutes(winter, 20))).rejects.toThrow(words)
      expect(store.trouble()).toMatch(words)
      await open.pop()?.close()
      expect(await (await openAt(place)).write(minutes(winter, 20))).toMatchObject({ inserted: 10 })
    })
  })

  it('with a bucket that keeps too little, says of each line that it was refused, and why', async () => {
    const place = await newPlace(hourMs / secondMs)
    const store = await openAt(place)
    const now = (Math.floor(systemClock.now() / minuteMs) * minuteMs) as UnixMs
    const fresh = minutes(at(now, -3 * minuteMs), 3)
    const old = minutes(at(now, -2 * dayMs), 40)
    expect(await store.write([...old, ...fresh])).toMatchObject({ inserted: 3 })
    const { count, lines } = store.refused(2)
    expect(count).toBe(40)
    expect(lines[0]).toMatchObject({ siteId: 'mill-lane-7', deviceId: 'box-1', reason: /retention/ })
    expect((await store.raw(series)).time).toEqual(fresh.map(({ measuredAt }) => measuredAt))
    expect(await store.write([...old, ...fresh])).toMatchObject({ repeated: 3 })
    expect(store.refused(0).count).toBe(40)
    expect((await store.stats()).readings).toBe(3)
  })

  describe('behind a proxy', () => {
    let proxy: InfluxProxy
    beforeAll(async () => {
      proxy = await startInfluxProxy(server.url)
    })
    afterEach(() => {
      proxy.answer = undefined
      proxy.requests.length = 0
    })
    afterAll(() => proxy.close())
    const writes = () => proxy.requests.filter(({ path }) => path.startsWith('/api/v2/write'))

    it.each([
      [429, '7', 7_000],
      [503, '120', 120_000],
      [503, undefined, undefined],
      [503, 'Fri, 31 Dec 1999 23:59:59 GMT', undefined]
    ])(
      'that answers %d with Retry-After %s, says how long it wants to be left alone',
      async (status, after, ms) => {
        const store = await openAt(await newPlace(), { url: proxy.url })
        proxy.answer = ({ path }) =>
          path.startsWith('/api/v2/write')
            ? { status, ...(after && { headers: { 'retry-after': after } }) }
            : undefined
        await expect(store.write(minutes(winter, 5))).rejects.toMatchObject({
          code: 'storeUnavailable',
          retryAfterMs: ms
        })
        expect(writes()).toHaveLength(2) // the marker's, and one.
        proxy.answer = undefined
        await store.write(minutes(winter, 5))
        expect(await store.count(series, 9)).toBe(5)
      }
    )

    it('is given again what comes again, since it may have had it in its memory alone', async () => {
      const place = await newPlace()
      const store = await openAt(place, { url: proxy.url })
      const messages = minutes(winter, 5).flatMap((reading) => [
        reading,
        { ...reading, quantity: 'humidity' as const, value: 81 }
      ])
      await store.write(messages)
      const before = await store.raw(series)
      proxy.requests.length = 0
      proxy.answer = ({ path }) => (path.startsWith('/api/v2/write') ? { status: 500 } : undefined)
      await expect(store.write(messages)).rejects.toMatchObject({ code: 'storeUnavailable' })
      proxy.answer = undefined
      expect(await store.write(messages)).toMatchObject({ inserted: 0, repeated: 10 })
      expect(writes()).toHaveLength(2)
      expect(await store.raw(series)).toEqual(before)
      // As the line it was, and not longer.
      const fields = await server.query(
        `from(bucket: "${place.bucket}") |> range(start: 0) |> filter(fn: (r) => r._measurement == "readings") ` +
          '|> keep(columns: ["_field"]) |> group() |> distinct(column: "_field")'
      )
      expect(fields.map(({ _value }) => _value).toSorted()).toEqual([
        'humidity',
        'pm2_5',
        'received',
        'sequence'
      ])
    })

    it('loses none of 5,000 lines for one that does not fit, in few requests', async () => {
      const place = await newPlace()
      const store = await openAt(place, { url: proxy.url })
      const clash = `readings,device=somebody,site=else no2="a word" ${winter}`
      await fetch(`${server.url}/api/v2/write?org=${server.org}&bucket=${place.bucket}&precision=ms`, {
        method: 'POST',
        headers: { authorization: `Token ${server.token}` },
        body: clash
      })
      const batch: Reading[] = minutes(winter, 5_000)
      batch.splice(3_334, 0, aReading({ measuredAt: at(winter, 3_333 * minuteMs), quantity: 'no2' }))
      proxy.requests.length = 0
      expect(await store.write(batch)).toMatchObject({ inserted: 5_000 })
      expect(writes().length).toBeLessThanOrEqual(30)
      expect(store.refused(9)).toMatchObject({
        count: 1,
        lines: [{ reason: /field type conflict: input field "no2"/, line: /no2=8.4/ }]
      })
      expect(await store.count(series, 9_999)).toBe(5_000)
    })

    it.each(['erase', 'reassign', 'undoImport'] as const)(
      'that fails in the middle, finishes what was begun: %s',
      async (what) => {
        const place = await newPlace()
        const store = await openAt(place, { url: proxy.url })
        await store.write([...minutes(winter, 400), ...minutes(at(winter, dayMs), 400, { importId: 7 })])
        await refreshAll(store)
        let deletions = 0
        proxy.answer = ({ path }) => {
          if (!path.startsWith('/api/v2/delete')) return undefined
          return deletions++ === (what === 'erase' ? 1 : 0) ? { status: 503 } : undefined
        }
        const work = (of: Store) => {
          if (what === 'erase') return of.erase('mill-lane-7')
          if (what === 'undoImport') return of.undoImport(7)
          return of.reassign({ deviceId: 'box-1', siteId: 'quay-street-2', from: null, until: null })
        }
        await expect(work(store)).rejects.toMatchObject({ code: 'storeUnavailable' })
        await open.pop()?.close()
        proxy.answer = undefined
        const again = await openAt(place)
        await refreshAll(again)
        const left = { erase: 0, reassign: 0, undoImport: 400 }[what]
        expect(await again.count(series, 9_999)).toBe(left)
        const hours = await again.rollup({ ...series, window: 'hour' })
        expect(hours.count.reduce((a, b) => a + b, 0)).toBe(left)
        const moved = what === 'reassign' ? 800 : 0
        expect(await again.count({ ...series, siteId: 'quay-street-2' }, 9_999)).toBe(moved)
        expect((await again.stats()).readings).toBe(left + moved)
      }
    )
  })

  describe('emptied', () => {
    it.each(['while the store runs', 'while it is closed'])(
      '%s, is filled again, and it is said',
      async (when) => {
        const place = await newPlace()
        let now = systemClock.now()
        const clock = { now: () => now }
        let store = await openAt(place, { clock })
        await store.write(minutes(winter, 60))
        await refreshAll(store)
        expect(store.lost()).toBeNull()
        if (when === 'while it is closed') await open.pop()?.close()
        for (const name of Object.values(bucketNames(place.bucket))) await recreate(server, name)
        now = at(now, 2 * minuteMs)
        if (when === 'while it is closed') store = await openAt(place, { clock })
        expect(await store.write(minutes(winter, 30))).toMatchObject({ inserted: 30 })
        expect(store.lost()).toMatch(/no longer has the readings .* "npx lamppost replay" writes again/)
        await refreshAll(store)
        expect((await store.rollup({ ...series, window: 'hour' })).count).toEqual([30])
        expect((await store.stats()).readings).toBe(30)
      }
    )
  })

  it('without its state file, is what it was', async () => {
    const place = await newPlace()
    const store = await openAt(place)
    await store.setInterval('box-1', 60)
    await store.write([
      ...minutes(winter, 130),
      ...minutes(winter, 5, { deviceId: 'box 2,\n"x"', siteId: 'é=1' })
    ])
    await store.write([aReading({ measuredAt: at(winter, 129 * minuteMs), flag: 4, sequence: 500 })])
    await refreshAll(store)
    const [raw, latest] = [await store.raw(series), await store.latest()]
    const days = await store.rollup({ ...series, window: 'day' })
    await open.pop()?.close()
    const again = await openAt({ ...place, stateFile: `${place.stateFile}.new` })
    expect(await again.raw(series)).toEqual(raw)
    expect(new Set(await again.latest())).toEqual(new Set(latest))
    expect((await again.stats()).dirtyHours).toBe(4)
    await again.setInterval('box-1', 60)
    await refreshAll(again)
    expect(await again.rollup({ ...series, window: 'day' })).toEqual(days)
    expect(await again.write(minutes(winter, 131))).toMatchObject({ inserted: 1 })
    const odd = { deviceId: 'box 2,\n"x"', from: null, until: null }
    expect(await again.reassign({ ...odd, siteId: "it's \\ (odd)" })).toBe(5)
    expect(await again.erase("it's \\ (odd)")).toBe(5)
  })

  describe("somebody else's", () => {
    it('is not written into: other data', async () => {
      const place = await newPlace()
      await fetch(`${server.url}/api/v2/write?org=${server.org}&bucket=${place.bucket}`, {
        method: 'POST',
        headers: { authorization: `Token ${server.token}` },
        body: 'boiler,room=cellar temperature=61.5'
      })
      const store = await openAt(place)
      expect(store.trouble()).toMatch(/holds other data \(measurement boiler\)/)
      await expect(store.write([aReading()])).rejects.toThrow(/nothing was written/)
    })

    it('is not written into: another Lamppost', async () => {
      const [one, other] = [await newPlace(), await newPlace()]
      await (await openAt(one)).write([aReading()])
      await openAt(other)
      const store = await openAt({ bucket: one.bucket, stateFile: other.stateFile })
      await expect(store.write([aReading({ value: 1 })])).rejects.toThrow(/readings of another Lamppost/)
      expect(pairs(await open[0]!.raw(series))).toEqual([[winter, 8.4]])
    })
  })
})

function exportedFrom(store: Store): Promise<unknown> {
  return store
    .export({ siteIds: ['mill-lane-7'], ...everything })
    [Symbol.asyncIterator]()
    .next()
}

async function recreate(server: InfluxdProcess, name: string): Promise<void> {
  const found = (await server.ask('GET', `/api/v2/buckets?name=${name}`)) as { buckets: { id: string }[] }
  await server.ask('DELETE', `/api/v2/buckets/${found.buckets[0]!.id}`)
  await server.makeBucket({ name })
}

/** A server that was paused answers again in its own time, and a busy one not within a short patience. */
/** A server that is slow for a moment is no fault: whoever has little patience tries again. */
async function untilDone<T>(action: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await action()
    } catch (failure) {
      if ((failure as { code?: string }).code !== 'storeUnavailable') throw failure
    }
  }
}
