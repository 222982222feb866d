/** What a store that was away hears when it is back: the newest, all of it, and nothing that was replaced meanwhile. */
import { beforeEach, describe, expect, it } from 'vitest'
import { saidOf, syncStore, type StoreSync } from '../../hub/pipeline/sync-store.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import type { UnixMs } from '../../model/time.ts'
import type { SaidInterval } from '../../store/promise/keep.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'

const year = { from: Date.UTC(2020, 0) as UnixMs, until: Date.UTC(2021, 0) as UnixMs }
const entry = (deviceId: string, intervalS: number | null) =>
  ({ deviceId, dialect: 'lamppost', intervalS, intervalSource: intervalS === null ? null : 'given' }) as const
const rows = (version: number): CorrectionRow[] => [{ correctionId: 'c-1', version } as CorrectionRow]

describe('a store that is away', () => {
  const intervals = new Map<string, number | SaidInterval>()
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
        setInterval: (deviceId, said) => takes(() => intervals.set(deviceId, said)),
        setCorrections: (given) => takes(() => (corrections = given))
      },
      () => warnings++
    )
  })

  it('hears of intervals when it is back, without anybody changing anything', async () => {
    await telling.intervals([entry('d-1', 60), entry('d-2', null), entry('d-3', 10)])
    await telling.interval('d-2', { intervalS: 3_600, ...year })
    expect(warnings).toBe(2)
    isAway = false
    await telling.again()
    expect([...intervals]).toEqual([
      ['d-1', { intervalS: 60 }],
      ['d-2', { intervalS: 3_600, ...year }],
      ['d-3', { intervalS: 10 }]
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
    const first = telling.intervals([entry('d-1', 60)])
    await telling.intervals([entry('d-1', 30)])
    await first
    expect(intervals.get('d-1')).toEqual({ intervalS: 30 })
  })
})

describe('the interval that is said', () => {
  it.each([
    ['by who added the device', 'airrohr', 60, 'given', { intervalS: 60 }],
    ['by its family', 'airrohr', null, null, { intervalS: 145 }],
    ['by its family, though another was learnt', 'airrohr', 300, 'learnt', { intervalS: 145 }],
    ['as a longest silence', 'zigbee2mqtt', null, null, { intervalS: 3_600, onChange: true }],
    ['by nobody', 'lamppost', 300, 'learnt', { intervalS: null }]
  ] as const)('%s', (_what, dialect, intervalS, intervalSource, said) => {
    expect(saidOf({ dialect, intervalS, intervalSource })).toEqual(said)
  })
})
