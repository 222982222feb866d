/** The part of the store contract about how far series reach and how many readings they have. */
import { describe, expect, it } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../../model/time.ts'
import { aReading, at, everything, minutes, tens, winter } from '../support/readings.ts'
import { aCorrection } from './store-corrections.ts'
import { refreshAll } from './store-rollups.ts'
import { exported, storeForEach, type OpenStore } from './store.ts'

const siteIds = ['mill-lane-7', 'quay-street-2']

export function extentsContract(open: OpenStore): void {
  describe('extents and counts', () => {
    const store = storeForEach(open)

    it('are those of the sites that are asked for, by series', async () => {
      await store().write([
        ...minutes(winter, 10),
        aReading({ deviceId: 'box-2', measuredAt: at(winter, hourMs), flag: 4 }),
        aReading({ siteId: 'elsewhere' })
      ])
      expect(await store().extents(siteIds)).toEqual([
        {
          siteId: 'mill-lane-7',
          deviceId: 'box-1',
          quantity: 'pm2_5',
          from: winter,
          until: at(winter, 9 * minuteMs + 1)
        },
        {
          siteId: 'mill-lane-7',
          deviceId: 'box-2',
          quantity: 'pm2_5',
          from: at(winter, hourMs),
          until: at(winter, hourMs + 1)
        }
      ])
      expect(await store().extents(['nowhere'])).toEqual([])
      expect(await store().counts({ siteIds, ...everything })).toEqual([
        { siteId: 'mill-lane-7', quantity: 'pm2_5', count: 11 }
      ])
    })

    it('count a half-open period, and the quantities that are named', async () => {
      await store().write([...minutes(winter, 10), ...minutes(winter, 5, { quantity: 'pm10' })])
      const range = { from: at(winter, minuteMs), until: at(winter, 4 * minuteMs) }
      expect(await store().counts({ siteIds, quantities: ['pm2_5'], ...range })).toEqual([
        { siteId: 'mill-lane-7', quantity: 'pm2_5', count: 3 }
      ])
      const nothing = { from: at(winter, hourMs), until: at(winter, 2 * hourMs) }
      expect(await store().counts({ siteIds, ...nothing })).toEqual([])
    })

    it('count what is there while days are made of it, late, replaced and taken away', async () => {
      const site = { siteId: 'quay-street-2', deviceId: 'box-2' }
      const query = { siteIds, from: at(winter, -2 * dayMs), until: at(winter, 40 * dayMs) }
      const expectAsExported = async (): Promise<void> => {
        for (const [from, until] of [
          [query.from, query.until],
          [at(winter, 7 * hourMs + 3), at(winter, 2 * dayMs + 90 * minuteMs)],
          [at(winter, dayMs), at(winter, 2 * dayMs)],
          [at(winter, 5 * dayMs), at(winter, 5 * dayMs + 1)]
        ] as const) {
          const rows = await exported(store(), { siteIds, from, until })
          const wanted = siteIds.flatMap((siteId) => {
            const count = rows.filter((row) => row.site === siteId).length
            return count > 0 ? [{ siteId, quantity: 'pm2_5', count }] : []
          })
          const counted = await store().counts({ siteIds, from, until })
          expect(counted.toSorted((a, b) => (a.siteId < b.siteId ? -1 : 1))).toEqual(wanted)
        }
      }
      await store().write([...tens(winter, 600), ...tens(at(winter, 5 * dayMs), 300, site)])
      await expectAsExported()
      await refreshAll(store())
      await expectAsExported()
      // Late, of a day that was made; the same again; and one that replaces another.
      await store().write([
        ...minutes(at(winter, dayMs + 2), 30, { sequence: 5 }),
        aReading({ sequence: 9, value: 3 })
      ])
      await expectAsExported()
      await refreshAll(store())
      await expectAsExported()
      await store().erase(site.siteId)
      await expectAsExported()
    })

    it('count corrected readings as an export gives them', async () => {
      const from = at(winter, -30 * minuteMs)
      await store().setCorrections([
        aCorrection({ from: at(winter, minuteMs / 2), until: at(winter, 3 * hourMs) })
      ])
      await store().write(minutes(from, 300))
      await refreshAll(store())
      const query = {
        siteIds,
        quantities: ['pm2_5_corrected'] as const,
        from,
        until: at(winter, 150 * minuteMs)
      }
      const rows = await exported(store(), query)
      expect(rows.length).toBeGreaterThan(100)
      expect(await store().counts(query)).toEqual([
        { siteId: 'mill-lane-7', quantity: 'pm2_5_corrected', count: rows.length }
      ])
      const corrected = (await store().extents(siteIds)).find(
        ({ quantity }) => quantity === 'pm2_5_corrected'
      )
      expect(corrected).toMatchObject({
        deviceId: 'box-1',
        from: at(winter, minuteMs / 2),
        until: at(winter, 3 * hourMs)
      })
    })
  })
}
