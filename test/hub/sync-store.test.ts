/** What a store that was away hears when it is back: the newest, all of it, and nothing that was replaced meanwhile. */
import { beforeEach, describe, expect, it } from 'vitest'
import { syncStore, type StoreSync } from '../../hub/pipeline/sync-store.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'

const rows = (version: number): CorrectionRow[] => [{ correctionId: 'c-1', version } as CorrectionRow]

describe('a store that is away', () => {
  const intervals = new Map<string, number>()
  let corrections: readonly CorrectionRow[] = []
  let isAway = false
  let warnings = 0
  let telling: StoreSync
  const takes = async (take: () => void): Promise<void> => {
    await Promise.resolve()
    if (isAway) throw new StoreUnavailable('taking it', 'the disk is full')
    take()
  }
  beforeEach(() => {
    intervals.clear()
    corrections = []
    isAway = true
    warnings = 0
    telling = syncStore(
      {
        setInterval: (deviceId, intervalS) => takes(() => intervals.set(deviceId, intervalS)),
        setCorrections: (given) => takes(() => (corrections = given))
      },
      () => warnings++
    )
  })

  it('hears of intervals when it is back, without anybody changing anything', async () => {
    await telling.intervals([
      { deviceId: 'd-1', intervalS: 60 },
      { deviceId: 'd-2', intervalS: null },
      { deviceId: 'd-3', intervalS: 10 }
    ])
    expect(warnings).toBe(1)
    isAway = false
    await telling.again()
    expect([...intervals]).toEqual([
      ['d-1', 60],
      ['d-3', 10]
    ])
  })

  it('hears of the newest corrections, and never again of those before', async () => {
    await telling.corrections(rows(1))
    isAway = false
    await telling.corrections(rows(2))
    await telling.again()
    expect(corrections).toEqual(rows(2))
  })

  it('ends with the interval that is wanted, though another was on its way', async () => {
    isAway = false
    const first = telling.intervals([{ deviceId: 'd-1', intervalS: 60 }])
    await telling.intervals([{ deviceId: 'd-1', intervalS: 30 }])
    await first
    expect(intervals.get('d-1')).toBe(30)
  })
})
