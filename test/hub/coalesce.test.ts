/** What is newest is told at once, and when batches follow each other, together. */
import { expect, it } from 'vitest'
import { coalesceLatest } from '../../hub/pipeline/coalesce.ts'
import type { UnixMs } from '../../model/time.ts'
import type { LatestReading } from '../../store/promise/read.ts'

const aReading = (siteId: string, measuredAt: number, value: number): LatestReading => ({
  siteId,
  deviceId: 'd1',
  quantity: 'pm2_5',
  measuredAt: measuredAt as UnixMs,
  value,
  flag: 1,
  reasons: 0
})

it('tells the first at once, and of what follows quickly only the newest of each site', async () => {
  const told: LatestReading[][] = []
  const { promise: second, resolve } = Promise.withResolvers<void>()
  const stored = coalesceLatest((latest) => {
    told.push(latest)
    if (told.length === 2) resolve()
  })
  stored([aReading('s1', 1, 8)])
  expect(told).toEqual([[aReading('s1', 1, 8)]])
  for (let at = 2; at <= 5; at++) stored([aReading('s1', at, at), aReading('s2', 10 - at, at)])
  await second
  expect(told.slice(1)).toEqual([[aReading('s1', 5, 5), aReading('s2', 8, 2)]])
})
