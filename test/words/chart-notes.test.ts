/** Flags and coverage as the street's page shows them: dots beside the line, counts in words, days above the guideline. */
import { describe, expect, it } from 'vitest'
import type { PublicSite } from '../../contract/street.ts'
import { appended, siteLine } from '../../dashboard/src/chart/columns.ts'
import { dayMs } from '../../model/time.ts'
import { placeUnsaid } from '../../model/site-place.ts'
import { limits } from '../../science/guidelines.ts'
import { correctedText, daysAboveText, leftOutTexts, uncheckedTexts } from '../../words/chart-notes.ts'
import { leftOutText, leftOutTogether } from '../../words/left-out.ts'
import { middleReadOut, siteReadOut } from '../../words/chart.ts'
import { shareText } from '../../words/format.ts'
import { guidelineFor } from '../../words/guideline.ts'
import { sensorText } from '../../words/sensor.ts'
import { isDrawable, offScale } from '../../words/series.ts'
import { tableRows } from '../../words/table.ts'
import { english, textContext } from '../support/english.ts'

const context = textContext()
const plain = (text: string | undefined): string | undefined => text?.replaceAll('\u00a0', ' ')
const facts = { quantity: 'pm2_5', unit: 'µg/m³', window: 'raw' } as const
const line = siteLine('s', 'No. 12', {
  ...facts,
  time: [1, 2, 3, 4],
  value: [8, 999.9, 1500, 9],
  flag: [1, 3, 4, 1]
})

describe('the line of one sensor', () => {
  it('has doubtful readings as dots of their own and counts the failed ones', () => {
    expect(line.value).toEqual([8, null, null, 9])
    expect(line.doubtful).toEqual({ time: [2], value: [999.9] })
    expect(line.failed).toBe(1)
  })

  it('takes live readings by their flag', () => {
    const longer = appended(appended(appended(line, 5, 7), 6, 700, 3), 7, 5000, 4)
    expect(longer.value.slice(-3)).toEqual([7, null, null])
    expect(longer.doubtful?.time).toEqual([2, 6])
    expect(longer.failed).toBe(2)
  })

  it('can be drawn where all readings are doubtful, and not where all failed', () => {
    const all = (flag: number) => siteLine('s', 'S', { ...facts, time: [1], value: [600], flag: [flag] })
    expect([isDrawable(all(3)), isDrawable(all(4))]).toEqual([true, false])
  })

  it('says what it leaves out, in words', () => {
    expect(leftOutTexts(english, [line], [0, 20], 'pm2_5').map(plain)).toEqual([
      'No. 12: 1 reading failed its checks and was left out.',
      '1 doubtful reading lies outside the chart: 999.9 µg/m³.'
    ])
    const many = { ...line, failed: 12, doubtful: { time: [2, 3], value: [600, 999.9] } }
    expect(leftOutTexts(english, [many], [0, 20], 'pm2_5').map(plain)).toEqual([
      'No. 12: 12 readings failed their checks and were left out.',
      '2 doubtful readings lie outside the chart, the farthest at 999.9 µg/m³.'
    ])
    expect(leftOutTexts(english, [{ ...line, failed: 0 }], [0, 1000], 'pm2_5')).toEqual([])
    expect(offScale([{ time: [1, 2], value: [-50, null] }], [0, 20])).toEqual({ count: 1, farthest: -50 })
  })

  it('reads a doubtful value as one, and a mean with its coverage', () => {
    const column = [8, null, null, 9]
    expect(plain(siteReadOut(english, line, { column, index: 1, time: 2 }, 'pm2_5'))).toBe(
      'No. 12: 999.9 µg/m³, doubtful'
    )
    const hours = { name: 'No. 12', time: [1, 2], coverage: [1, 0.749] }
    expect(plain(siteReadOut(english, hours, { column: [8, 9], index: 1, time: 2 }, 'pm2_5'))).toBe(
      'No. 12: 9.0 µg/m³, 74% measured'
    )
  })
})

describe('coverage', () => {
  it('stands beside the middle, and in the table', () => {
    const middle = {
      basis: 'sites',
      sitesNeeded: 3,
      window: 'hour',
      time: [0],
      median: [8],
      p25: [7],
      p75: [9],
      sites: [5],
      coverage: [0.97]
    } as const
    expect(plain(middleReadOut(english, middle, 0, 'pm2_5'))).toBe(
      '8.0 µg/m³ (middle half 7.0 to 9.0 µg/m³, 5 sensors, 97% measured)'
    )
    const rows = tableRows(context, { quantity: 'pm2_5', window: 'hour' }, [0, 1], {
      values: [[8, null]],
      counts: [5, 1],
      coverage: [[0.97, null]]
    })
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['8.0', '5', '97%'],
      ['–', '1', '–']
    ])
  })

  it('is cut and not rounded up to what a mean needs', () => {
    expect([0.7499, 0.75, 0.29, 1].map((share) => shareText(english, share))).toEqual([
      '74%',
      '75%',
      '29%',
      '100%'
    ])
  })
})

