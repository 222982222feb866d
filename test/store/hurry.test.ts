/** A store that is to close while a statement runs that would take hours: what is read or written ends, what was committed stays. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Core } from '../../store/duckdb/core.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { writeBatch } from '../../store/duckdb/write/writer.ts'
import { minutes, winter } from '../support/readings.ts'

const endless = 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 8'
const unavailable = {
  code: 'storeUnavailable',
  message: expect.stringContaining('the hub is stopping') as string
}

let folder: string
let core: Core
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lamppost-hurry-'))
  core = await Core.open({ ...settings(), onProgress: () => undefined, memoryMb: 256 })
  await writeBatch(core, minutes(winter, 60))
})
afterEach(async () => {
  await core.close()
  rmSync(folder, { recursive: true, force: true })
})

function settings() {
  return { file: join(folder, 'readings.duckdb'), timezone: 'Europe/London' }
}

/** What the file has once it is opened again. */
async function stored(): Promise<number> {
  await core.close()
  const store = await openDuckDbStore(settings())
  const { readings } = await store.stats()
  await store.close()
  return readings
}

describe('a store that is to close', () => {
  it('ends what is read, and what is asked next', async () => {
    const reading = expect(core.read('reading', (c) => c.run(endless))).rejects.toMatchObject(unavailable)
    core.hurry.begin()
    await reading
    await expect(core.read('reading', (c) => c.run(endless))).rejects.toMatchObject(unavailable)
    expect(await stored()).toBe(60)
  })

  it('ends what is written and leaves nothing of it, and writes no more', async () => {
    const writing = core.alone('writing', () =>
      core.transaction(async () => {
        await core.database.writer.run('DELETE FROM readings')
        await core.database.writer.run(endless)
      })
    )
    const ended = expect(writing).rejects.toMatchObject(unavailable)
    core.hurry.begin()
    await ended
    await expect(writeBatch(core, minutes(winter, 120))).rejects.toMatchObject(unavailable)
    expect(await stored()).toBe(60)
  })

  it('keeps what was committed where what follows the commit is ended', async () => {
    const writing = core.alone('writing', async () => {
      await core.transaction(() => core.database.writer.run('DELETE FROM readings WHERE time % 120000 = 0'))
      await core.database.writer.run(endless)
    })
    const ended = expect(writing).rejects.toMatchObject(unavailable)
    core.hurry.begin()
    await ended
    expect(await stored()).toBe(30)
  })
})
