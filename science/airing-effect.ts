/** What a room's air did after something was done: a window opened, the heating turned up, washing hung up. */
import type { About } from './about.ts'
import { absoluteHumidity } from './damp.ts'
import type { Air } from './damp-record.ts'
import { hourMs, minuteMs, type UnixMs } from '../model/time.ts'

/** What the page of methods says of these. */
export const about = {
  changes: {
    title: 'What airing, heating or washing changed',
    formula: 'AH after − AH in the half hour before',
    range:
      'lowest within an hour of opening a window, highest within four hours of hanging up washing, three hours after heating; and three hours after either',
    source: 'a convention of this project; other things may have happened in the same hours',
    version: 1
  }
} as const satisfies Record<string, About>

/** Air of one moment in a room. */
export interface AirAt extends Air {
  time: UnixMs
}

export interface AirChange {
  before: Air & { waterGm3: number }
  /** Of the moment that the act is judged by. */
  after: Air & { waterGm3: number }
  minutes: number
  /** Water three hours after the act; null where nothing was measured then. */
  laterWaterGm3: number | null
}

export type Act = 'window' | 'heating' | 'washing'

/** Around the act: what is read for it. */
export const changeReach = { beforeMs: hourMs, afterMs: 4 * hourMs } as const

const beforeMs = 30 * minuteMs
const laterMs = 3 * hourMs

/** null where too little was measured before or after. `airs` come oldest first. */
export function airChange(act: Act, at: UnixMs, airs: readonly AirAt[]): AirChange | null {
  const before =
    meanOf(within(airs, at - beforeMs, at)) ?? lastOf(within(airs, at - changeReach.beforeMs, at))
  const after = judged(act, at, airs)
  if (!before || !after) return null
  const later = meanOf(within(airs, at + laterMs - beforeMs, at + laterMs + beforeMs))
  return {
    before: withWater(before),
    after: withWater(after),
    minutes: Math.round((after.time - at) / minuteMs),
    laterWaterGm3: later ? withWater(later).waterGm3 : null
  }
}

function judged(act: Act, at: UnixMs, airs: readonly AirAt[]): AirAt | undefined {
  const after = (span: number): AirAt[] => within(airs, at + 1, at + span + 1)
  const byWater = (sign: 1 | -1, among: AirAt[]): AirAt | undefined =>
    among.toSorted((a, b) => sign * (withWater(a).waterGm3 - withWater(b).waterGm3))[0]
  switch (act) {
    case 'window':
      return byWater(1, after(hourMs))
    case 'washing':
      return byWater(-1, after(4 * hourMs))
    case 'heating':
      return within(airs, at + 2 * hourMs, at + laterMs + beforeMs).at(-1)
  }
}

function within(airs: readonly AirAt[], from: number, until: number): AirAt[] {
  return airs.filter(({ time }) => time >= from && time < until)
}

function lastOf(airs: readonly AirAt[]): AirAt | undefined {
  return airs.at(-1)
}

function meanOf(airs: readonly AirAt[]): Air | undefined {
  if (airs.length === 0) return undefined
  const mean = (of: (air: Air) => number): number => airs.reduce((sum, air) => sum + of(air), 0) / airs.length
  return { temperatureC: mean((air) => air.temperatureC), humidity: mean((air) => air.humidity) }
}

function withWater({ temperatureC, humidity }: Air): Air & { waterGm3: number } {
  return { temperatureC, humidity, waterGm3: absoluteHumidity(temperatureC, humidity) }
}
