/** The look back: each test on a series made for it, and what it leaves alone. */
import { describe, expect, it } from 'vitest'
import { lookBackRules, type LookBackPlaces } from '../../ingest/look-back.ts'
import { reasonBits, reasonList } from '../../model/flag.ts'
import type { Quantity } from '../../model/quantity.ts'
import { clockHours } from '../../model/clock-hours.ts'
import { hourMs, minuteMs } from '../../model/time.ts'
import type { ExaminedBlock, ExaminedSeries } from '../../store/promise/examine.ts'
import { at, everything, hourStart, winter } from '../support/readings.ts'

const others = ['b', 'c', 'd', 'e']
const outdoors: LookBackPlaces = {
  isOutdoor: () => true,
  neighboursOf: () => others,
  sensorsOf: () => []
}

/** One reading a minute. */
function seriesOf(quantity: Quantity, value: number[], fields: Partial<ExaminedSeries> = {}): ExaminedSeries {
  return {
    siteId: 'a',
    deviceId: 'box-1',
    quantity,
    judged: everything,
    time: value.map((_, minute) => winter + minute * minuteMs),
    value,
    flag: value.map(() => 1),
    reasons: value.map(() => 0),
    ...fields
  }
}

function judge(series: ExaminedSeries[], middleOf: ExaminedBlock['middleOf'] = () => undefined): string[] {
  const verdicts = lookBackRules(outdoors).judge({ series, hourStart, middleOf })
  return verdicts.map(({ series: index, place, flag, reasons }) =>
    `${series[index]!.quantity} ${place}: ${flag} ${reasonList(reasons).join(' ')}`.trimEnd()
  )
}

const wave = (minutes: number, of: (minute: number) => number): number[] =>
  Array.from({ length: minutes }, (_, minute) => of(minute))

