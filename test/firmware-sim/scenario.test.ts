/** Scenarios: when the bonfire burns, in a window that holds a 5th of November and in one that does not. */
import { describe, expect, it } from 'vitest'
import { bonfireStrength, isScenario, scenarioNames, storyOf } from '../../firmware-sim/scenario.ts'
import { isSchoolDay } from '../../firmware-sim/calendar.ts'
import { civilTime, dayMs, hourMs, parseIsoZoned, type UnixMs } from '../../model/time.ts'

const zone = 'Europe/London'
const at = (text: string): UnixMs => parseIsoZoned(text)!

describe('the demo', () => {
  it.each([
    ['in November', '2026-11-23T12:00:00Z', '2026-11-05T18:30:00.000Z'],
    ['90 days later', '2027-01-30T12:00:00Z', '2026-11-05T18:30:00.000Z'],
    ['on the morning after', '2026-11-06T09:00:00Z', '2026-11-05T18:30:00.000Z'],
    ['on the evening itself: two weeks before', '2026-11-05T20:00:00Z', '2026-10-17T17:30:00.000Z'],
    ['in spring', '2026-04-15T12:00:00Z', '2026-03-28T18:30:00.000Z'],
    ['in summer time', '2026-07-20T12:00:00Z', '2026-07-04T17:30:00.000Z']
  ])('%s burns on the right evening', (_when, now, lit) => {
    const [bonfire] = storyOf('demo', at(now), zone).bonfires
    expect(new Date(bonfire!.at).toISOString()).toBe(lit)
    expect(civilTime(bonfire!.at, zone)).toMatchObject({ hour: 18, minute: 30 })
  })

  it('is all before now', () => {
    for (let day = 0; day < 366; day += 7) {
      const now = (at('2026-01-01T12:00:00Z') + day * dayMs) as UnixMs
      const story = storyOf('demo', now, zone)
      expect(story.bonfires[0]!.at).toBeLessThan(now - 12 * hourMs)
      expect(story.bonfires[0]!.at).toBeGreaterThan(now - 90 * dayMs)
      expect(story.brokenFrom).toBeLessThan(now)
      expect(story.silentFrom).toBeLessThan(now)
    }
  })
})

describe('the others', () => {
  it('happen now, and ordinary life has no story', () => {
    const now = at('2026-11-23T12:00:00Z')
    expect(storyOf('bonfire', now, zone).bonfires).toEqual([{ at: now, size: 1 }])
    expect(storyOf('schoolRun', now, zone).schoolRuns).toEqual([now])
    expect(storyOf('heatwave', now, zone).heatwave!.until).toBeGreaterThan(now)
    expect(storyOf('ordinary', now, zone)).toEqual({
      bonfires: [],
      schoolRuns: [],
      heatwave: null,
      brokenFrom: null,
      silentFrom: null
    })
    expect(scenarioNames.every(isScenario)).toBe(true)
    expect(isScenario('toString')).toBe(false)
  })
})

it('a bonfire flares up, burns for hours and is out by noon', () => {
  expect(bonfireStrength(-1)).toBe(0)
  expect(bonfireStrength(2 * hourMs)).toBeGreaterThan(0.8)
  expect(bonfireStrength(8 * hourMs)).toBeLessThan(0.2)
  expect(bonfireStrength(17 * hourMs)).toBe(0)
})

it.each([
  ['2026-11-23', true],
  ['2026-11-22', false],
  ['2026-10-28', false],
  ['2026-12-25', false],
  ['2026-08-12', false]
])('%s is a school day: %s', (date, isOne) => {
  expect(isSchoolDay(at(`${date}T00:00:00Z`) / dayMs)).toBe(isOne)
})
