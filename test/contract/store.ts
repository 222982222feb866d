/** What every store must keep of the promise in store/promise/. The store given is new, and counts days of Europe/London. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hourMs, minuteMs, type UnixMs } from '../../model/time.ts'
import type { ExportHead, ExportQuery, ExportRows, ReadingExporter } from '../../store/promise/export.ts'
import type { Store } from '../../store/promise/store.ts'
import { aReading, at, everything, minutes, pairs, winter } from '../support/readings.ts'
import { aCorrection, correctionsContract } from './store-corrections.ts'
import { extentsContract } from './store-extents.ts'
import { intervalContract } from './store-intervals.ts'
import { keeperContract } from './store-keeper.ts'
import { modelContract } from './store-model.ts'
import { rememberedContract } from './store-remembered.ts'
import { rollupContract } from './store-rollups.ts'
import { summaryContract } from './store-summary.ts'

export type OpenStore = () => Promise<Store>

/** `reopen` closes a store and opens the same data again; without it, durability is not looked at here. */
export function storeContract(
  name: string,
  open: OpenStore,
  reopen?: (store: Store) => Promise<Store>
): void {
  describe(`${name} keeps the store contract`, () => {
    writerContract(open)
    readerContract(open)
    exportContract(open)
    extentsContract(open)
    rollupContract(open)
    rememberedContract(open)
    summaryContract(open)
    intervalContract(open, reopen)
    keeperContract(open)
    correctionsContract(open)
    modelContract(open)
    if (reopen) durabilityContract(open, reopen)
  })
}

const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const

/** A store for each test of a block, closed after it. */
export function storeForEach(open: OpenStore): () => Store {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())
  return () => store
}

