/** What `write` resolved is there after the process died in the middle, or the disk was full; and nothing by halves. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { refreshAll } from '../contract/store-rollups.ts'
import { at, everything, winter } from '../support/readings.ts'
import { batchReadings } from '../support/store-child.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-crash-'))
})
afterAll(() => rm(folder, { recursive: true }))

const child = join(import.meta.dirname, '../support/store-child.ts')
const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const

/** Batches that the child said were written, and the code of the failure that ended it, if one did. */
async function follow(process: ChildProcess, batches: number): Promise<{ written: number; failure: string }> {
  let written = 0
  let failure = ''
  if (!process.stdout) throw new Error('the child has no output')
  const ended = once(process, 'exit')
  for await (const line of createInterface(process.stdout)) {
    if (/^\d+$/.test(line)) written = Number(line) + 1
    else failure = line
    if (written === batches) process.kill('SIGKILL')
  }
  await ended
  return { written, failure }
}

describe('a store whose process dies', () => {
  it.each([1, 12, 40])(
    'has every batch that was written, and its marks: killed after %i',
    async (batches) => {
      const file = join(folder, `killed-${batches}.duckdb`)
      const { written } = await follow(spawn(process.execPath, [child, file]), batches)
      const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
      const { readings, dirtyHours } = await store.stats()
      // The batch after the last line may have become durable before the signal came, as a whole.
      expect([written, written + 1]).toContain(readings / batchReadings)
      expect(await store.count(series, 1e6)).toBe(readings)
      expect(dirtyHours).toBe(Math.ceil(readings / 60))
      await refreshAll(store, at(winter, 900 * dayMs))
      const hours = await store.rollup({ ...series, window: 'hour' })
      expect(hours.count.reduce((a, b) => a + b, 0)).toBe(readings)
      await store.close()
    }
  )

  // A limit on the size of files stands for the full disk: no file of the child may grow beyond it.
  it('says that it is unavailable when the disk is full, and loses nothing of what it had', async () => {
    const file = join(folder, 'full.duckdb')
    const limited = spawn('bash', ['-c', 'ulimit -f 1500; exec "$0" "$@"', process.execPath, child, file])
    const { written, failure } = await follow(limited, Infinity)
    expect(failure).toBe('storeUnavailable')
    expect(written).toBeGreaterThan(1)
    const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
    expect((await store.stats()).readings).toBe(written * batchReadings)
    expect((await store.raw(series)).time.at(-1)).toBe(at(winter, (written * batchReadings - 1) * 60_000))
    await store.close()
  })
})
