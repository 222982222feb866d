/** The part of the store contract about reading everything out: written into another store, it is the same store. */
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../model/reading.ts'
import { minuteMs, type UnixMs } from '../../model/time.ts'
import type { ReadingDumper } from '../../store/promise/copy.ts'
import type { Store } from '../../store/promise/store.ts'
import { aReading, at, everything, minutes, pairs, winter } from '../support/readings.ts'
import { storeForEach } from './store.ts'

type DumpingStore = Store & ReadingDumper

/** `open` gives a new store each time; both are open at once. */
export function dumpContract(open: () => Promise<DumpingStore>): void {
  describe('dump', () => {
    const source = storeForEach(open) as () => DumpingStore
    const target = storeForEach(open) as () => DumpingStore
    const series = { siteId: 'mill-lane-7', quantity: 'pm2_5', ...everything } as const

    it('gives all that is kept of a reading, oldest first', async () => {
      const readings = [
        aReading({
          measuredAt: at(winter, minuteMs),
          sequence: 9,
          importId: 3,
          flag: 3,
          reasons: 4,
          value: -0.1
        }),
        aReading({ quantity: 'laeq', value: 51.25, receivedAt: at(winter, -5_000), sequence: 7 }),
        aReading({ deviceId: 'box 2, "new"', siteId: 'quay-street-2', measuredAt: at(winter, 3 * minuteMs) })
      ]
      await source().write(readings)
      expect(await all(source())).toEqual(readings.toSorted((a, b) => a.measuredAt - b.measuredAt))
      expect(await source().dumpSize(null)).toBe(3)
    })

    it('goes on from any moment', async () => {
      await source().write(minutes(winter, 100))
      const from = at(winter, 40 * minuteMs)
      const rest = await all(source(), from)
      expect(rest).toHaveLength(60)
      expect(rest[0]!.measuredAt).toBe(from)
      expect(await source().dumpSize(from)).toBe(60)
    })

    it('never spreads a moment over two pieces, and says up to when it has given all', async () => {
      const years = Array.from({ length: 12 }, (_, i) => at(winter, i * 200 * 24 * 60 * minuteMs))
      await source().write(years.flatMap((time) => minutes(time, 200)))
      let until = -Infinity
      for await (const piece of source().dump(null)) {
        for (const { measuredAt } of piece.readings) {
          expect(measuredAt).toBeGreaterThanOrEqual(until)
          expect(measuredAt).toBeLessThan(piece.until)
        }
        until = piece.until
      }
      expect(await source().dumpSize(null)).toBe(2_400)
    })

    it('leaves another store as this one is: what was set aside comes back there as well', async () => {
      await source().write([aReading({ value: 1, sequence: 10 }), aReading({ quantity: 'pm10', value: 5 })])
      await source().write([aReading({ value: 2, sequence: 20, importId: 3 })])
      await source().write([aReading({ value: 3, sequence: 15 })])
      await source().write(minutes(at(winter, minuteMs), 3, { importId: 3, sequence: 20 }))

      for await (const { readings } of source().dump(null)) await target().write(readings)
      expect(await all(target())).toEqual(await all(source()))

      expect(await target().undoImport(3)).toBe(4)
      expect(await source().undoImport(3)).toBe(4)
      expect(pairs(await target().raw(series))).toEqual([[winter, 3]])
      expect(pairs(await source().raw(series))).toEqual([[winter, 3]])
      // What was sent again keeps its place among the sequences.
      const late = aReading({ value: 4, sequence: 12 })
      expect(await target().write([late])).toEqual(await source().write([late]))
    })

    it('written twice, leaves it once', async () => {
      await source().write(minutes(winter, 50))
      await source().write([aReading({ value: 99, sequence: 500, importId: 2 })])
      for (let i = 0; i < 2; i++) {
        for await (const { readings } of source().dump(null)) await target().write(readings)
      }
      expect(await all(target())).toEqual(await all(source()))
    })

    it('of an empty store is empty', async () => {
      expect(await all(source())).toEqual([])
      expect(await source().dumpSize(null)).toBe(0)
    })
  })
}

async function all(store: ReadingDumper, from: UnixMs | null = null): Promise<Reading[]> {
  const readings: Reading[] = []
  for await (const piece of store.dump(from)) readings.push(...piece.readings)
  return readings
}
