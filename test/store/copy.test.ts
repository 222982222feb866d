/** A copy of the store holds one moment of it: nothing half, nothing later. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { minuteMs } from '../../model/time.ts'
import { openDuckDbStore } from '../../store/duckdb/open.ts'
import type { StoreCopier } from '../../store/promise/copy.ts'
import type { Store } from '../../store/promise/store.ts'
import { aReading, at, everything, minutes, pairs, winter } from '../support/readings.ts'

let folder = ''
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamppost-copy-'))
})
afterAll(() => rm(folder, { recursive: true }))

const newFile = (): string => join(folder, `readings-${files++}.duckdb`)
const open = (file: string): Promise<Store & StoreCopier> =>
  openDuckDbStore({ file, timezone: 'Europe/London' })
const query = { ...everything, siteId: 'mill-lane-7', quantity: 'pm2_5' } as const

let store: Store & StoreCopier
beforeEach(async () => {
  store = await open(newFile())
  await store.write(minutes(winter, 300))
})
afterEach(() => store.close())

async function valuesIn(file: string): Promise<[number, number][]> {
  const copy = await open(file)
  try {
    return pairs(await copy.raw(query))
  } finally {
    await copy.close()
  }
}

describe('a copy of the store', () => {
  it('opens with every durable reading, those in the log as well', async () => {
    const target = newFile()
    const { readings, bytes } = await store.copyTo(target, {})
    expect(readings).toBe(300)
    expect(bytes).toBeGreaterThan(0)
    expect(await valuesIn(target)).toEqual(pairs(await store.raw(query)))
  })

  it('has none of a write that was asked for in its moment, which is stored after it', async () => {
    const target = newFile()
    let writing: Promise<unknown> | undefined
    const { readings } = await store.copyTo(target, {
      whileHeld() {
        writing = store.write([aReading({ measuredAt: at(winter, 500 * minuteMs) })])
      }
    })
    await writing
    expect(readings).toBe(300)
    expect(await valuesIn(target)).toHaveLength(300)
    expect((await store.raw(query)).time).toHaveLength(301)
  })

  it('tells how far it is, and answers queries meanwhile', async () => {
    const told: [number, number][] = []
    const copying = store.copyTo(newFile(), { onProgress: (bytes, total) => told.push([bytes, total]) })
    expect((await store.raw(query)).time).toHaveLength(300)
    await copying
    expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1])
  })

  it('has nothing of a site that was erased between two copies', async () => {
    await store.write(minutes(winter, 10, { siteId: 'mina-road-1' }))
    await store.copyTo(newFile(), {})
    await store.erase('mill-lane-7')
    const target = newFile()
    expect((await store.copyTo(target, {})).readings).toBe(10)
    expect(await valuesIn(target)).toEqual([])
  })

  it('can be ended early, and the store works on', async () => {
    const signal = AbortSignal.abort(new Error('the hub stops'))
    await expect(store.copyTo(newFile(), { signal })).rejects.toThrow('the hub stops')
    await store.write([aReading({ measuredAt: at(winter, 500 * minuteMs) })])
    expect((await store.copyTo(newFile(), {})).readings).toBe(301)
  })

  it('never takes the place of a file that is there', async () => {
    const target = newFile()
    await store.copyTo(target, {})
    await expect(store.copyTo(target, {})).rejects.toThrow('EEXIST')
    await store.write([aReading({ measuredAt: at(winter, 500 * minuteMs) })])
  })
})
