/** What the pages say: each subject, each basis, the averaging period always named, never more than the data bears. */
import { describe, expect, it } from 'vitest'
import type { LastYear, PublicSite, StreetLatest } from '../../contract/street.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { placeUnsaid } from '../../model/site-place.ts'
import { levelFor } from '../../science/level.ts'
import { parts } from '../../words/emphasis.ts'
import { meaning } from '../../words/meaning.ts'
import { neighbourhoodSentences } from '../../words/neighbourhood.ts'
import { rowText } from '../../words/row.ts'
import { sensorText } from '../../words/sensor.ts'
import { nightText, streetSentences, type StreetFacts } from '../../words/street.ts'
import {
  headline,
  newestOf,
  quantityChoices,
  silentSince,
  type LatestByQuantity,
  type Subject
} from '../../words/subject.ts'
import { english, plainText, textContext } from '../support/english.ts'

const context = textContext()
const place = { name: 'Ashley Road', outdoorSites: 5 }

function aFigure(quantity: Quantity, value: number, more: Partial<StreetLatest> = {}): StreetLatest {
  const basis = more.basis ?? 'sites'
  return {
    value,
    unit: definitionOf(quantity).unit,
    at: '2026-11-23T14:05:00Z',
    basis,
    period: quantity === 'laeq' ? 'last night' : basis === 'homes' ? 'last 7 days' : 'last 24 hours',
    sites: 5,
    sitesTotal: 5,
    coverage: 0.97,
    level: basis === 'sensor' ? null : levelFor(quantity, value),
    recent: [],
    ...more
  }
}

function aYear(more: Partial<LastYear> = {}): LastYear {
  return {
    from: '2026-08-26T00:00:00+01:00',
    until: '2026-11-23T00:00:00Z',
    days: 89,
    daysExpected: 89,
    mean: 11.2,
    daysAbove: 23,
    ...more
  }
}
const wholeYear = { from: '2025-11-23T00:00:00Z', days: 365, daysExpected: 365 }

function said(subject: Subject, latest: LatestByQuantity, more: Partial<StreetFacts> = {}): string[] {
  const facts = { figure: headline(subject, latest), ...more }
  return streetSentences(context, subject, place, facts).map(plainText)
}
const say = (...args: Parameters<typeof said>): string => said(...args).join(' ')

