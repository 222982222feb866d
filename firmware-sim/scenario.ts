/** What happens in the neighbourhood besides ordinary life, by name. */
import {
  civilTime,
  dayMs,
  dayStart,
  fromCivil,
  hourMs,
  minuteMs,
  type CivilTime,
  type UnixMs
} from '../model/time.ts'
import { weekdayOf } from './calendar.ts'

export const scenarioNames = ['demo', 'ordinary', 'bonfire', 'schoolRun', 'heatwave'] as const
export type ScenarioName = (typeof scenarioNames)[number]

export function isScenario(name: string): name is ScenarioName {
  return (scenarioNames as readonly string[]).includes(name)
}

/** What each scenario is, for `--help`. */
export const scenarioDescriptions: Record<ScenarioName, string> = {
  demo: 'a bonfire night, a few days of dirty air, a broken box and a box gone silent, all before now',
  ordinary: 'weather, traffic and homes, and nothing else',
  bonfire: 'a big bonfire is lit now',
  schoolRun: 'the school run begins now, whatever the day and the hour',
  heatwave: 'five days of heat around now'
}

export interface Bonfire {
  /** When it is lit. */
  at: UnixMs
  /** 1 is the big one on the green; back gardens are less. */
  size: number
}

/** Moments at which something happens. With the seed it determines every value, so history and live must share it. */
export interface Story {
  bonfires: readonly Bonfire[]
  /** School runs besides those of every school day. */
  schoolRuns: readonly UnixMs[]
  heatwave: { from: UnixMs; until: UnixMs } | null
  /** Since when the neighbourhood's broken box is broken, and its silent box silent. */
  brokenFrom: UnixMs | null
  silentFrom: UnixMs | null
}

/** The story of a scenario as told at `now`: past events for the demo, present ones for the others. */
export function storyOf(scenario: ScenarioName, now: UnixMs, zone: string): Story {
  const story: Story = {
    bonfires: [],
    schoolRuns: [],
    heatwave: null,
    brokenFrom: null,
    silentFrom: null
  }
  switch (scenario) {
    case 'ordinary':
      return story
    case 'bonfire':
      return { ...story, bonfires: [{ at: now, size: 1 }] }
    case 'schoolRun':
      return { ...story, schoolRuns: [now] }
    case 'heatwave':
      return { ...story, heatwave: { from: daysFrom(now, -2), until: daysFrom(now, 3) } }
    case 'demo':
      return {
        ...story,
        bonfires: bonfiresBefore(now, zone),
        brokenFrom: daysFrom(now, -12),
        silentFrom: daysFrom(now, -5)
      }
  }
}

const bonfireSearchDays = 90

/**
 * The 5th of November, when it lies within the last 90 days (and is over: lit at 18:30, it smokes until morning),
 * with the smaller fires of the Saturday beside it; otherwise a Saturday evening about two weeks ago.
 */
function bonfiresBefore(now: UnixMs, zone: string): Bonfire[] {
  const { year } = civilTime(now, zone)
  for (const guyFawkes of [fifthOfNovember(year, zone), fifthOfNovember(year - 1, zone)]) {
    const isOver = guyFawkes + 12 * hourMs <= now
    if (!isOver || guyFawkes < now - bonfireSearchDays * dayMs) continue
    return [
      { at: guyFawkes, size: 1 },
      { at: saturdayNear(daysFrom(guyFawkes, 3), zone), size: 0.3 }
    ]
  }
  return [{ at: saturdayNear(daysFrom(now, -14), zone), size: 1 }]
}

function fifthOfNovember(year: number, zone: string): UnixMs {
  return fromCivil({ year, month: 11, day: 5, hour: 18, minute: 30, second: 0 }, zone)
}

/** Half past six in the evening of the last Saturday that is not after `at`. */
function saturdayNear(at: UnixMs, zone: string): UnixMs {
  const civil = civilTime(at, zone)
  const daysSinceSaturday = (weekdayOf(civilDay(civil)) + 1) % 7
  // Noon is clear of both midnights, whatever the clocks do that night.
  const noon = (dayStart(at, zone) + 12 * hourMs - daysSinceSaturday * dayMs) as UnixMs
  return fromCivil({ ...civilTime(noon, zone), hour: 18, minute: 30, second: 0 }, zone)
}

function civilDay({ year, month, day }: CivilTime): number {
  return Math.floor(Date.UTC(year, month - 1, day) / dayMs)
}

function daysFrom(at: UnixMs, days: number): UnixMs {
  return (at + days * dayMs) as UnixMs
}

/** 0 to 1: how strongly a bonfire of size 1 smokes `sinceMs` after it was lit; gone by the next noon. */
export function bonfireStrength(sinceMs: number): number {
  if (sinceMs <= 0 || sinceMs >= 16 * hourMs) return 0
  const rise = 1 - Math.exp(-sinceMs / (50 * minuteMs))
  const embersMs = sinceMs - 3 * hourMs
  return embersMs <= 0 ? rise : rise * Math.exp(-embersMs / (2.6 * hourMs))
}

/** 0 to 1: a school run from ten minutes after `sinceMs` = 0, forty minutes long. */
export function schoolRunStrength(sinceMs: number): number {
  const minutes = sinceMs / minuteMs
  if (minutes <= 0 || minutes >= 45) return 0
  return Math.sin((Math.PI * minutes) / 45) ** 0.7
}
