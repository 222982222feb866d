/** What the pages say: each subject, each basis, the averaging period always named, never more than the data bears. */
import { describe, expect, it } from 'vitest'
import type { PublicSite, StreetLatest } from '../../contract/street.ts'
import { meaning } from '../../dashboard/src/sentence/meaning.ts'
import { neighbourhoodSentence } from '../../dashboard/src/sentence/neighbourhood.ts'
import { parts, plain } from '../../dashboard/src/sentence/parts.ts'
import { rowText } from '../../dashboard/src/sentence/row.ts'
import { sensorText } from '../../dashboard/src/sentence/sensor.ts'
import { isLouder, nightText, streetSentence } from '../../dashboard/src/sentence/street.ts'
import {
  headline,
  quantityChoices,
  type LatestByQuantity,
  type Subject
} from '../../dashboard/src/subject.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { levelFor } from '../../science/level.ts'

const now = Date.parse('2026-11-23T14:30:00Z')
const place = { name: 'Ashley Road', outdoorSites: 5, now, zone: 'Europe/London' }

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
  return plain(streetSentence(subject, place, headline(subject, latest), beside)).replaceAll('\u00a0', ' ')
}

describe('the sentence of a street', () => {
  it('says the level, the value, how many sensors and over which time', () => {
    expect(say('air', { pm2_5: aFigure('pm2_5', 9.2) })).toBe(
      'Right now on Ashley Road air pollution is Low. PM2.5 is 9 µg/m³ (middle of 5 sensors, last 24 hours).'
    )
  })

  it('lets the worst pollutant speak for the air, and adds the one that was chosen', () => {
    const latest = { pm2_5: aFigure('pm2_5', 9), pm10: aFigure('pm10', 60) }
    expect(say('air', latest, 'pm2_5')).toBe(
      'Right now on Ashley Road air pollution is Moderate. PM10 is 60 µg/m³ (middle of 5 sensors, last 24 hours). ' +
        'PM2.5 is 9 µg/m³ (middle of 5 sensors, last 24 hours).'
    )
  })

  it('compares a night with the guideline and says both numbers', () => {
    expect(say('noise', { laeq: aFigure('laeq', 51.3) })).toBe(
      'Last night on Ashley Road was louder than the WHO guideline: 51 dB, the guideline is 45 dB (middle of 5 sensors, 23:00 to 07:00).'
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
    expect(isLouder(value)).toBe(louder)
    expect(nightText(value, 'dB(A)').replace('\u00a0', ' ')).toBe(text)
  })

  it('says of homes how many, how late and why', () => {
    expect(say('damp', { humidity: aFigure('humidity', 68.4, { basis: 'homes', sites: 10 }) })).toBe(
      'Indoor air in homes on Ashley Road is Humid. Humidity is 68% (middle of 10 homes, last 7 days, shown one day late so that no home can be recognised).'
    )
  })

  it('says that homes are too few, without a number of them', () => {
    expect(say('damp', {})).toBe(
      'There is no figure for homes on Ashley Road: fewer than 5 homes share theirs, and with fewer a single home could be recognised.'
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
    expect(plain(streetSentence('air', { ...place, outdoorSites: 0 }))).toBe(
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
    plain(neighbourhoodSentence(subject, streets)).replaceAll('\u00a0', ' ')

  it('counts the streets of the best level and names the worst', () => {
    const streets = [
      street('Mill Lane', { pm2_5: aFigure('pm2_5', 8) }),
      street('Park Side', { pm2_5: aFigure('pm2_5', 6) }),
      street('Station Road', { pm2_5: aFigure('pm2_5', 56) }),
      street('Canal Row', { pm2_5: aFigure('pm2_5', 90, { basis: 'sensor' }) })
    ]
    expect(neighbourhood('air', streets)).toBe(
      'Right now air pollution is Low on 2 of 3 streets (last 24 hours). Highest: High on Station Road.'
    )
    expect(neighbourhood('air', streets.slice(0, 2))).toBe(
      'Right now air pollution is Low on all 2 streets with a street value (last 24 hours).'
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
    const row = rowText('air', { quantity: 'pm2_5', latest: aFigure('pm2_5', 8.1, { basis: 'sensor' }) }, now)
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
    expect(sensorText(site, 'pm2_5', now, 'Europe/London').state).toBe(text)
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
    expect(meaning(['pm2_5', 'pm2_5_corrected', 'pm10'])).toMatch(
      /^PM2\.5 is fine dust.* PM10 is all dust.* µg\/m³ are millionths of a gram in a cubic metre of air\.$/
    )
    expect(meaning(['pm2_5', 'pm2_5_corrected'])).toBe(meaning(['pm2_5']))
  })

  it('says nothing where the name says it', () => {
    expect(meaning(['temperature', 'humidity'])).toBe('')
  })
})
