/** The eye on an InfluxDB: how often it looks, and whom it tells that a server which was away is back. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { watchInflux, type InfluxWatch } from '../../store/influx/watch.ts'
import { minuteMs, systemClock } from '../../model/time.ts'
import { startInfluxProxy, type InfluxProxy } from '../support/influx-proxy.ts'
import { startInfluxd, type InfluxdProcess } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'

const influxd = outside('influxd')

describe.skipIf(!influxd.present)(`looking after an InfluxDB (${influxd.line})`, () => {
  let server: InfluxdProcess
  let proxy: InfluxProxy
  let watch: InfluxWatch
  beforeAll(async () => {
    server = await startInfluxd()
    proxy = await startInfluxProxy(server.url)
  })
  afterEach(async () => {
    await watch.stop()
    proxy.answer = undefined
  })
  afterAll(async () => {
    await proxy.close()
    await server.close()
  })

  const looks = (): number => proxy.requests.filter(({ path }) => path === '/ping').length

  /** Looks for as long as `rest` lets time pass; gives after which sleeps the server was seen to have returned. */
  async function returnsSeen(
    sleeps: number,
    rest: (slept: number) => void,
    isAmiss: () => boolean = () => false
  ): Promise<{ returns: number[]; sleptMs: number }> {
    let [slept, sleptMs] = [0, 0]
    const returns: number[] = []
    let end: (() => void) | undefined
    const ended = new Promise<void>((resolve) => (end = resolve))
    const { token, org } = server
    const bucket = await server.makeBucket()
    const log = { info: () => undefined, warn: () => undefined }
    watch = await watchInflux(
      { url: proxy.url, token, org, bucket, retentionDays: null },
      {
        clock: systemClock,
        log,
        sleep(ms, signal) {
          if (slept === sleeps) {
            end!()
            return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
          }
          rest(++slept)
          sleptMs += ms
          return Promise.resolve()
        }
      }
    )
    proxy.requests.length = 0
    watch.keepLooking({ isAmiss, onReturn: () => returns.push(slept) })
    await ended
    return { returns, sleptMs }
  }

  it('looks once a minute while all is well', async () => {
    const { returns, sleptMs } = await returnsSeen(24, () => undefined)
    expect([looks(), returns]).toEqual([sleptMs / minuteMs, []])
  })

  it('tells once that a server which was away is back', async () => {
    const { returns } = await returnsSeen(30, (slept) => {
      proxy.answer = slept >= 10 && slept < 20 ? () => ({ status: 503 }) : undefined
    })
    // Away at the look of the first minute, seen to be back at the first look after the twentieth sleep.
    expect(returns).toEqual([20])
    expect(watch.waiting()).toBeNull()
  })

  it('looks at once where those who use the server have trouble with it', async () => {
    let isAmiss = false
    const { returns } = await returnsSeen(
      5,
      (slept) => {
        isAmiss = slept >= 2 && slept < 4
        proxy.answer = slept === 2 ? () => ({ status: 503 }) : undefined
      },
      () => isAmiss
    )
    expect([looks(), returns]).toEqual([2, [3]])
  })
})
