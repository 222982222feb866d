/** Readings that come a little late, or twice: what was written just now is known, and the server is not asked for it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { minuteMs } from '../../model/time.ts'
import type { Mount } from '../../store/influx/state/mounts.ts'
import { RecentLines } from '../../store/influx/state/recent-lines.ts'
import { storedRow } from '../../store/resolve.ts'
import { startInfluxProxy, type InfluxProxy } from '../support/influx-proxy.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { startInfluxd, type InfluxdProcess } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'
import { aReading, at, everything, minutes, pairs, winter } from '../support/readings.ts'

const influxd = outside('influxd')
const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const

describe.skipIf(!influxd.present)(`late readings in an InfluxDB (${influxd.line})`, () => {
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

  const questions = (): number => proxy.requests.filter(({ path }) => path.startsWith('/api/v2/query')).length

  it('are told from what was written just now, and from the server where that was changed', async () => {
    const stateFile = join(folder, 'state.sqlite')
    const store = await openInflux(server, {
      bucket: await makeInfluxBucket(server),
      url: proxy.url,
      stateFile
    })
    await store.write(minutes(winter, 100))
    const before = questions()
    const second = (fields: Partial<Parameters<typeof aReading>[0]>) =>
      aReading({ measuredAt: at(winter, 50 * minuteMs), sequence: 51, value: 10, ...fields })
    const humid = second({ quantity: 'humidity', value: 80 })
    expect(
      await store.write([second({}), second({ measuredAt: at(winter, 1) }), second({ value: 12 }), humid])
    ).toMatchObject({ inserted: 2, repeated: 1, replaced: 1 })
    expect(await store.write([humid, second({ sequence: 50, value: 9 })])).toMatchObject({
      repeated: 1,
      superseded: 1
    })
    expect(questions()).toBe(before)
    const stood = pairs(await store.raw(series))
    expect(stood).toHaveLength(101)
    expect(stood).toContainEqual([at(winter, 50 * minuteMs), 12])

    // A reading that was taken back is not there, whatever had been known of it.
    const { siteId, deviceId, quantity, measuredAt } = humid
    expect(await store.retract([{ siteId, deviceId, quantity, measuredAt, sequence: 51 }])).toBe(1)
    expect(await store.write([humid])).toMatchObject({ inserted: 1, repeated: 0 })
    expect(await store.write([second({ value: 12 })])).toMatchObject({ inserted: 0, repeated: 1 })
    await store.close()
  })
})

describe('the lines that were written last', () => {
  const mount: Mount = { siteId: 'a', deviceId: 'b', tags: '', series: new Map(), low: 0, high: 10 }
  const row = (time: number) => storedRow(aReading({ measuredAt: at(0, time) }), 1)

  it('are known from the first that was later than all, until there are too many of them', () => {
    const recent = new RecentLines(3)
    expect(recent.covers(mount, 11)).toBe(false)
    recent.begin(mount)
    expect([recent.covers(mount, 10), recent.covers(mount, 11)]).toEqual([false, true])
    for (const time of [10, 12, 20, 15, 30]) recent.note(mount, time, [row(time)])
    // 10 was there before: of what its line holds nothing is known. 12 had to go for 30.
    expect([10, 12, 15, 20, 30].map((time) => recent.line(mount, time)?.rows.size)).toEqual([
      undefined,
      undefined,
      1,
      1,
      1
    ])
    expect([recent.covers(mount, 12), recent.covers(mount, 13)]).toEqual([false, true])
    recent.clear()
    expect(recent.covers(mount, 99)).toBe(false)
  })
})