describe('days above the guideline', () => {
  const from = Date.parse('2026-11-01T00:00:00Z')
  const days = (...value: (number | null)[]) => ({ time: value.map((_one, i) => from + i * dayMs), value })
  const range = (count: number) => ({ from, until: from + count * dayMs })
  const text = (values: (number | null)[], count = values.length): string | undefined =>
    plain(daysAboveText(context, days(...values), 'pm2_5', range(count)))

  it('counts days with enough data, those above, and those with too little', () => {
    expect(text([10, 16, 15, null, 40, 3, null])).toBe(
      '2 of 5 days with enough data were above the WHO guideline for 24 hours (15 µg/m³), indicative; 2 days had too little data.'
    )
    expect(text([10, 16])).toBe(
      '1 of 2 days with enough data was above the WHO guideline for 24 hours (15 µg/m³), indicative.'
    )
    expect(text([10, 9, null])).toBe(
      'None of 2 days with enough data was above the WHO guideline for 24 hours (15 µg/m³), indicative; 1 day had too little data.'
    )
    expect(text([10])).toBe(
      'The one day with enough data was not above the WHO guideline for 24 hours (15 µg/m³), indicative.'
    )
    expect(text([null, null])).toBe(
      'No day in this period had enough data to be compared with the WHO guideline for 24 hours (15 µg/m³).'
    )
  })

  it('leaves out the day that still runs and days of which the range shows a part', () => {
    const until = from + 2 * dayMs + 9 * 3_600_000
    expect(daysAboveText(context, days(20, 20, 20), 'pm2_5', { from, until })).toContain('2 of 2 days')
    const late = { from: from + 3_600_000, until }
    expect(daysAboveText(context, days(20, 20, 20), 'pm2_5', late)).toContain('1 of 1 day ')
  })

  it('judges a day by what held on it, and nothing without a guideline for a day', () => {
    const early = Date.parse('2019-04-01T00:00:00Z')
    const old = { time: [early], value: [50] }
    expect(daysAboveText(context, old, 'pm2_5', { from: early, until: early + 3 * dayMs })).toBeUndefined()
    expect(daysAboveText(context, days(50), 'o3', range(1))).toBeUndefined()
  })

  it('uses the same values as the line on the chart', () => {
    for (const limit of limits.filter(({ set, averaging }) => set === 'who-2021' && averaging === 'day')) {
      if (limit.quantity === 'pm2_5' || limit.quantity === 'pm10' || limit.quantity === 'no2') {
        expect(guidelineFor(context, limit.quantity, 'day')?.value).toBe(limit.value)
      }
    }
  })
})

describe('a sensor of the list', () => {
  it('says why its newest value is doubtful', () => {
    const latest = {
      value: 999.9,
      unit: 'µg/m³',
      at: '2026-11-23T14:29:00Z',
      flag: 3,
      reasons: ['saturated'],
      judged: true
    }
    const site: PublicSite = {
      id: 's',
      name: 'No. 12',
      streetId: 'a',
      placement: 'outdoor',
      reference: false,
      place: { ...placeUnsaid, position: null },
      state: 'online',
      latest: { pm2_5: latest }
    }
    expect(sensorText(context, site, 'pm2_5')).toMatchObject({
      state: 'working, doubtful',
      why: 'The sensor was at the end of its scale.'
    })
    const good = { ...site, latest: { pm2_5: { ...latest, flag: 1 } } }
    expect(sensorText(context, good, 'pm2_5').why).toBe('')
    const fresh = { ...site, latest: { pm2_5: { ...latest, flag: 1, judged: false } } }
    expect(sensorText(context, fresh, 'pm2_5').state).toBe('working, newest reading not checked yet')
  })

  it('says below its line from when on nothing was checked', () => {
    const line = { siteId: 's', name: 'No. 12', window: 'raw' as const, time: [], value: [] }
    const at = (hour: number): number => Date.parse(`2026-11-23T${hour}:00:00Z`)
    expect(uncheckedTexts(context, [line])).toEqual([])
    expect(
      uncheckedTexts(context, [{ ...line, unjudgedFrom: at(14) }, line, { ...line, unjudgedFrom: at(13) }])
    ).toEqual([
      'From 13:00 the readings are not checked against those around them yet. That happens a few minutes after each hour, and may show that a sensor is stuck.'
    ])
  })
})

describe('what is said of corrected values', () => {
  const entry = {
    id: 'c-1',
    version: 1,
    site: 's-1',
    quantity: 'pm2_5',
    formula: 'kappaKohler',
    formulaVersion: 1,
    title: 'κ-Köhler humidity correction',
    text: '',
    source: '',
    coefficients: { kappa: 0.3 },
    sensor: 'sds011',
    from: '2026-11-01T00:00:00.000Z',
    until: null
  }

  it('names each correction once, with its sensors and its beginning, and the gaps it leaves', () => {
    const corrections = [entry, { ...entry, id: 'c-2', site: 's-2' }]
    expect(correctedText(context, { corrections })).toBe(
      'These values are corrected: κ-Köhler humidity correction since 1 Nov 2026 (2 sensors). Where the air was too humid to correct a value there is a gap.'
    )
  })

  it('says that none holds, and that values are being recalculated', () => {
    expect(correctedText(context, {})).toContain('No correction applies')
    expect(correctedText(context, { corrections: [entry], recomputing: true })).toContain('recalculated')
  })
})

describe('what is left out of a figure', () => {
  it('is said with the reasons, most frequent first', () => {
    const reasons = [
      { reason: 'stuck', says: 'The sensor repeats one value.', count: 570 },
      { reason: 'outOfRange', says: 'The value cannot be.', count: 6 }
    ]
    expect(leftOutText(english, { count: 576, reasons })).toBe(
      '576 readings failed their checks and are in no number here: 570 repeating one value where nature does not; 6 outside the possible range.'
    )
    expect(leftOutText(english, { count: 1, reasons: [{ ...reasons[0]!, count: 1 }] })).toBe(
      '1 reading failed its checks and is in no number here: repeating one value where nature does not.'
    )
    expect(leftOutText(english, { count: 0, reasons: [] })).toBe('')
    // A chart of nights is made of the hours of several sensors.
    const together = leftOutTogether([
      { count: 576, reasons },
      undefined,
      { count: 0, reasons: [] },
      { count: 576, reasons }
    ])
    expect(together.count).toBe(1_152)
    expect(together.reasons).toEqual(reasons.map((one) => ({ ...one, count: 2 * one.count })))
  })
})
