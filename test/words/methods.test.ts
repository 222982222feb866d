/** The page of methods: its tables and sentences are made from the definitions, and leave none of them out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  daqiTable,
  eaqiTable,
  scaleTable,
  usAqiTable,
  wholeRanges,
  type Table
} from '../../words/methods/bands.ts'
import {
  abouts,
  flagTable,
  limitGroups,
  quantityTable,
  reasonEntries,
  sentinelTable
} from '../../words/methods/definitions.ts'
import { formulaParts } from '../../words/methods/formula.ts'
import { limitText } from '../../words/methods/limit.ts'
import { changesTable, intervalText, mouldTable, mouldTexts, stuckTable } from '../../words/methods/rules.ts'
import { reasons } from '../../model/flag.ts'
import { intervalGapSMin, intervalGapShareMin, intervalLearnReadings } from '../../model/limits.ts'
import { hourMs } from '../../model/time.ts'
import { measuredNames } from '../../model/quantity.ts'
import { daqi } from '../../science/air.ts'
import { eaqi } from '../../science/european-aqi.ts'
import { limitById, limits } from '../../science/guidelines.ts'
import { neighboursMin } from '../../science/limits.ts'
import { seriesLimits } from '../../science/look-back-limits.ts'
import { mouldClasses, mouldModel } from '../../science/mould.ts'
import { neighbourZ } from '../../science/series-quality.ts'
import { nightNoiseScale } from '../../science/level.ts'
import { sentinels } from '../../science/quality.ts'
import { english } from '../support/english.ts'

const today = '2026-11-23'

function said(id: string): Record<string, string> {
  const limit = limitById(id)
  if (!limit) throw new Error(`There is no limit ${id}.`)
  const plain = Object.entries(limitText(english, limit, today)).map(([part, text]) => [
    part,
    text.replaceAll('\u00a0', ' ')
  ])
  return Object.fromEntries(plain)
}

describe('a limit in words', () => {
  it('names quantity, averaging time, value, what may exceed it, date and source', () => {
    expect(said('who-2021/pm2_5/day')).toEqual({
      what: 'PM2.5, mean of 24 hours: 15 µg/m³',
      rule: '99% of the values of a year must not lie above (99th percentile, counted as in Decision 97/101/EC). Interim targets: 75, 50, 37.5 and 25.',
      dates: 'In force since 22 Sept 2021.',
      capture: 'Needs 75% of each day and 75% of the year.',
      source: 'Source: WHO 2021, table 0.1 (airclim.org, KAPSARC).',
      unchecked: 'Not yet checked in the document itself: the first day.',
      note: ''
    })
  })

  it('says what may exceed it, and for how many years it is averaged', () => {
    expect(said('uk/no2/hour').rule).toBe('May be exceeded in 18 hours of a year.')
    expect(said('us-naaqs/pm10/day').rule).toBe(
      'May be exceeded on 1 day of a year. Averaged over 3 years; with fewer nothing can be told yet. ' +
        'Rounded to 10 µg/m³ before it is compared.'
    )
    expect(said('us-naaqs/pm2_5/day').rule).toContain('98th percentile, counted as in 40 CFR Part 50')
    expect(said('who-2005/no2/hour').rule).toBe('Not to be exceeded.')
    expect(said('us-naaqs/no2/hour').rule).toContain('Of each day the highest hour')
    expect(said('us-naaqs/no2/hour').what).toBe('NO₂, mean of 1 hour: 100 ppb')
  })

  it('says whether it is in force on the day', () => {
    expect(said('eu-2030/pm2_5/year').dates).toBe('Not yet in force: from 1 Jan 2030.')
    expect(said('uk/pm2_5/year/until-2020-01-01').dates).toBe(
      'No longer in force: 1 Jan 2015 to 31 Dec 2019.'
    )
    const interim = limits.find(({ set }) => set === 'england-interim')!
    expect(limitText(english, interim, '2031-06-01').dates).toBe('In force from 31 Dec 2030 to 30 Dec 2040.')
    expect(limitText(english, interim, today).dates).toContain('Not yet in force')
  })

  it('says of no limit more than the table does', () => {
    for (const limit of limits) {
      const text = limitText(english, limit, today)
      expect(text.unchecked === '').toBe(limit.unchecked.length === 0)
      expect(Object.values(text).join(' ')).not.toMatch(/undefined|NaN|null/)
    }
  })
})

describe('the page of methods', () => {
  it('has every limit, quantity, reason and sentinel once', () => {
    expect(limitGroups().flatMap((group) => group.limits)).toHaveLength(limits.length)
    expect(quantityTable(english).rows).toHaveLength(measuredNames.length)
    expect(reasonEntries(english)).toHaveLength(Object.keys(reasons).length)
    expect(sentinelTable(english).rows).toHaveLength(sentinels.length)
    expect(sentinelTable(english).rows.map(([values]) => values)).toContain('327.67, −327.68 or 655.35')
    expect(flagTable(english).rows.map(([flag]) => flag)).toEqual([
      '1 Passed',
      '2 Not checked',
      '3 Doubtful',
      '4 Failed',
      '9 Missing'
    ])
  })

  it('has every formula that tells of itself', () => {
    const science = join(import.meta.dirname, '..', '..', 'science')
    const titles = readdirSync(science)
      .map((name) => readFileSync(join(science, name), 'utf8'))
      .filter((text) => text.includes('export const about = {'))
      .flatMap((text) => [
        ...text.slice(text.indexOf('export const about')).matchAll(/ {4}title: '(.*)',\n {4}formula/g)
      ])
      .map((match) => match[1])
    const shown = Object.values(abouts).flatMap((entries) => entries.map(({ title }) => title))
    expect(shown.toSorted()).toEqual(titles.toSorted())
    expect(new Set(shown).size).toBe(shown.length)
  })

  it('has the bands by which an index is looked up', () => {
    expect(wholeRanges([11, 23])).toEqual(['0–11', '12–23', '24+'])
    expect(daqiTable(english).rows).toHaveLength(10)
    expect(daqiTable(english).rows[3]).toEqual([
      '4',
      daqi('pm2_5', 36).band,
      ...['36–41', '51–58', '201–267', '101–120', '267–354']
    ])
    expect(eaqiTable(english).rows[1]).toEqual([
      eaqi('pm2_5', 6).name,
      '6–15',
      '16–45',
      '11–25',
      '61–100',
      '21–40'
    ])
    expect(usAqiTable(english).rows[0]).toEqual(['0–50', 'Good', '0.0–9.0', '0–54'])
    expect(scaleTable(english, nightNoiseScale).rows).toEqual([
      ['Quiet', 'below 40'],
      ['Moderate', '40 to below 45'],
      ['Loud', '45 to below 55'],
      ['Very loud', '55 and more']
    ])
  })

  it('puts what stands below and above the line of a formula there', () => {
    expect(formulaParts('10^{Li/10} · PM_cf1')).toEqual([
      { text: '10', place: 'line' },
      { text: 'Li/10', place: 'above' },
      { text: ' · PM', place: 'line' },
      { text: 'cf1', place: 'below' }
    ])
    for (const { formula } of Object.values(abouts).flat()) {
      expect(
        formulaParts(formula)
          .map(({ text }) => text)
          .join('')
      ).not.toMatch(/[_^{}]/)
    }
  })

  it('says how intervals are learnt, with the numbers in force', () => {
    expect(intervalText(english)).toContain(
      `at least ${100 * intervalGapShareMin}% of its gaps of ${intervalGapSMin} seconds and more, from ${intervalLearnReadings} readings on`
    )
    expect(intervalText(english, { share: 0.31, gapS: 9, readings: 77 })).toMatch(
      /31% of its gaps of 9 seconds and more, from 77 /
    )
  })

  it('says what is stuck, and what stands out, as the look back goes by it', () => {
    const of = (rows: Table['rows']) => rows.map((row) => row.map((cell) => cell.replaceAll('\u00a0', ' ')))
    const stuck = of(stuckTable(english).rows)
    expect(stuck).toHaveLength(Object.values(seriesLimits).filter((one) => one.stuck).length)
    expect(stuck).toContainEqual([
      'PM2.5',
      'from 5 µg/m³, for 6 hours',
      'from 5 µg/m³ to below 999 µg/m³, 36 times or more, with tenths or from 20 µg/m³'
    ])
    expect(stuck).toContainEqual(['NO₂', 'any value, for 6 hours', 'never'])
    const rule = {
      ...seriesLimits.pm2_5!.stuck!,
      above: 7,
      forMs: 11 * hourMs,
      sure: { readings: 41, wholeFrom: 33 }
    }
    expect(of(stuckTable(english, { pm2_5: { stuck: rule } }).rows)).toEqual([
      [
        'PM2.5',
        'from 7 µg/m³, for 11 hours',
        'from 5 µg/m³ to below 999 µg/m³, 41 times or more, with tenths or from 33 µg/m³'
      ]
    ])
    const changes = of(changesTable(english).rows)
    expect(changes).toContainEqual(['Temperature, °C', '5', '6', '1'])
    const changed = changesTable(english, {
      temperature: { spike: 4, ratePerS: 0.05, neighbourSpreadMin: 2 }
    })
    expect(of(changed.rows)).toEqual([['Temperature, °C', '4', '3', '2']])
  })

  it('says that neighbours doubt and never fail, from as many spreads as they do', () => {
    const [entry] = abouts.checks.filter(({ title }) => title === 'Far from the neighbours')
    expect(entry!.formula).toContain(`doubtful above ${neighbourZ.suspect}; it never fails`)
    expect(entry!.range).toContain(`at least ${neighboursMin} neighbours`)
  })

  it('says whose midnight it is', () => {
    const text = english.methods.coverage.paragraphs('75', 18, 'Asia/Kathmandu').join(' ')
    expect(text).toContain('this hub’s clock (Asia/Kathmandu)')
    expect(text).not.toContain('where the sensors')
  })

  it('has the constants of the mould model', () => {
    const rows = mouldTable(english).rows
    expect(rows.map((row) => row[1])).toEqual([
      '1, then 2',
      '0.578, then 0.386',
      '0.072, then 0.097',
      '0.033, then 0.014'
    ])
    expect(rows[1]!.slice(2)).toEqual(['80%', '0.3 + 6 x − 1 x², with x = (RHcrit − RH) / (RHcrit − 100)'])
    const pine = { growth: [3, 4], highest: [5, 6, 7], humidityMin: 81 } as const
    expect(mouldTable(english, { ...mouldClasses, verySensitive: pine }).rows[0]).toEqual([
      'Untreated pine',
      '3, then 4',
      '81%',
      '5 + 6 x − 7 x², with x = (RHcrit − RH) / (RHcrit − 100)'
    ])
    const texts = mouldTexts(english).join(' ')
    for (const number of [
      '0.00267',
      '0.16',
      '3.13',
      '0.68',
      '13.9',
      '66.02',
      '2.3',
      '0.032',
      '0.016',
      '50 °C'
    ]) {
      expect(texts).toContain(number)
    }
    const slower = { ...mouldModel, decline: { first: 0.5, firstHours: 7, restUntilHours: 30, later: 0.25 } }
    expect(mouldTexts(english, slower).at(-1)).toBe(
      'When it is too dry the index falls by 0.5 a day for 7 hours, then not until 30 hours have passed, then by 0.25 a day.'
    )
  })
})
