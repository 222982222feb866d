/** The part of the store contract that a tiny model says: any batches, repeated, late and shuffled, give the same store. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Flag } from '../../model/flag.ts'
import type { Reading } from '../../model/reading.ts'
import { hourMs, hourStart, minuteMs, type UnixMs } from '../../model/time.ts'
import { aReading, at, everything, winter } from '../support/readings.ts'
import { refreshAll } from './store-rollups.ts'
import { storeForEach, type OpenStore } from './store.ts'

/** Few moments, devices and values, so that identities meet often; sequences are unique, so that order cannot matter. */
const batchesOfReadings = fc
  .array(
    fc.record({
      quarter: fc.integer({ min: -6, max: 30 }),
      device: fc.integer({ min: 1, max: 2 }),
      value: fc.integer({ min: 1, max: 3 }),
      flag: fc.constantFrom<Flag>(1, 2, 3, 4)
    }),
    { minLength: 1, maxLength: 60 }
  )
  .chain((drafts) =>
    fc.record({
      drafts: fc.constant(drafts.map((draft, sequence) => ({ ...draft, sequence }))),
      order: fc.shuffledSubarray(
        drafts.map((_, i) => i),
        { minLength: drafts.length }
      ),
      repeats: fc.subarray(drafts.map((_, i) => i)),
      cuts: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }),
      refreshAfter: fc.nat(5)
    })
  )

export function modelContract(open: OpenStore): void {
  describe('any order', () => {
    const store = storeForEach(open)

    it('leaves one reading for each identity, the highest sequence, and the rollups of those', async () => {
      let run = 0
      const property = fc.asyncProperty(batchesOfReadings, async (plan) => {
        const siteId = `site-${run++}`
        const readings = plan.drafts.map((draft) => toReading(draft, siteId))
        const sent = [...plan.order, ...plan.repeats].map((i) => readings[i]!)
        for (const [i, batch] of cut(sent, plan.cuts).entries()) {
          await store().write(batch)
          if (i === plan.refreshAfter) await refreshAll(store())
        }
        await refreshAll(store())
        const inOrder = readings.map((reading): Reading => ({ ...reading, siteId: `${siteId}-in-order` }))
        await store().write(inOrder)
        await refreshAll(store())

        const standing = model(readings)
        const query = { quantity: 'pm2_5', from: at(winter, -9 * hourMs), until: everything.until } as const
        const raw = await store().raw({ ...query, siteId })
        expect(raw.time).toEqual(standing.map((r) => r.measuredAt))
        expect(raw.value).toEqual(standing.map((r) => r.value))
        expect(raw.flag).toEqual(standing.map((r) => r.flag))
        expect(await store().latest([siteId])).toMatchObject(newest(standing))
        for (const window of ['hour', 'day'] as const) {
          const rollup = await store().rollup({ ...query, siteId, window })
          expect(rollup).toEqual(await store().rollup({ ...query, siteId: `${siteId}-in-order`, window }))
          if (window === 'hour') expect(rollup.count).toEqual(hourCounts(standing))
        }
      })
      await fc.assert(property, { numRuns: 20 })
    })
  })
}

interface Draft {
  quarter: number
  device: number
  value: number
  flag: Flag
  sequence: number
}

function toReading({ quarter, device, value, flag, sequence }: Draft, siteId: string): Reading {
  const measuredAt = at(winter, quarter * 15 * minuteMs)
  return aReading({ siteId, deviceId: `box-${device}`, measuredAt, value: value / 10, flag, sequence })
}

function cut(readings: readonly Reading[], lengths: readonly number[]): Reading[][] {
  const batches: Reading[][] = []
  for (let start = 0, i = 0; start < readings.length; i++) {
    const length = lengths[i % lengths.length]!
    batches.push(readings.slice(start, start + length))
    start += length
  }
  return batches
}

/** What the promise says, in as few words as it can be said. */
function model(readings: readonly Reading[]): Reading[] {
  const standing = new Map<string, Reading>()
  for (const reading of readings) {
    const identity = `${reading.deviceId} ${reading.measuredAt}`
    if ((standing.get(identity)?.sequence ?? -1) < reading.sequence) standing.set(identity, reading)
  }
  return [...standing.values()].sort(
    (a, b) => a.measuredAt - b.measuredAt || a.deviceId.localeCompare(b.deviceId)
  )
}

function newest(standing: readonly Reading[]): { measuredAt: UnixMs }[] {
  const last = standing.filter((reading) => reading.flag !== 4).at(-1)
  return last ? [{ measuredAt: last.measuredAt }] : []
}

function hourCounts(standing: readonly Reading[]): number[] {
  const counts = new Map<number, number>()
  for (const { measuredAt, flag } of standing) {
    const hour = hourStart(measuredAt)
    counts.set(hour, (counts.get(hour) ?? 0) + (flag === 4 ? 0 : 1))
  }
  return [...counts.keys()].sort((a, b) => a - b).map((hour) => counts.get(hour)!)
}
