/** The log of changes while its disk is in the way: a change of places ends nothing, and nothing is stored that could not be told. */
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { UnixMs } from '../../model/time.ts'
import { notingStore } from '../../store/changes/noting.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { aReading } from '../support/readings.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamppost-outage-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('takes a change of places later, before anything else is written', async () => {
  const now = Date.UTC(2026, 10, 20, 12) as UnixMs
  const file = join(folder, 'changes.sqlite')
  const store = notingStore(
    await openDuckDbStore({ file: join(folder, 'readings.duckdb'), timezone: 'Europe/London' }),
    { file, timezone: 'Europe/London', clock: { now: () => now } }
  )
  const position = (await store.changesSince(null, 10))!.position
  const late = aReading({ siteId: 's-a', deviceId: 'd-a', measuredAt: (now - 86_400_000) as UnixMs })

  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  await store.setPublicSites(new Map([['s-a', 'ashley-road']]))
  await expect(store.write([late])).rejects.toThrow('noting what changes')
  other.exec('ROLLBACK')
  other.close()

  await store.write([late])
  const { changes } = (await store.changesSince(position, 10))!
  expect(changes.map(({ siteId, quantity, kind }) => [siteId, quantity, kind])).toEqual([
    ['s-a', 'pm2_5', 'late'],
    ['s-a', 'pm2_5_corrected', 'late']
  ])
  await store.close()
})
