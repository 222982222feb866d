/** What the pages say: each subject, each basis, the averaging period always named, never more than the data bears. */
import { describe, expect, it } from 'vitest'
import type { PublicSite, StreetLatest } from '../../contract/street.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { levelFor } from '../../science/level.ts'
import { parts } from '../../words/emphasis.ts'
import { meaning } from '../../words/meaning.ts'
import { neighbourhoodSentence } from '../../words/neighbourhood.ts'
import { rowText } from '../../words/row.ts'
import { sensorText } from '../../words/sensor.ts'
import { isLouder, nightText, streetSentence } from '../../words/street.ts'
import { headline, quantityChoices, type LatestByQuantity, type Subject } from '../../words/subject.ts'
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

function say(subject: Subject, latest: LatestByQuantity, also?: Quantity): string {
  const beside = also && latest[also] ? { quantity: also, latest: latest[also] } : undefined
  return plainText(
    streetSentence(context, subject, place, { figure: headline(subject, latest), also: beside })
  )
}

describe('the sentence of a street', () => {
  it('says the level, the value, how many sensors and over which time', () => {
    expect(say('air', { pm2_5: aFigure('pm2_5', 9.2) })).toBe(
      'In the last 24 hours air pollution on Ashley Road was Low. PM2.5 was 9 µg/m³ (median of 5 sensors, last 24 hours).'
    )
  })

  it('lets the worst pollutant speak for the air, and adds the one that was chosen', () => {
    const latest = { pm2_5: aFigure('pm2_5', 9), pm10: aFigure('pm10', 60) }
    expect(say('air', latest, 'pm2_5')).toBe(
      'In the last 24 hours air pollution on Ashley Road was Moderate. PM10 was 60 µg/m³ (median of 5 sensors, last 24 hours). ' +
        'PM2.5 was 9 µg/m³ (median of 5 sensors, last 24 hours).'
    )
  })

  it('compares a night with the guideline and says both numbers', () => {
    expect(say('noise', { laeq: aFigure('laeq', 51.3) })).toBe(
      'Last night on Ashley Road was louder than the WHO guideline: 51 dB, the guideline is 45 dB (median of 5 sensors, 23:00 to 07:00).'
    )
    expect(say('noise', { laeq: aFigure('laeq', 42) })).toContain('quieter than the WHO guideline: 42 dB')
  })

  it.each([
    [44.9, false, '44.9 dB'],
    [45, false, '45 dB'],
    [45.04, false, '45 dB'],
    [45.1, true, '45.1 dB'],
    [50.6, true, '51 dB']
  ])('judges %d dB as it is shown', (value, louder, text) => {
    expect(isLouder(context, value)).toBe(louder)
    expect(plainText(nightText(context, value, 'dB(A)'))).toBe(text)
  })

  it('says of homes how many, how late and why', () => {
    expect(say('damp', { humidity: aFigure('humidity', 68.4, { basis: 'homes', sites: 10 }) })).toBe(
      'Indoor air in homes on Ashley Road was Humid. Humidity was 68% (typical of 10 homes, last 7 days, shown one day late so that no home can be recognised).'
    )
  })

  it('says that homes are too few, without a number of them', () => {
    expect(say('damp', {})).toBe(
      'There is no figure for homes on Ashley Road: fewer than 5 homes share theirs, and with so few a single home could be recognised.'
    )
  })

  it('does not take an outdoor figure for one of homes, nor the other way round', () => {
    expect(say('damp', { humidity: aFigure('humidity', 90) })).toContain('There is no figure for homes')
    expect(headline('air', { humidity: aFigure('humidity', 60, { basis: 'homes' }) })).toBeUndefined()
  })

  it('gives the newest reading and its time where sensors are too few, and no level', () => {
    const few = aFigure('pm2_5', 8.1, { basis: 'sensor', period: 'one reading', sites: 2, sitesTotal: 2 })
    expect(say('air', { pm2_5: few })).toBe(
      'Ashley Road has 2 air sensors, and a street value needs 3, so there is no street value. Newest reading: PM2.5 8.1 µg/m³, at 14:05.'
    )
  })

  it('says how many of how many reported where there would be enough', () => {
    const few = aFigure('laeq', 50, { basis: 'sensor', sites: 2, sitesTotal: 5, at: '2019-05-31T10:00:00Z' })
    expect(say('noise', { laeq: few })).toBe(
      'Only 2 of 5 sensors on Ashley Road have reported enough, so there is no street value. Newest reading: Sound level 50.0 dB, on 31 May 2019, 11:00.'
    )
  })

  it('tells a street without a sensor from one without a reading', () => {
    expect(streetSentence(context, 'air', { ...place, outdoorSites: 0 }, {})).toBe(
      'No sensor on Ashley Road measures the air yet.'
    )
    expect(say('noise', {})).toBe('No reading from Ashley Road yet.')
  })

  it('never calls anything safe or illegal, whatever the figures', () => {
    for (const value of [0, 9, 45, 60, 140]) {
      const all = [
        say('air', { pm2_5: aFigure('pm2_5', value) }),
        say('noise', { laeq: aFigure('laeq', value) }),
        say('damp', { humidity: aFigure('humidity', Math.min(value, 100), { basis: 'homes' }) })
      ]
      expect(all.join(' ')).not.toMatch(/\bsafe\b|illegal|legal|NaN|undefined|null/)
    }
  })
})