describe('a look back', () => {
  it('doubts the one reading that stands alone, and not those beside it', () => {
    expect(judge([seriesOf('temperature', [9, 9.1, 30, 9.2, 9.1])])).toEqual([
      'temperature 2: 3 spike rateOfChange',
      'temperature 3: 3 rateOfChange'
    ])
    expect(judge([seriesOf('pm2_5', [8, 9, 400, 8, 9])])).toEqual(['pm2_5 2: 3 spike'])
  })

  it('says nothing of a spike beside a gap', () => {
    const time = [0, 1, 40, 41].map((minute) => at(winter, minute * minuteMs))
    expect(judge([seriesOf('pm2_5', [8, 9, 400, 8], { time })])).toEqual([])
  })

  it('fails a counter that does not count, and leaves clean air and warm walls alone', () => {
    const stuckAt = (value: number, minutes = 400): string[] =>
      judge([
        seriesOf(
          'pm2_5',
          wave(minutes, () => value)
        )
      ])
    expect(stuckAt(12.3)).toHaveLength(400)
    expect(stuckAt(12.3)[0]).toBe('pm2_5 0: 4 stuck')
    expect(stuckAt(0)).toEqual([])
    // Whole numbers of clean air are repeated for hours by good sensors.
    expect(stuckAt(6)[0]).toBe('pm2_5 0: 3 stuck')
    expect(stuckAt(20)[0]).toBe('pm2_5 0: 4 stuck')
    expect(
      judge([
        seriesOf(
          'surface_temperature',
          wave(2_000, () => 19.5)
        )
      ])
    ).toEqual([])
  })

  it('doubts a night of equal hours, and does not fail them', () => {
    const time = wave(9, (hour) => winter + hour * hourMs) as number[]
    expect(
      judge([
        seriesOf(
          'pm10',
          wave(9, () => 12.3),
          { time }
        )
      ])
    ).toEqual([])
    const closer = wave(20, (i) => winter + i * 29 * minuteMs)
    expect(
      judge([
        seriesOf(
          'pm10',
          wave(20, () => 12.3),
          { time: closer }
        )
      ])[0]
    ).toBe('pm10 0: 3 stuck')
  })

  it('fails sound that is repeated to a tenth, and doubts a steady machine, a silent room and a full microphone', () => {
    const stuckAt = (value: number): string | undefined =>
      judge([
        seriesOf(
          'laeq',
          wave(200, () => value)
        )
      ])[0]
    expect([48.3, 48, 30.2, 105.4].map(stuckAt)).toEqual([
      'laeq 0: 4 stuck',
      'laeq 0: 3 stuck',
      'laeq 0: 3 stuck',
      'laeq 0: 3 stuck'
    ])
  })

  it('doubts six hours of sound without any life', () => {
    const dull = wave(720, (minute) => 45 + (minute % 2) / 10)
    const found = judge([seriesOf('laeq', dull)])
    expect(found).toHaveLength(720)
    expect(found[0]).toBe('laeq 0: 3 stuck')
  })

  it('doubts a gas that is cut off at zero, and no shorter calm', () => {
    const cut = seriesOf(
      'no2',
      wave(420, (minute) => (minute < 400 ? 0 : 12))
    )
    expect(judge([cut]).filter((line) => line.endsWith(': 3 stuck'))).toHaveLength(400)
    expect(
      judge([
        seriesOf(
          'no2',
          wave(420, (minute) => (minute < 300 ? 0 : 12 + (minute % 5)))
        )
      ])
    ).toEqual([])
    expect(
      judge([
        seriesOf(
          'co2',
          wave(420, (minute) => 400 + (minute % 2))
        )
      ])
    ).toEqual([])
  })

  it('doubts both of two that contradict each other', () => {
    expect(judge([seriesOf('pm2_5', [9, 20]), seriesOf('pm10', [12, 12])])).toEqual([
      'pm2_5 1: 3 inconsistent',
      'pm10 1: 3 inconsistent'
    ])
    expect(judge([seriesOf('laeq', [60]), seriesOf('lamax', [58]), seriesOf('lamin', [40])])).toHaveLength(2)
    expect(judge([seriesOf('pm2_5', [20]), seriesOf('pm10', [12], { deviceId: 'box-2' })])).toEqual([])
  })

  it('doubts a site far from its neighbours, and none where they hardly differ', () => {
    const at5 = (mine: number) => (siteId: string) => (siteId === 'a' ? mine : 8 + others.indexOf(siteId))
    expect(judge([seriesOf('pm2_5', [90, 91])], at5(90))).toEqual([
      'pm2_5 0: 3 neighbours',
      'pm2_5 1: 3 neighbours'
    ])
    expect(judge([seriesOf('pm2_5', [20, 21])], at5(20))).toEqual([])
  })

  it('compares neighbours in the hours of the hub, which in Kathmandu begin at a quarter past those of UTC', () => {
    const clock = clockHours('Asia/Kathmandu')
    const smoky = winter + 15 * minuteMs
    const series = [
      seriesOf(
        'pm2_5',
        wave(90, (minute) => (minute >= 15 && minute < 75 ? 90 : 9))
      )
    ]
    const middleOf: ExaminedBlock['middleOf'] = (siteId, _quantity, time) =>
      siteId === 'a' && clock.hourStart(time) === smoky ? 90 : 8 + others.indexOf(siteId)
    const hour = (time: number): number => clock.hourStart(time)
    const doubted = lookBackRules(outdoors)
      .judge({ series, hourStart: hour, middleOf })
      .filter(({ reasons }) => reasonList(reasons).includes('neighbours'))
      .map(({ place }) => place)
    expect(doubted).toEqual(wave(60, (minute) => minute + 15))
  })

  it('takes back what no longer holds, and keeps what the way in said', () => {
    const spike = reasonBits('spike', 'timeReceived')
    const once = seriesOf('temperature', [9, 9, 9], { flag: [1, 3, 1], reasons: [0, spike, 0] })
    expect(judge([once])).toEqual(['temperature 1: 1 timeReceived'])
    const dht22 = seriesOf('humidity', [80, 99.9], {
      flag: [1, 4],
      reasons: [0, reasonBits('stuck', 'unusual')]
    })
    expect(judge([dht22])).toEqual(['humidity 1: 3 unusual stuck'])
  })

  it('never changes what somebody else has assured, and passes over what failed on the way in', () => {
    const ratified = reasonBits('ratified')
    const assured = seriesOf('pm2_5', [8, 400, 8], {
      flag: [2, 2, 2],
      reasons: [ratified, ratified, ratified]
    })
    expect(judge([assured])).toEqual([])
    const sentinel = seriesOf('pm2_5', [8, 999.9, 9], {
      flag: [1, 4, 1],
      reasons: [0, reasonBits('saturated'), 0]
    })
    expect(judge([sentinel])).toEqual([])
  })

  it('judges only what it was asked for', () => {
    const judged = { from: at(winter, hourMs), until: at(winter, 2 * hourMs) }
    expect(
      judge([
        seriesOf(
          'pm2_5',
          wave(400, () => 12.3),
          { judged }
        )
      ])
    ).toHaveLength(60)
  })
})