describe('the answer of a street', () => {
  it('says the period before the word, and the word beside the guideline', () => {
    expect(said('air', { pm2_5: aFigure('pm2_5', 21) })).toEqual([
      'In the last 24 hours PM2.5 on Ashley Road was 21 µg/m³ (median of 5 sensors): Low on the UK index, but above WHO’s guideline for a day, 15.'
    ])
    expect(say('air', { pm2_5: aFigure('pm2_5', 9.2) })).toContain(
      'was 9 µg/m³ (median of 5 sensors): Low on the UK index, and not above WHO’s guideline for a day, 15.'
    )
    expect(say('air', { pm2_5: aFigure('pm2_5', 40) })).toContain(
      'Moderate on the UK index, and above WHO’s guideline'
    )
  })

  it('has the last 12 months beside it, or as long as there is', () => {
    const year = (more: Partial<LastYear>) =>
      said('air', { pm2_5: aFigure('pm2_5', 21, { lastYear: aYear(more) }) }).slice(1)
    expect(year({})).toEqual(['On 23 of the 89 days since 26 Aug 2026 it was above that guideline.'])
    expect(year({ days: 80, daysAbove: 0 })).toEqual([
      'On none of 80 days with enough data since 26 Aug 2026 was it above that guideline.'
    ])
    expect(year(wholeYear)).toEqual([
      'On 23 of the 365 days in the last 12 months it was above that guideline.',
      'Over those 12 months it averaged 11; WHO’s guideline for a year is 5.'
    ])
    expect(year({ ...wholeYear, days: 200 })).toEqual([
      'On 23 of 200 days with enough data in the last 12 months it was above that guideline.'
    ])
  })

  it('says the newest reading with its time', () => {
    const newest = { value: 8.1, at: Date.parse('2026-11-23T14:24:00Z') }
    expect(said('air', { pm2_5: aFigure('pm2_5', 21) }, { newest })[1]).toBe(
      'The newest reading is 8.1 µg/m³, at 14:24.'
    )
  })

  it('lets the worst pollutant speak for the air, and adds the one that was chosen', () => {
    const latest = { pm2_5: aFigure('pm2_5', 9), pm10: aFigure('pm10', 60) }
    const also = { quantity: 'pm2_5', latest: latest.pm2_5 } as const
    expect(said('air', latest, { also })).toEqual([
      'In the last 24 hours PM10 on Ashley Road was 60 µg/m³ (median of 5 sensors): Moderate on the UK index, and above WHO’s guideline for a day, 45.',
      'In the last 24 hours PM2.5 on Ashley Road was 9 µg/m³ (median of 5 sensors).'
    ])
  })

  it('says which parts of the index nobody measures, and holds no hour against a guideline for a day', () => {
    const figure = aFigure('pm2_5', 9.2)
    const level = { ...figure.level!, missing: ['no2', 'o3', 'so2'] }
    expect(said('air', { pm2_5: { ...figure, level } })[1]).toBe(
      'NO₂, O₃ and SO₂ are not measured here, so the index may be higher.'
    )
    expect(said('air', { no2: { ...aFigure('no2', 210), period: 'last hour' } })[0]).toBe(
      'In the last hour NO₂ on Ashley Road was 210 µg/m³ (median of 5 sensors): Moderate on the UK index.'
    )
  })

  it('shows as many digits as make the verdict plain', () => {
    expect(say('air', { pm2_5: aFigure('pm2_5', 15.4) })).toContain('was 15.4 µg/m³')
    expect(say('air', { pm2_5: aFigure('pm2_5', 15) })).toContain('was 15 µg/m³')
  })

  it('says the word of a night, and the nights of a year beside the guideline that is meant for a year', () => {
    const lastYear = aYear({ ...wholeYear, mean: 49.3, daysAbove: null })
    expect(said('noise', { laeq: aFigure('laeq', 51.3, { lastYear }) })).toEqual([
      'Last night on Ashley Road was Loud: 51 dB on average, 23:00 to 07:00 (median of 5 sensors).',
      'Over the 365 nights in the last 12 months the average was 49 dB (all sounds); WHO’s guideline for road traffic, a yearly average, is 45 dB.'
    ])
  })

  it.each([
    [44.9, '44.9 dB'],
    [45, '45 dB'],
    [45.04, '45 dB'],
    [45.1, '45.1 dB'],
    [50.6, '51 dB']
  ])('writes %d dB so that its band can be seen', (value, text) => {
    expect(plainText(nightText(context, value, 'dB(A)'))).toBe(text)
  })

  it('says of homes how many at least, how late and why', () => {
    expect(say('damp', { humidity: aFigure('humidity', 68.4, { basis: 'homes', sites: null }) })).toBe(
      'In the last 7 days indoor air in homes on Ashley Road was Humid: humidity 68% (typical of at least 5 homes, shown one day late so that no home can be recognised).'
    )
  })

  it('says that homes are too few, without a number of them', () => {
    expect(say('damp', {})).toBe(
      'There is no figure for homes on Ashley Road yet. The first comes about eight days after 5 homes here agreed: it needs most days of a week, each with at least 5 of them, since with fewer a single home could be recognised.'
    )
  })

  it('does not take an outdoor figure for one of homes, nor the other way round', () => {
    expect(say('damp', { humidity: aFigure('humidity', 90) })).toContain('There is no figure for homes')
    expect(headline('air', { humidity: aFigure('humidity', 60, { basis: 'homes' }) })).toBeUndefined()
  })

  it('gives the newest reading and its time where sensors are too few, and no level', () => {
    const few = aFigure('pm2_5', 8.1, { basis: 'sensor', period: 'one reading', sites: 2, sitesTotal: 2 })
    expect(said('air', { pm2_5: few })).toEqual([
      'Ashley Road has 2 air sensors, and a street value needs 3, so there is no street value.',
      'Newest reading: PM2.5 8.1 µg/m³, at 14:05.'
    ])
  })

  it('says how many of how many reported where there would be enough', () => {
    const few = aFigure('laeq', 50, { basis: 'sensor', sites: 2, sitesTotal: 5, at: '2019-05-31T10:00:00Z' })
    expect(said('noise', { laeq: few })).toEqual([
      'Only 2 of 5 sensors on Ashley Road reported enough last night, so there is no street value.',
      'Newest reading: Sound level 50.0 dB, on 31 May 2019, 11:00.'
    ])
  })

  it('says since when all sensors are silent', () => {
    const old = aFigure('pm2_5', 8, { basis: 'sensor', sites: 0, at: '2026-11-20T10:00:00Z' })
    const silent = { ...place, silentSince: Date.parse('2026-11-20T10:00:00Z') }
    const facts = { figure: headline('air', { pm2_5: old }) }
    expect(streetSentences(context, 'air', silent, facts)).toEqual([
      'All sensors on Ashley Road are silent: the last reading was on Fri 20 Nov, 10:00.'
    ])
  })

  it('tells a street without a sensor from one without a reading', () => {
    expect(streetSentences(context, 'air', { ...place, outdoorSites: 0 }, {})).toEqual([
      'No sensor on Ashley Road measures the air yet.'
    ])
    expect(say('noise', {})).toBe('No reading from Ashley Road yet.')
  })

  it('never calls anything safe or illegal, whatever the figures', () => {
    for (const value of [0, 9, 45, 60, 140]) {
      const lastYear = aYear()
      const all = [
        say('air', { pm2_5: aFigure('pm2_5', value, { lastYear }) }),
        say('noise', { laeq: aFigure('laeq', value, { lastYear }) }),
        say('damp', { humidity: aFigure('humidity', Math.min(value, 100), { basis: 'homes' }) })
      ]
      expect(all.join(' ')).not.toMatch(/\bsafe\b|illegal|legal|NaN|undefined|null/)
    }
  })
})