function writerContract(open: OpenStore): void {
  describe('write', () => {
    const store = storeForEach(open)

    it('stores what is new and counts it', async () => {
      const result = await store().write([aReading(), aReading({ quantity: 'pm10', value: 12 })])
      expect(result).toEqual({ inserted: 2, repeated: 0, replaced: 0, superseded: 0 })
      expect(pairs(await store().raw(series))).toEqual([[winter, 8.4]])
    })

    it('takes an empty batch', async () => {
      const result = await store().write([])
      expect(result).toEqual({ inserted: 0, repeated: 0, replaced: 0, superseded: 0 })
    })

    it.each(['in one batch', 'in two'])('stores a reading sent twice once, %s', async (how) => {
      const again = aReading({ sequence: 2, receivedAt: at(winter, 5_000) })
      const counts =
        how === 'in two'
          ? [await store().write([aReading()]), await store().write([again])]
          : [await store().write([aReading(), again])]
      expect(counts.map((c) => c.inserted).reduce((a, b) => a + b)).toBe(1)
      expect(counts.at(-1)?.repeated).toBe(1)
      expect(await store().count(series, 10)).toBe(1)
    })

    it.each([
      ['a higher sequence replaces', [1, 2], 2, 'replaced'],
      ['an equal sequence replaces, the later write wins', [2, 2], 2, 'replaced'],
      ['a lower sequence changes nothing', [2, 1], 1, 'superseded']
    ] as const)('%s', async (_what, [first, second], standing, counted) => {
      await store().write([aReading({ sequence: first, value: 1 })])
      const result = await store().write([aReading({ sequence: second, value: 2 })])
      expect(result).toMatchObject({ inserted: 0, repeated: 0, replaced: 0, superseded: 0, [counted]: 1 })
      expect((await store().raw(series)).value).toEqual([standing])
    })

    it('lets the highest sequence win whatever was repeated in between', async () => {
      await store().write([aReading({ sequence: 10, value: 1 })])
      await store().write([aReading({ sequence: 20, value: 1 })])
      await store().write([aReading({ sequence: 15, value: 2 })])
      expect((await store().raw(series)).value).toEqual([1])
    })

    it('settles several values of one identity within one batch', async () => {
      const result = await store().write([3, 1, 2].map((sequence) => aReading({ sequence, value: sequence })))
      expect(result).toEqual({ inserted: 1, repeated: 0, replaced: 0, superseded: 2 })
      expect((await store().raw(series)).value).toEqual([3])
    })

    it('renews the flag of a repeated value, and counts it as repeated', async () => {
      await store().write([aReading({ flag: 1, sequence: 1 })])
      const result = await store().write([aReading({ flag: 3, reasons: 2, sequence: 2 })])
      expect(result.repeated).toBe(1)
      expect(await store().raw(series)).toMatchObject({ value: [8.4], flag: [3], reasons: [2] })
      await store().write([aReading({ flag: 4, reasons: 1, sequence: 1 })])
      expect((await store().raw(series)).flag).toEqual([3])
    })

    it('tells devices, sites and quantities apart at the same moment', async () => {
      const result = await store().write([
        aReading(),
        aReading({ deviceId: 'box-2' }),
        aReading({ siteId: 'mill-lane-9' }),
        aReading({ quantity: 'pm10' })
      ])
      expect(result.inserted).toBe(4)
      expect((await store().raw(series)).time).toEqual([winter, winter])
    })

    it('takes readings late, from before everything known, and from before 1970', async () => {
      const times = [winter, at(winter, -hourMs), at(winter, -minuteMs), at(0, -1)]
      for (const measuredAt of times) await store().write([aReading({ measuredAt })])
      const range = { from: at(0, -hourMs), until: everything.until }
      expect((await store().raw({ ...series, ...range })).time).toEqual(times.toSorted((a, b) => a - b))
    })

    it.each([NaN, Infinity, -Infinity])('refuses %d and writes nothing of the batch', async (value) => {
      const batch = [aReading(), aReading({ measuredAt: at(winter, 1), value })]
      await expect(store().write(batch)).rejects.toThrow(/box-1 cannot be stored/)
      expect(await store().count(series, 10)).toBe(0)
      expect(await store().latest()).toEqual([])
    })

    it('counts replacements, readings and marks in its stats', async () => {
      await store().write([aReading(), aReading({ quantity: 'pm10' })])
      await store().write([aReading({ value: 9, sequence: 2 })])
      expect(await store().stats()).toMatchObject({ readings: 2, replaced: 1, dirtyHours: 2 })
      expect((await store().stats()).bytes).toBeGreaterThan(0)
    })

    it('keeps the order of writes that were not waited for', async () => {
      const values = [1, 2, 3, 4, 5]
      await Promise.all(values.map((value) => store().write([aReading({ value })])))
      expect((await store().raw(series)).value).toEqual([5])
    })
  })
}

