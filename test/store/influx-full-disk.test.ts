/** An InfluxDB whose disk is full: what it refused waits, and what it took is on its disk, whatever it shows. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { minuteMs } from '../../model/time.ts'
import { makeInfluxBucket, openInflux } from '../support/influx-store.ts'
import { startInfluxd } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'
import { at, everything, minutes, winter } from '../support/readings.ts'
import { holdSmallDisk } from '../support/small-disk.ts'

const influxd = outside('influxd')
const unshare = outside('unshare')
const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const

describe.skipIf(!influxd.present || !unshare.present)(
  `an InfluxDB on a full disk (${influxd.line}; ${unshare.line})`,
  () => {
    it('takes no more, says so, and has everything once there is room', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'lamppost-influx-'))
      const dataDir = join(folder, 'disk')
      await mkdir(dataDir)
      const disk = await holdSmallDisk(unshare.path, dataDir, 64)
      const server = await startInfluxd({ dataDir, under: disk.under })
      const bucket = await makeInfluxBucket(server)
      const store = await openInflux(server, { bucket, stateFile: join(folder, 'state.sqlite') })
      try {
        const batchOf = (i: number) =>
          minutes(at(winter, i * 5_000 * minuteMs), 5_000, {}, (minute) => Math.sin(minute * 7 + i) * 100)
        disk.fill(1)
        let written = 0
        let refusal: unknown
        while (refusal === undefined && written < 200) {
          refusal = await store.write(batchOf(written)).then(
            () => void written++,
            (failure: unknown) => failure
          )
        }
        expect(refusal).toMatchObject({ code: 'storeUnavailable' })
        expect(store.trouble()).toMatch(/no space left on device/)
        expect(await store.count(series, 1e6)).toBeGreaterThanOrEqual(written * 5_000)
        disk.enlarge(256)
        const again = (): Promise<unknown> => store.write(batchOf(written))
        await expect(again()).rejects.toThrow(/waiting for InfluxDB to be restarted/)
        expect(store.trouble()).toMatch(/restart InfluxDB twice/)
        await server.restart()
        await expect(again()).rejects.toMatchObject({ code: 'storeUnavailable' })
        expect(store.trouble()).toMatch(/restart InfluxDB once more/)
        expect(await store.count(series, 1e6)).toBeGreaterThanOrEqual(written * 5_000)
        await server.restart()
        await again()
        await store.write(batchOf(written + 1))
        expect(store.trouble()).toBeNull()
        await server.restart()
        expect(await store.count(series, 1e9)).toBe((written + 2) * 5_000)
        expect(store.refused(0).count).toBe(0)
      } finally {
        await store.close()
        await server.close()
        await disk.close()
        await rm(folder, { recursive: true })
      }
    })
  }
)
