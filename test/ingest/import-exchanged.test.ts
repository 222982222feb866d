/** Columns of a file that change places without a header: told and doubted, where a real event is not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Mapping } from '../../ingest/import/mapping.ts'
import { minuteMs, toIso, type UnixMs } from '../../model/time.ts'
import { ImportRig } from './import-rig.ts'

let rig: ImportRig
beforeEach(async () => {
  rig = await ImportRig.open()
})
afterEach(() => rig.close())

const mapping: Mapping = {
  name: 'street',
  time: { columns: ['time'], format: 'YYYY-MM-DDTHH:mm:ss.SSSZ', label: 'start' },
  values: [
    { column: 'PM10', quantity: 'pm10', unit: 'µg/m³' },
    { column: 'T', quantity: 'temperature', unit: '°C' },
    { column: 'RH', quantity: 'humidity', unit: '%' }
  ]
}

/** A row every ten minutes. */
async function importRows(rows: readonly (readonly number[])[], batchReadings = 1_000) {
  const start = Date.UTC(2026, 2, 1)
  const lines = rows.map((cells, i) => [toIso((start + i * 10 * minuteMs) as UnixMs), ...cells].join(','))
  const file = await rig.write('street.csv', ['time,PM10,T,RH', ...lines, ''].join('\n'))
  return rig.run([file], { format: { mapping, devices: { '': 'd-1' } }, batchReadings })
}

const usual = (i: number): [number, number, number] => [24 + (i % 4), 7 + (i % 3) / 2, 70 + (i % 5)]
const rowsOf = (count: number, row: (i: number) => number[]): number[][] =>
  Array.from({ length: count }, (_, i) => row(i))

/** The flags of a quantity in the order of the rows. */
const flagsOf = (quantity: string): number[] =>
  [...rig.store.kept.values()].filter((reading) => reading.quantity === quantity).map(({ flag }) => flag)

describe('columns that change places', () => {
  it.each([1_000, 30])(
    'are told with their line and doubted from it on, %i readings at a time',
    async (batch) => {
      const rows = rowsOf(60, (i) => {
        const [pm10, temperature, humidity] = usual(i)
        return i < 40 ? [pm10, temperature, humidity] : [temperature, pm10, humidity]
      })
      const { notes, flagged, reasons } = await importRows(rows, batch)
      expect(notes.join()).toContain(
        'street.csv: from line 42 on, pm10 has the values that temperature had before'
      )
      for (const quantity of ['pm10', 'temperature'])
        expect(flagsOf(quantity)).toEqual(rows.map((_row, i) => (i < 40 ? 1 : 3)))
      expect(new Set(flagsOf('humidity'))).toEqual(new Set([1]))
      expect(flagged).toBe(40)
      expect(reasons).toMatchObject([{ kind: 'flagged', code: 'doubted', count: 40 }])
    }
  )

  it('are believed again some rows after they have changed back', async () => {
    const rows = rowsOf(80, (i) => {
      const [pm10, temperature, humidity] = usual(i)
      return i < 30 || i >= 50 ? [pm10, temperature, humidity] : [temperature, pm10, humidity]
    })
    await importRows(rows)
    expect(flagsOf('pm10').slice(30, 50)).toEqual(Array(20).fill(3))
    expect(flagsOf('pm10').slice(60)).toEqual(Array(20).fill(1))
  })
})

describe('what really happens', () => {
  const hill = (i: number, from: number, values: readonly number[]): number => values[i - from] ?? 0
  it.each<[string, (i: number) => number[]]>([
    [
      'a bonfire',
      (i) => [
        24 + hill(i, 30, [40, 180, 420, 999, 820, 560, 300, 160, 80]),
        7 + hill(i, 30, [1, 2, 2, 1]),
        70
      ]
    ],
    ['a front', (i) => (i < 30 ? [26 + (i % 3), 18, 45] : [9 + (i % 3), 8, 92])],
    [
      'rain that washes the air while it warms',
      (i) => (i < 30 ? [20, 8 + (i % 2), 80] : [8 + (i % 2), 13, 95])
    ],
    ['columns at one level', (i) => [12 + (i % 3), 13 - (i % 3), 60]],
    ['a single row', (i) => (i === 30 ? [7, 25, 70] : usual(i))],
    ['a window that is opened', (i) => (i < 30 ? [10, 21, 40] : [24, 17 - (i - 30) / 20, 60])]
  ])('is neither told nor doubted: %s', async (_what, row) => {
    const { notes } = await importRows(rowsOf(60, row))
    expect(notes).toEqual([])
    expect(new Set(flagsOf('temperature'))).toEqual(new Set([1]))
  })
})