function readerContract(open: OpenStore): void {
  describe('raw, count, latest and coverage', () => {
    const store = storeForEach(open)

    it('gives from inclusive, until exclusive, oldest first', async () => {
      await store().write(minutes(winter, 5).toReversed())
      const query = { ...series, from: at(winter, minuteMs), until: at(winter, 3 * minuteMs) }
      expect((await store().raw(query)).time).toEqual([at(winter, minuteMs), at(winter, 2 * minuteMs)])
    })

    it('counts as raw does, up to countMax', async () => {
      await store().write(minutes(winter, 5))
      expect(await store().count(series, 10)).toBe(5)
      expect(await store().count(series, 3)).toBe(3)
      expect(await store().count({ ...series, until: at(winter, minuteMs) }, 10)).toBe(1)
    })

    it('answers emptily for what it never saw', async () => {
      const nobody = { ...series, siteId: 'nowhere' }
      expect((await store().raw(nobody)).time).toEqual([])
      expect((await store().rollup({ ...nobody, window: 'day' })).time).toEqual([])
      expect(await store().count(nobody, 5)).toBe(0)
      expect(await store().latest(['nowhere'])).toEqual([])
      expect(await store().coverage(nobody)).toEqual({ count: 0, expected: null, coverage: null })
    })

    it('gives the newest reading that did not fail, for each site and quantity', async () => {
      await store().write([
        ...minutes(winter, 3, {}, (minute) => minute),
        aReading({ measuredAt: at(winter, 3 * minuteMs), value: 999, flag: 4 }),
        aReading({ siteId: 'mill-lane-9', quantity: 'laeq', value: 55, flag: 3, reasons: 2 })
      ])
      await store().write([aReading({ measuredAt: at(winter, -minuteMs), value: 77 })])
      const latest = await store().latest()
      expect(latest.toSorted((a, b) => a.siteId.localeCompare(b.siteId))).toMatchObject([
        { siteId: 'mill-lane-7', deviceId: 'box-1', measuredAt: at(winter, 2 * minuteMs), value: 2, flag: 1 },
        { siteId: 'mill-lane-9', quantity: 'laeq', value: 55, flag: 3, reasons: 2 }
      ])
      expect(await store().latest(['mill-lane-9'])).toHaveLength(1)
      expect(await store().latest([])).toEqual([])
    })

    it('steps back to an older one when the newest turns out to have failed', async () => {
      await store().write(minutes(winter, 2, {}, (minute) => minute))
      await store().write([aReading({ measuredAt: at(winter, minuteMs), value: 1, flag: 4, sequence: 9 })])
      expect(await store().latest()).toMatchObject([{ measuredAt: winter, value: 0 }])
    })

    it('shows a replaced newest value at once', async () => {
      await store().write([aReading({ value: 1 })])
      await store().write([aReading({ value: 2, sequence: 2 })])
      expect(await store().latest()).toMatchObject([{ value: 2 }])
    })

    it('counts coverage against the interval over the whole range asked for', async () => {
      await store().setInterval('box-1', 60)
      await store().write([
        ...minutes(winter, 29),
        aReading({ measuredAt: at(winter, 30 * minuteMs), flag: 4 })
      ])
      const hour = { ...series, from: winter, until: at(winter, hourMs) }
      expect(await store().coverage(hour)).toEqual({ count: 29, expected: 60, coverage: 29 / 60 })
      const later = { ...series, from: at(winter, hourMs), until: at(winter, 2 * hourMs) }
      expect(await store().coverage(later)).toEqual({ count: 0, expected: 60, coverage: 0 })
    })

    it('never gives more coverage than all', async () => {
      await store().setInterval('box-1', 600)
      await store().write(minutes(winter, 60))
      const hour = { ...series, from: winter, until: at(winter, hourMs) }
      expect(await store().coverage(hour)).toEqual({ count: 60, expected: 6, coverage: 1 })
    })
  })
}

function exportContract(open: OpenStore): void {
  describe('export', () => {
    const store = storeForEach(open)

    it('gives every reading of the sites asked for, in order of time', async () => {
      await store().write([
        ...minutes(winter, 50, { siteId: 'b', deviceId: 'box-2' }),
        ...minutes(winter, 50, { siteId: 'a' }),
        ...minutes(at(winter, -900 * 24 * hourMs), 3, { siteId: 'a', quantity: 'laeq' }),
        ...minutes(winter, 5, { siteId: 'secret' })
      ])
      const rows = await exported(store(), { siteIds: ['b', 'a'], ...everything })
      expect(rows).toHaveLength(103)
      const order = rows.map((row) => `${String(row.time).padStart(14, '0')} ${row.site} ${row.device}`)
      expect(order).toEqual(order.toSorted())
      expect(rows[0]).toEqual({
        time: at(winter, -900 * 24 * hourMs),
        site: 'a',
        device: 'box-1',
        quantity: 'laeq',
        value: 10,
        flag: 1,
        reasons: 0,
        received: at(winter, -900 * 24 * hourMs + 120)
      })
    })

    it('keeps to the range and the quantities asked for', async () => {
      await store().write([...minutes(winter, 10), ...minutes(winter, 10, { quantity: 'pm10' })])
      const range = { from: at(winter, minuteMs), until: at(winter, 3 * minuteMs) }
      const rows = await exported(store(), { siteIds: ['mill-lane-7'], quantities: ['pm10'], ...range })
      expect(rows.map((row) => [row.time, row.quantity])).toEqual([
        [at(winter, minuteMs), 'pm10'],
        [at(winter, 2 * minuteMs), 'pm10']
      ])
    })

    it('exports nothing for no site, and nothing for no quantity', async () => {
      await store().write([aReading()])
      expect(await exported(store(), { siteIds: [], ...everything })).toEqual([])
      expect(await exported(store(), { siteIds: ['mill-lane-7'], quantities: [], ...everything })).toEqual([])
    })

    it('may be left in the middle', async () => {
      await store().write(minutes(winter, 20_000))
      for await (const part of store().export({ siteIds: ['mill-lane-7'], ...everything })) {
        if (part.kind === 'head') continue
        expect(part.time.length).toBeGreaterThan(0)
        break
      }
      expect((await store().write([aReading({ siteId: 'b' })])).inserted).toBe(1)
    })
  })
}