describe('the newest reading of a street', () => {
  const site = (
    at: string,
    value: number,
    flag: number,
    state: PublicSite['state'] = 'online'
  ): PublicSite => ({
    id: 's',
    name: 'S',
    streetId: 'a',
    placement: 'outdoor',
    reference: false,
    place: { ...placeUnsaid, position: null },
    state,
    latest: { pm2_5: { value, unit: 'µg/m³', at, flag, reasons: [], judged: true } }
  })

  it('is of whichever sensor sent last, failed readings apart', () => {
    const sites = [site('2026-11-23T14:00:00Z', 8, 1), site('2026-11-23T14:10:00Z', 9, 3)]
    expect(newestOf(sites, 'pm2_5')).toEqual({ value: 9, at: Date.parse('2026-11-23T14:10:00Z') })
    expect(newestOf([site('2026-11-23T14:00:00Z', 800, 4)], 'pm2_5')).toBeUndefined()
    expect(newestOf(sites, 'laeq')).toBeUndefined()
  })

  it('knows since when sensors that are all silent are so', () => {
    const [one, two] = [
      site('2026-11-20T14:00:00Z', 8, 1, 'silent'),
      site('2019-01-01T00:00:00Z', 9, 1, 'silent')
    ]
    expect(silentSince([one, two])).toBe(Date.parse('2026-11-20T14:00:00Z'))
    expect(silentSince([one, site('2026-11-23T14:10:00Z', 9, 1)])).toBeUndefined()
    expect(silentSince([])).toBeUndefined()
  })
})

