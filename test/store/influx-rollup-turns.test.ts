/** Hours and days are computed in turns: a reading that comes meanwhile waits for one of them, and is counted afterwards. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../../model/time.ts'
import { backlogRows, partsOfTurn } from '../../store/limits.ts'
import { bucketNames } from '../../store/influx/wire/buckets.ts'
import { refreshAll } from '../contract/store-rollups.ts'
import { startInfluxProxy, type InfluxProxy } from '../support/influx-proxy.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { startInfluxd, type InfluxdProcess } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'
import { aReading, at, everything, winter } from '../support/readings.ts'

const influxd = outside('influxd')
const hours = { siteId: 'mill-lane-7', quantity: 'pm2_5', window: 'hour', ...everything } as const
/** 24 hours of 360 readings and a line: of a device that is said to measure every 10 s 27 days fit a turn. */
const days = 100

describe.skipIf(!influxd.present)(`rollups of an InfluxDB (${influxd.line})`, () => {
  let server: InfluxdProcess
  let proxy: InfluxProxy
  let folder = ''
  beforeAll(async () => {
    server = await startInfluxd()
    proxy = await startInfluxProxy(server.url)
    folder = await mkdtemp(join(tmpdir(), 'lamppost-influx-'))
  })
  afterAll(async () => {
    await proxy.close()
    await server.close()
    await rm(folder, { recursive: true })
  })

  it('let a reading be written between their turns, and count it', async () => {
    const bucket = await makeInfluxBucket(server)
    const store = await openInflux(server, {
      bucket,
      url: proxy.url,
      stateFile: join(folder, 'state.sqlite')
    })
    await store.setInterval('box-1', 10)
    await store.write(
      Array.from({ length: days }, (_, day) => aReading({ measuredAt: at(winter, day * dayMs) }))
    )
    proxy.requests.length = 0
    // Asked for while the first hours are computed: for an hour of the first turn, of which it must not be lost.
    let written: Promise<unknown> | undefined
    proxy.answer = ({ path }) => {
      if (path.startsWith('/api/v2/query'))
        written ??= store.write([aReading({ measuredAt: at(winter, minuteMs) })])
      return undefined
    }
    await store.refreshRollups(at(winter, 400 * dayMs))
    proxy.answer = undefined
    const wroteTo = proxy.requests.flatMap(
      ({ path }) => new URL(path, server.url).searchParams.get('bucket') ?? []
    )
    const inHours = wroteTo.flatMap((name, i) => (name === bucketNames(bucket).hours ? [i] : []))
    expect(inHours.length).toBeGreaterThan(2 * (partsOfTurn + 1))
    // A turn writes its parts, of which the last may be small, each with what wakes its days, and not those of the next turn.
    const ofFirstTurn = inHours.filter((i) => i < wroteTo.indexOf(bucket))
    expect(ofFirstTurn.length).toBeLessThanOrEqual(2 * (partsOfTurn + 1))
    await written
    expect((await store.stats()).dirtyHours).toBe(1)
    await refreshAll(store)
    const { count } = await store.rollup(hours)
    expect([count[0], count.length]).toEqual([2, days])
    await store.close()
  })

  it('say in short what is new, however small the parts of a backlog are, and in full what was there', async () => {
    const bucket = await makeInfluxBucket(server)
    const store = await openInflux(server, { bucket, stateFile: join(folder, 'short.sqlite') })
    // So many readings an hour are expected that a part is fewer hours than are worth a question by themselves.
    await store.setInterval('box-1', 10)
    const count = 2 * backlogRows
    await store.write(
      Array.from({ length: count }, (_, hour) => aReading({ measuredAt: at(winter, hour * hourMs) }))
    )
    await refreshAll(store)
    const fields = async (): Promise<string[]> => {
      const all = `from(bucket: "${bucketNames(bucket).hours}") |> range(start: 0) |> keep(columns: ["_field"])`
      const rows = await server.query(`${all} |> group() |> distinct(column: "_field")`)
      return rows.map(({ _value }) => String(_value)).toSorted()
    }
    expect(await fields()).toEqual(['count', 'expected', 'mean'])
    await store.setInterval('box-1', 20)
    await refreshAll(store)
    expect(await fields()).toContain('p90')
    const { expected, mean } = await store.rollup(hours)
    expect(new Set(expected)).toEqual(new Set([180]))
    expect(mean).toHaveLength(count)
    await store.close()
  })
})
