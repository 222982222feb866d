/** What a host is told of damp and of their sensors: the word follows the corner, the advice follows the water. */
import { describe, expect, it } from 'vitest'
import type { DampNow, OwnDamp, OwnDevice } from '../../contract/own.ts'
import { placeUnsaid } from '../../model/site-place.ts'
import { dampText } from '../../words/damp.ts'
import { ownSensorText } from '../../words/own-sensor.ts'
import { plainText, textContext, textNow } from '../support/english.ts'

const spread = { mean: null, min: null, max: null }

function damp(
  now: Partial<DampNow> | null,
  more: { hoursAtRisk?: number; excess?: number; outsideC?: number } = {}
): OwnDamp {
  const { hoursAtRisk = 0, excess = 3, outsideC = 0 } = more
  return {
    siteId: 's1',
    name: 'the bedroom',
    homeId: 'h1',
    street: { id: 'ashley-road', name: 'Ashley Road' },
    outdoorElsewhere: false,
    corner: { value: 0.75, basis: 'assumed', measuredAt: null, measurements: 0, ofThisRoom: false },
    now: now && {
      at: new Date(textNow).toISOString(),
      temperatureC: 18,
      humidity: 65,
      dewPointC: 11.3,
      outdoor: { temperatureC: 5, humidity: 85 },
      cornerC: 14,
      cornerHumidity: 84,
      cornerIsEstimated: true,
      excessGm3: 4.2,
      excessPa: 500,
      airing: 'air',
      ...now
    },
    period: {
      site: 's1',
      timezone: 'Europe/London',
      from: '2026-10-24T14:30:00Z',
      until: '2026-11-23T14:30:00Z',
      hours: 700,
      expected: 720,
      coverage: 0.97,
      temperatureC: spread,
      humidity: spread,
      dewPointC: spread,
      absoluteHumidityGm3: spread,
      excessGm3: { mean: excess, outsideC },
      surface: {
        basis: 'estimated',
        factor: 0.75,
        outside: [],
        hours: 700,
        coverage: 0.97,
        lowestC: 8,
        hoursAtRisk,
        hoursCondensing: 0,
        longestSpellHours: hoursAtRisk > 0 ? 40 : 0,
        longestSpellFrom: hoursAtRisk > 0 ? '2026-11-10T02:00:00Z' : null
      },
      mouldIndex: null,
      criteria: { air: [], surface: [] },
      airing: null,
      notes: [],
      leftOut: { count: 0, reasons: [] },
      indicative: true,
      reason: null
    },
    columns: {
      window: 'hour',
      time: [],
      temperature: [],
      humidity: [],
      dewPoint: [],
      cornerTemperature: [],
      cornerHumidity: [],
      excess: [],
      outdoorTemperature: []
    }
  }
}

const context = textContext()

describe('damp in a room', () => {
  it.each([
    [104, 'wet: water can condense there (100%)'],
    [80, 'damp enough for mould if it stays so for weeks (80% humidity there)'],
    [79.4, 'close to damp'],
    [69.9, 'drier than mould needs']
  ])('says of a corner at %d %%: %s', (cornerHumidity, said) => {
    const [first] = dampText(context, damp({ cornerHumidity })).now
    expect(plainText(first!)).toContain(`At 14:30 the coldest corner of the bedroom was ${said}`)
  })

  it.each([
    ['air', 'Open a window'],
    ['wait', 'Keep the window closed'],
    ['noDifference', 'little difference'],
    [null, 'cannot be said now']
  ] as const)('advises by the water outside and inside: %s', (airing, said) => {
    expect(plainText(dampText(context, damp({ airing })).todo[0]!)).toContain(said)
  })

  it.each([
    [3, 0, 'because it is cold'],
    [5, 0, 'Airing and warmth both help'],
    [7, 0, 'which is much'],
    // Half as much water is as much as at 0 °C when it is 10 °C outdoors, and in May nobody can tell.
    [3, 10, 'which is much'],
    [3, 16, 'Airing and warmth both help']
  ])('tells a cold corner from a wet room: %d g/m³ at %d °C', (excess, outsideC, said) => {
    expect(dampText(context, damp({}, { hoursAtRisk: 200, excess, outsideC })).todo[1]).toContain(said)
  })

  it('names the hours of the month, and says where nothing is known', () => {
    const [period] = dampText(context, damp({}, { hoursAtRisk: 200 })).period
    expect(plainText(period!)).toBe(
      'From 24 Oct 2026 to 23 Nov 2026 it was that damp there for 200 of 700 hours that were measured; the longest stretch was 40 hours, from Tue 10 Nov, 02:00.'
    )
    expect(dampText(context, damp(null)).now[0]).toContain('nothing can be said of now')
    expect(dampText(context, damp({ cornerHumidity: null, airing: null })).now[0]).toContain('cannot be said')
  })
})

describe('a sensor of one’s own', () => {
  const latest = (value: number, unit: string) => ({
    value,
    unit,
    at: '2026-11-23T14:29:30Z',
    flag: 1,
    judged: true,
    reasons: []
  })
  const device: OwnDevice = {
    deviceId: 'd1',
    siteId: 's1',
    name: 'Bedroom',
    placement: 'indoor',
    homeId: 'h1',
    street: { id: 'ashley-road', name: 'Ashley Road' },
    place: { ...placeUnsaid, position: null },
    dialect: 'airrohr',
    state: 'online',
    lastHeard: '2026-11-23T14:29:30Z',
    coverage: 0.98,
    intervalS: 145,
    battery: null,
    signal: null,
    latest: { humidity: latest(66.1, '%') },
    problems: []
  }
  const said = (more: Partial<OwnDevice>) => {
    const found = ownSensorText(context, { ...device, ...more })
    return plainText([...found.said, found.todo].join(' '))
  }

  it.each<[Partial<OwnDevice>, string]>([
    [{}, 'It works. Last heard just now. 98% of its readings'],
    [{ coverage: 0.4 }, 'Only 40% of its readings'],
    [
      { state: 'silent', lastHeard: '2026-11-22T10:00:00Z' },
      'Nothing has come since Sun 22 Nov, 10:00. Check that it has power'
    ],
    [{ state: 'never', lastHeard: null }, 'It has not sent a reading yet. Compare its settings'],
    [{ battery: latest(12, '%') }, 'Battery 12%: change or charge it soon.'],
    [{ signal: latest(-88, 'dBm') }, 'which is weak']
  ])('%j', (more, sentence) => {
    expect(said(more)).toContain(sentence)
  })

  it('puts the one thing to do beside each problem', () => {
    const problem = { code: 'wrongFamily', message: 'it looks like one of ESPHome', count: 3 }
    const at = '2026-11-23T14:00:00Z'
    const { problems } = ownSensorText(context, {
      ...device,
      problems: [{ ...problem, firstAt: at, lastAt: at }]
    })
    expect(problems).toEqual([
      {
        message: 'It looks like one of ESPHome',
        times: '3 times, the last 14:00.',
        todo: expect.stringContaining('Add it again as the right kind')
      }
    ])
  })
})
