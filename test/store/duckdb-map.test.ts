/** A power cut in the middle of a checkpoint tears the blocks in which DuckDB has its map; nothing is lost by that. */
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isWhole, mapCopyOf } from '../../store/duckdb/file/map-copy.ts'
import { lookAtReadings } from '../../store/duckdb/look.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import { minuteMs } from '../../model/time.ts'
import { temporaryFolder } from '../support/hub-process.ts'
import { at, everything, minutes, winter } from '../support/readings.ts'

const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const
const [firstBlockAt, blockBytes] = [12_288, 262_144]

let folder = temporaryFolder()
let file = ''
beforeEach(async () => {
  file = join(folder.path, 'readings.duckdb')
  for (const from of [0, 60]) {
    const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
    await store.write(minutes(at(winter, from * minuteMs), 60))
    await store.close()
  }
})
afterEach(() => {
  folder.remove()
  folder = temporaryFolder()
})

/** The numbers of the blocks that the copy holds. */
function copied(): number[] {
  const copy = readFileSync(mapCopyOf(file))
  const count = (copy.length - 4_096) / (blockBytes + 8)
  return Array.from({ length: count }, (_, i) => Number(copy.readBigUInt64LE(4_096 + i * (blockBytes + 8))))
}

/** Equal words cancel each other in DuckDB's checksum, so these differ. */
function tear(block: number): void {
  const bytes = readFileSync(file)
  const half = firstBlockAt + (block + 1 / 2) * blockBytes
  for (let at = 0; at < blockBytes / 2; at += 8) bytes.writeDoubleLE(at + 1, half + at)
  writeFileSync(file, bytes)
}

async function readingsIn(): Promise<number> {
  const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
  try {
    return (await store.raw(series)).value.length
  } finally {
    await store.close()
  }
}

describe('the map of the file', () => {
  it('has checksums that we reckon as DuckDB does', () => {
    const bytes = readFileSync(file)
    expect(copied().length).toBeGreaterThan(0)
    for (let from = firstBlockAt; from < bytes.length; from += blockBytes)
      expect(isWhole(bytes.subarray(from, from + blockBytes))).toBe(true)
  })

  it('is put back where it was torn, and without its copy the file could not be opened', async () => {
    for (const block of copied()) tear(block)
    copyFileSync(mapCopyOf(file), `${file}.aside`)
    rmSync(mapCopyOf(file))
    await expect(readingsIn()).rejects.toThrow('Corrupt database file')
    copyFileSync(`${file}.aside`, mapCopyOf(file))
    expect(await readingsIn()).toBe(120)
  })

  it('is left alone where the copy belongs to another state of the file', async () => {
    copyFileSync(mapCopyOf(file), `${file}.aside`)
    const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
    await store.write(minutes(at(winter, 200 * minuteMs), 60))
    await store.close()
    tear(copied()[0]!)
    copyFileSync(`${file}.aside`, mapCopyOf(file))
    const torn = readFileSync(file)
    await expect(readingsIn()).rejects.toThrow('Corrupt database file')
    expect(readFileSync(file).equals(torn)).toBe(true)
  })

  it('is copied anew by everything that folds the log into the file', async () => {
    const store = await openDuckDbStore({ file, timezone: 'Europe/London' })
    await store.write(minutes(at(winter, 200 * minuteMs), 60))
    for (const end of ['', '.wal', '.map']) copyFileSync(file + end, join(folder.path, `cut${end}`))
    await store.close()
    file = join(folder.path, 'cut')
    expect((await lookAtReadings(file))?.readings).toBe(180)
    expect(existsSync(`${file}.wal`)).toBe(false)
    tear(copied()[0]!)
    expect(await readingsIn()).toBe(180)
  })
})

describe('a file whose making a power cut ended', () => {
  it('has nothing in it, and is made', async () => {
    file = join(folder.path, 'begun.duckdb')
    const instance = await DuckDBInstance.create(file)
    instance.closeSync()
    expect(await lookAtReadings(file)).toBeUndefined()
    expect(await readingsIn()).toBe(0)
    expect(await lookAtReadings(file)).toMatchObject({ readings: 0, timezone: 'Europe/London' })
  })
})