describe('the answer of the neighbourhood', () => {
  const street = (name: string, latest: LatestByQuantity) => ({ name, latest })
  const neighbourhood = (subject: Subject, streets: ReturnType<typeof street>[]): string[] =>
    neighbourhoodSentences(context, subject, streets).map(plainText)

  it('counts the streets of the best level, names the worst, and has the year beside it', () => {
    const lastYear = aYear()
    const streets = [
      street('Mill Lane', { pm2_5: aFigure('pm2_5', 8, { lastYear: aYear({ daysAbove: 2 }) }) }),
      street('Park Side', { pm2_5: aFigure('pm2_5', 6) }),
      street('Station Road', { pm2_5: aFigure('pm2_5', 56, { lastYear }) }),
      street('Canal Row', { pm2_5: aFigure('pm2_5', 90, { basis: 'sensor' }) })
    ]
    expect(neighbourhood('air', streets)).toEqual([
      'In the last 24 hours air pollution was Low on 2 of 3 streets. Highest: High on Station Road.',
      'On 1 of them it was above WHO’s guideline for a day.',
      'In the last 12 months it was above that guideline most often on Station Road: on 23 of 89 days.'
    ])
    expect(neighbourhood('air', streets.slice(0, 2))).toEqual([
      'In the last 24 hours air pollution was Low on all 2 streets with a street value.',
      'On none of them was it above WHO’s guideline for a day.',
      'In the last 12 months it was above that guideline most often on Mill Lane: on 2 of 89 days.'
    ])
    expect(neighbourhood('air', streets.slice(2, 3))).toEqual([
      'In the last 24 hours air pollution on Station Road was High.',
      'That is above WHO’s guideline for a day.',
      'In the last 12 months it was above that guideline on 23 of 89 days.'
    ])
  })

  it('counts loud nights, names the loudest, and compares the nights of a year', () => {
    const streets = [
      street('Mill Lane', { laeq: aFigure('laeq', 41, { lastYear: aYear({ mean: 41, daysAbove: null }) }) }),
      street('Station Road', {
        laeq: aFigure('laeq', 58.2, { lastYear: aYear({ mean: 55, daysAbove: null }) })
      })
    ]
    expect(neighbourhood('noise', streets)).toEqual([
      'Last night was Loud or louder on 1 of 2 streets.',
      'Loudest: Station Road, 58 dB (23:00 to 07:00).',
      'The nights measured in the last 12 months averaged more than 45 dB, WHO’s guideline for road traffic (a yearly average; we hear all sounds), on 1 of 2 streets.'
    ])
  })

  it('says when nothing can be said', () => {
    for (const subject of ['air', 'noise', 'damp'] as const) {
      expect(neighbourhood(subject, [street('Mill Lane', {})])[0]).toMatch(/^No street has (enough|a figure)/)
    }
  })
})

describe('rows', () => {
  it('shows value and age of a single reading without a level', () => {
    const row = rowText(context, 'air', {
      quantity: 'pm2_5',
      latest: aFigure('pm2_5', 8.1, { basis: 'sensor' })
    })
    expect(row).toMatchObject({
      level: null,
      word: 'Not enough data',
      period: 'one reading, 25 minutes ago',
      year: ''
    })
    const lastYear = aYear()
    const figure = { quantity: 'pm2_5', latest: aFigure('pm2_5', 21, { lastYear }) } as const
    expect(rowText(context, 'air', figure).year).toBe('12 months: above WHO’s guideline on 23 of 89 days')
  })

  it.each([
    ['online', 1, 'working'],
    ['online', 3, 'working, doubtful'],
    ['silent', 1, 'silent since 14:05'],
    ['never', 1, 'never reported']
  ] as const)('says of a sensor that is %s with flag %d: %s', (state, flag, text) => {
    const latest: PublicSite['latest'] =
      state === 'never'
        ? {}
        : {
            pm2_5: { value: 8.1, unit: 'µg/m³', at: '2026-11-23T14:05:00Z', flag, reasons: [], judged: true }
          }
    const site = {
      id: 's',
      name: 'No. 12',
      streetId: 'a',
      placement: 'outdoor',
      reference: false,
      place: { ...placeUnsaid, position: null },
      state,
      latest
    } as const
    expect(sensorText(context, site, 'pm2_5').state).toBe(text)
  })
})

it('takes bold words out of a sentence', () => {
  expect(parts('is **Low**.')).toEqual([
    { text: 'is ', strong: false },
    { text: 'Low', strong: true },
    { text: '.', strong: false }
  ])
})

it('offers what is measured, the most telling first, the weather outside last', () => {
  expect(quantityChoices('air', new Set(['temperature', 'pm10', 'pm2_5', 'laeq']))).toEqual([
    'pm2_5',
    'pm10',
    'temperature'
  ])
})

describe('what a quantity is', () => {
  it('says each once, corrected or not, and the unit once', () => {
    expect(meaning(english, ['pm2_5', 'pm2_5_corrected', 'pm10'])).toMatch(
      /^PM2\.5 is fine dust.* PM10 is all dust.* µg\/m³ means millionths of a gram in each cubic metre of air\.$/
    )
    expect(meaning(english, ['pm2_5', 'pm2_5_corrected'])).toBe(meaning(english, ['pm2_5']))
  })

  it('says nothing where the name says it', () => {
    expect(meaning(english, ['temperature', 'humidity'])).toBe('')
  })
})
