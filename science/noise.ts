/**
 * Sound levels: averages as energy, the day, evening and night of the Environmental Noise Directive.
 * Levels are dB(A) re 20 µPa. Energy is averaged at every stage, weighted by the time measured; LAmax, LAmin and
 * percentiles are never averaged.
 */
import type { About } from './about.ts'
import { civilTime, dayMs, fromCivil, type CivilTime, type UnixMs } from '../model/time.ts'

/** What the page of methods says of these. */
export const about = {
  energyMean: {
    title: 'Average of sound levels, LAeq',
    formula: 'L_{Aeq} = 10 · lg( Σ d_{i} · 10^{Li/10} / Σ d_{i} )',
    range: 'dB(A); d is the time measured, never the time that should have been',
    source: 'ISO 1996-1:2016, 3.1.7',
    version: 1
  },
  lden: {
    title: 'Day, evening and night together, Lden',
    formula:
      'L_{den} = 10 · lg( (12 · 10^{Lday/10} + 4 · 10^{(Levening+5)/10} + 8 · 10^{(Lnight+10)/10}) / 24 )',
    range: 'a year at one place; of one day it is called Lden,24h',
    source: 'Directive 2002/49/EC, Annex I; SI 2006/2238, regulation 4',
    version: 1
  }
} as const satisfies Record<string, About>

/**
 * LAeq = 10 lg(1/n Σ 10^(Li/10)), dB, for levels over equal times (ISO 1996-1:2016, 3.1.7). null without levels.
 * Arithmetic means are always lower: 7 h at 35 dB and 1 h at 65 dB are 55.99 dB, not 38.75.
 */
export function energyMean(levels: readonly number[]): number | null {
  if (levels.length === 0) return null
  let energy = 0
  for (const level of levels) energy += 10 ** (level / 10)
  return 10 * Math.log10(energy / levels.length)
}

/**
 * LAeq,T = 10 lg(Σ di·10^(Li/10) / Σ di), dB; `durations` in any one unit, of what was measured and not of what should
 * have been. A missing period belongs in neither list. null where nothing was measured.
 */
export function energyMeanWeighted(levels: readonly number[], durations: readonly number[]): number | null {
  if (levels.length !== durations.length) throw new RangeError('Each level needs the time it was measured.')
  let energy = 0
  let total = 0
  for (const [i, level] of levels.entries()) {
    const duration = durations[i]!
    if (duration < 0) throw new RangeError('A duration is negative.')
    energy += duration * 10 ** (level / 10)
    total += duration
  }
  return total === 0 ? null : 10 * Math.log10(energy / total)
}

/**
 * Lden = 10 lg{[12·10^(Lday/10) + 4·10^((Levening+5)/10) + 8·10^((Lnight+10)/10)] / 24}, dB (Directive 2002/49/EC
 * Annex I; in England the 12, 4 and 8 hours are fixed, SI 2006/2238 reg. 4). Yearly; of one day it is "Lden,24h".
 * Nights of 7 or 9 hours are averaged over their real hours first; the weights stay.
 */
export function lden(lday: number, levening: number, lnight: number): number {
  const energy = 12 * 10 ** (lday / 10) + 4 * 10 ** ((levening + 5) / 10) + 8 * 10 ** ((lnight + 10) / 10)
  return 10 * Math.log10(energy / 24)
}

/** The periods of Directive 2002/49/EC Annex I by the local clock. */
export const dayHour = 7
export const eveningHour = 19
export const nightHour = 23

export interface Period {
  from: UnixMs
  until: UnixMs
}

/** The night, 23 to 07 local, that begins on the civil day of `at`: 8 hours, 7 or 9 where clocks change. */
export function nightOf(at: UnixMs, zone: string): Period {
  const day = civilTime(at, zone)
  return { from: atHour(day, nightHour, zone), until: atHour(dayAfter(day, 1), dayHour, zone) }
}

/** The last night that is over at `at`: from 07 local it is the one just ended. */
export function lastNight(at: UnixMs, zone: string): Period {
  const today = civilTime(at, zone)
  const until = atHour(today, dayHour, zone)
  const morning = until <= at ? today : dayAfter(today, -1)
  return {
    from: atHour(dayAfter(morning, -1), nightHour, zone),
    until: atHour(morning, dayHour, zone)
  }
}

function atHour(day: CivilTime, hour: number, zone: string): UnixMs {
  return fromCivil({ ...day, hour, minute: 0, second: 0 }, zone)
}

/** The calendar day `days` later; calendar arithmetic needs no zone. */
function dayAfter(day: CivilTime, days: number): CivilTime {
  const moved = new Date(Date.UTC(day.year, day.month - 1, day.day) + days * dayMs)
  return { ...day, year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() }
}