describe('the sentence of the neighbourhood', () => {
  const street = (name: string, latest: LatestByQuantity) => ({ name, latest })
  const neighbourhood = (subject: Subject, streets: ReturnType<typeof street>[]): string =>
    plainText(neighbourhoodSentence(context, subject, streets))

  it('counts the streets of the best level and names the worst', () => {
    const streets = [
      street('Mill Lane', { pm2_5: aFigure('pm2_5', 8) }),
      street('Park Side', { pm2_5: aFigure('pm2_5', 6) }),
      street('Station Road', { pm2_5: aFigure('pm2_5', 56) }),
      street('Canal Row', { pm2_5: aFigure('pm2_5', 90, { basis: 'sensor' }) })
    ]
    expect(neighbourhood('air', streets)).toBe(
      'In the last 24 hours air pollution was Low on 2 of 3 streets. Highest: High on Station Road.'
    )
    expect(neighbourhood('air', streets.slice(0, 2))).toBe(
      'In the last 24 hours air pollution was Low on all 2 streets with a street value.'
    )
  })

  it('counts nights above the guideline and names the loudest', () => {
    const streets = [
      street('Mill Lane', { laeq: aFigure('laeq', 41) }),
      street('Station Road', { laeq: aFigure('laeq', 58.2) })
    ]
    expect(neighbourhood('noise', streets)).toBe(
      'Last night was louder than the WHO guideline of 45 dB on 1 of 2 streets. Loudest: Station Road, 58 dB (23:00 to 07:00).'
    )
  })

  it('says when nothing can be said', () => {
    for (const subject of ['air', 'noise', 'damp'] as const) {
      expect(neighbourhood(subject, [street('Mill Lane', {})])).toMatch(/^No street has enough/)
    }
  })
})

describe('rows', () => {
  it('shows value and age of a single reading without a level', () => {
    const row = rowText(context, 'air', {
      quantity: 'pm2_5',
      latest: aFigure('pm2_5', 8.1, { basis: 'sensor' })
    })
    expect(row).toMatchObject({ level: null, word: 'Not enough data', period: 'one reading, 25 minutes ago' })
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
        : { pm2_5: { value: 8.1, unit: 'µg/m³', at: '2026-11-23T14:05:00Z', flag, reasons: [] } }
    const site = { id: 's', name: 'No. 12', streetId: 'a', placement: 'outdoor', state, latest } as const
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
