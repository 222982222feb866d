/** The page of methods: its tables and sentences are made from the definitions, and leave none of them out. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { daqiTable, eaqiTable, scaleTable, usAqiTable, wholeRanges } from '../../words/methods/bands.ts'
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
import { reasons } from '../../model/flag.ts'
import { measuredNames } from '../../model/quantity.ts'
import { daqi } from '../../science/air.ts'
import { eaqi } from '../../science/european-aqi.ts'
import { limitById, limits } from '../../science/guidelines.ts'
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
})