function durabilityContract(open: OpenStore, reopen: (store: Store) => Promise<Store>): void {
  it('has everything again after it was closed and opened', async () => {
    const first = await open()
    await first.setInterval('box-1', 60)
    await first.write(minutes(winter, 60))
    await first.refreshRollups(at(winter, 3 * hourMs))
    await first.write([aReading({ measuredAt: at(winter, 90 * minuteMs), value: 3 })])
    await first.setCorrections([aCorrection()])
    const before = await everythingOf(first)
    const second = await reopen(first)
    expect(await everythingOf(second)).toEqual(before)
    expect(await second.write(minutes(winter, 60))).toMatchObject({ inserted: 0, repeated: 60 })
    await second.close()
  })

  it('may be closed twice, and refuses afterwards', async () => {
    const store = await open()
    await store.close()
    await store.close()
    await expect(store.write([aReading()])).rejects.toMatchObject({ code: 'storeUnavailable' })
    await expect(store.raw(series)).rejects.toMatchObject({ code: 'storeUnavailable' })
  })
}

async function everythingOf(store: Store): Promise<unknown> {
  const { readings, replaced, dirtyHours } = await store.stats()
  return {
    readings,
    replaced,
    dirtyHours,
    raw: await store.raw(series),
    hours: await store.rollup({ ...series, window: 'hour' }),
    days: await store.rollup({ ...series, window: 'day' }),
    corrected: await store.corrected({ ...series, quantity: 'pm2_5_corrected' }),
    recomputing: (await store.recomputing()).hoursLeft,
    latest: await store.latest(),
    coverage: await store.coverage({ ...series, from: winter, until: at(winter, hourMs) })
  }
}

export interface ExportedRow {
  time: UnixMs
  site: string
  device: string
  quantity: string
  value: number
  flag: number
  reasons: number
  received: number
  /** Only where a corrected quantity was asked for. */
  correction?: string | null
}

export async function exported(store: ReadingExporter, query: ExportQuery): Promise<ExportedRow[]> {
  const rows: ExportedRow[] = []
  let head: ExportHead | undefined
  for await (const part of store.export(query)) {
    if (part.kind === 'head') head = part
    else rows.push(...rowsOf(head!, part))
  }
  return rows
}

function rowsOf({ series, corrections }: ExportHead, part: ExportRows): ExportedRow[] {
  return Array.from(part.time, (time, i) => {
    const { siteId, deviceId, quantity } = series[part.series[i]!]!
    return {
      time: time as UnixMs,
      site: siteId,
      device: deviceId,
      quantity,
      value: part.value[i]!,
      flag: part.flag[i]!,
      reasons: part.reasons[i]!,
      received: part.received[i]!,
      ...(part.correction && { correction: corrections[part.correction[i]! - 1] ?? null })
    }
  })
}
