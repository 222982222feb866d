/** A migration that is cut short goes on where it was, and one whose original changed meanwhile notices. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate, type MigrateOptions, type MigrateProgress } from '../../operate/migrate/migrate.ts'
import { minuteMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { temporaryFolder } from '../support/hub-process.ts'
import { anyInflux, type InfluxServer } from '../support/influxd.ts'
import { outside } from '../support/outside.ts'
import { aReading, at, minutes, winter } from '../support/readings.ts'

const influx = outside('influx')
const timezone = 'Europe/London'

describe.skipIf(!influx.present)(`a migration (${influx.line})`, () => {
  const folder = temporaryFolder()
  const readingsFile = join(folder.path, 'readings.duckdb')
  let server: InfluxServer
  let options: Omit<MigrateOptions, 'onProgress'>

  beforeAll(async () => {
    server = await anyInflux()
    mkdirSync(folder.path, { recursive: true })
    const { url, token, org } = server
    const bucket = await server.makeBucket()
    options = {
      dataDir: folder.path,
      timezone,
      from: 'duckdb',
      to: 'influx',
      influx: { url, token, org, bucket, retentionDays: null },
      random: () => 0.5
    }
    const store = await openDuckDbStore({ file: readingsFile, timezone })
    for (let month = 0; month < 8; month++) {
      const from = at(winter, month * 30 * 24 * 60 * minuteMs)
      await store.write(
        minutes(from, 30_000, { deviceId: `box-${month % 2}`, sequence: month }, (n) => n / 3)
      )
    }
    await store.write([aReading({ siteId: 'short-lived' })])
    await store.close()
  })
  afterAll(async () => {
    await server.close()
    folder.remove()
  })

  /** Runs it, and stops it as a kill would as soon as `until` is content. */
  async function run(until: (progress: MigrateProgress) => boolean = () => false) {
    const seen: MigrateProgress[] = []
    const onProgress = (progress: MigrateProgress): void => {
      seen.push(progress)
      if (until(progress)) throw new Error('cut')
    }
    const outcome = await migrate({ ...options, onProgress }).then(
      (migrated) => ({ migrated, failure: '' }),
      (cause: Error) => ({ migrated: undefined, failure: cause.message })
    )
    return { ...outcome, seen }
  }

  it('goes on where it was cut', async () => {
    const first = await run(({ doing, done }) => doing === 'copying' && done > 0)
    expect(first.failure).toBe('cut')
    const second = await run(({ doing }) => doing === 'comparing')
    expect(second.failure).toBe('cut')
    expect(second.seen[0]).toMatchObject({ doing: 'copying', total: 240_001 })
    expect(second.seen[0]!.done).toBeGreaterThan(0)
  })

  it('notices what became of the original meanwhile, and mends the copy when it is run again', async () => {
    const store = await openDuckDbStore({ file: readingsFile, timezone })
    await store.erase('short-lived')
    await store.write([aReading({ measuredAt: at(winter, 7), value: 1, sequence: 99 })])
    await store.close()
    const { failure } = await run()
    expect(failure).toContain('The copy differs from the original in 2 series')
    expect(failure).toContain('short-lived box-1 pm2_5: 1 readings instead of 0')
    const { migrated, failure: none } = await run()
    expect(none).toBe('')
    expect(migrated).toMatchObject({ readings: 240_001, series: 2, keptAs: 'readings.duckdb.migrated' })
  })
})
