/** What is written down of a day that changes again and again: once, unless somebody was given a position meanwhile. */
import { describe, expect, it } from 'vitest'
import { minuteMs } from '../../model/time.ts'
import { aReading, at, winter } from '../support/readings.ts'
import type { ChangesRig } from './store-changes.ts'

export function changesOnceContract(name: string, open: () => Promise<ChangesRig>): void {
  describe(`${name}: a day that changes again`, () => {
    it('tells of what was being written when a position was given out', async () => {
      const { store } = await open()
      await store.setPublicSites(new Map([['elm-1', 'elm']]))
      const late = (minutes: number) =>
        store.write([aReading({ siteId: 'elm-1', measuredAt: at(winter, minutes * minuteMs) })])
      await late(0)
      // The day stands in the log already, and nobody has asked since.
      const writing = late(1)
      const during = await store.changesSince(null, 10)
      await writing
      const page = await store.changesSince(during!.position, 10)
      expect(page!.changes.map(({ quantity }) => quantity)).toEqual(['pm2_5', 'pm2_5_corrected'])
      await late(2)
      expect((await store.changesSince(page!.position, 10))!.changes).toHaveLength(2)
      await store.close()
    })

    it('writes a day down once for all that comes before somebody asks', async () => {
      const { store } = await open()
      await store.setPublicSites(new Map([['elm-1', 'elm']]))
      const late = (minutes: number) =>
        store.write([aReading({ siteId: 'elm-1', measuredAt: at(winter, minutes * minuteMs) })])
      const begun = await store.changesSince(null, 10)
      await late(0)
      const first = await store.changesSince(begun!.position, 10)
      for (let minutes = 1; minutes < 10; minutes++) await late(minutes)
      const last = await store.changesSince(first!.position, 10)
      expect(last!.changes).toHaveLength(2)
      // The first time, and once more: what was changed is told with what is changed next.
      expect(last!.position.sequence - first!.position.sequence).toBe(4)
      await store.close()
    })
  })
}
