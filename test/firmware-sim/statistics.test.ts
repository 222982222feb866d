/** What the demo promises to show, told from the numbers: over several seeds, so that none is a lucky one. */
import { describe, expect, it } from 'vitest'
import { civilTime, dayMs, hourStart, parseIsoZoned, type CivilTime, type UnixMs } from '../../model/time.ts'
import { energyMean, mean, median, now, play, type Played } from './played.ts'

const zone = 'Europe/London'
const seeds = [1, 7, 20]
const plays = new Map<number, Played>(seeds.map((seed) => [seed, play({ days: 24, stepS: 1_200, seed })]))

function valuesOf(
  { neighbourhood, rows }: Played,
  street: string,
  quantity: string,
  wanted: (at: UnixMs) => boolean
): number[] {
  return neighbourhood.sites.flatMap((site, i) =>
    site.streetName !== street || site.fate === 'breaks'
      ? []
      : rows[i]!.filter((row) => wanted(row.at)).flatMap(({ values }) => values[quantity] ?? [])
  )
}

const hours = new Map<UnixMs, CivilTime>()

/** The civil hour of a moment; one answer serves all readings of an hour. */
function civil(at: UnixMs): CivilTime {
  const hour = hourStart(at)
  const known = hours.get(hour) ?? civilTime(hour, zone)
  hours.set(hour, known)
  return known
}

const dayOf = (at: UnixMs): number => Date.UTC(2026, civil(at).month - 1, civil(at).day)

const always = (): boolean => true
const isNight = (at: UnixMs): boolean => {
  const { hour } = civil(at)
  return hour >= 23 || hour < 7
}
const isDay = (at: UnixMs): boolean => {
  const { hour } = civil(at)
  return hour >= 7 && hour < 19
}

/** Levels of each night: the level of the middle night is what people live with. */
function nightsOf(played: Played, street: string): number[] {
  const nights = new Map<number, number[]>()
  const { neighbourhood, rows } = played
  neighbourhood.sites.forEach((site, i) => {
    if (site.streetName !== street || site.kind !== 'noise') return
    for (const { at, values } of rows[i]!) {
      if (!isNight(at)) continue
      const night = dayOf((at + 3_600_000) as UnixMs)
      const levels = nights.get(night) ?? []
      levels.push(values.laeq!)
      nights.set(night, levels)
    }
  })
  return [...nights.values()].map(energyMean)
}

describe.each(seeds)('the neighbourhood of seed %i', (seed) => {
  const played = plays.get(seed)!

  it('is quieter at night, quiet on the side streets, loud on the main road', () => {
    for (const street of ['Foundry Road', 'Mill Street', 'Market Street', 'Brookside'])
      expect(median(valuesOf(played, street, 'laeq', isNight))).toBeLessThan(
        median(valuesOf(played, street, 'laeq', isDay)) - 4
      )
    const mainRoad = median(nightsOf(played, 'Foundry Road'))
    expect(mainRoad).toBeGreaterThan(54)
    expect(mainRoad).toBeLessThan(60)
    expect(median(nightsOf(played, 'Brookside'))).toBeLessThan(45.5)
    expect(median(nightsOf(played, 'Kingfisher Close'))).toBeLessThan(45)
  })

  it('has a school run on school days and none on Sundays', () => {
    const gate = (isSchoolDay: boolean): number =>
      median(
        valuesOf(played, 'Schoolhouse Lane', 'laeq', (at) => {
          const { hour, day, month, year } = civil(at)
          const minute = new Date(at).getUTCMinutes()
          const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay()
          const isRun = hour === 8 && minute >= 30 && minute < 55
          return isRun && (isSchoolDay ? weekday >= 1 && weekday <= 5 && month === 11 : weekday === 0)
        })
      )
    expect(gate(true)).toBeGreaterThan(gate(false) + 8)
  })

  it('sees the bonfire night, most by the green', () => {
    const evening = parseIsoZoned('2026-11-05T20:30:00Z')!
    const fire = (at: UnixMs): boolean => Math.abs(at - evening) < 1.5 * 3_600_000
    for (const street of ['Brookside', 'Market Street', 'Orchard Road'])
      expect(median(valuesOf(played, street, 'pm2_5', fire))).toBeGreaterThan(
        6 * median(valuesOf(played, street, 'pm2_5', always))
      )
    expect(median(valuesOf(played, 'Brookside', 'pm2_5', fire))).toBeGreaterThan(
      1.5 * median(valuesOf(played, 'Orchard Road', 'pm2_5', fire))
    )
  })

  it('has ordinary air on most days', () => {
    const days = new Map<number, number[]>()
    played.neighbourhood.sites.forEach((site, i) => {
      if (site.kind !== 'air' || site.fate === 'breaks') return
      for (const { at, values } of played.rows[i]!) {
        const day = dayOf(at)
        const known = days.get(day) ?? []
        known.push(values.pm2_5!)
        days.set(day, known)
      }
    })
    const daily = [...days.values()].map(median)
    expect(median(daily)).toBeGreaterThan(4)
    expect(median(daily)).toBeLessThan(20)
    expect(daily.filter((v) => v < 35.5).length / daily.length).toBeGreaterThan(0.75)
  })

  it('has a damp terrace of ten consenting homes with cold corners, and drier homes elsewhere', () => {
    const { neighbourhood, rows } = played
    const terrace = neighbourhood.sites.filter((s) => s.streetName === 'Tannery Row' && s.kind === 'damp')
    expect(terrace).toHaveLength(10)
    expect(new Set(terrace.map((s) => s.homeName)).size).toBe(10)
    expect(terrace.every((s) => s.streetConsent && s.placement === 'indoor')).toBe(true)
    const weekOf = (i: number): number[] =>
      rows[i]!.filter((row) => row.at > now - 7 * dayMs).map((row) => row.values.humidity!)
    const humidities = (street: string): number[] =>
      neighbourhood.sites.flatMap((site, i) => {
        const week = site.streetName === street && site.kind === 'damp' ? weekOf(i) : []
        return week.length > 0 ? [mean(week)] : []
      })
    expect(median(humidities('Tannery Row'))).toBeGreaterThan(64)
    expect(median(humidities('Tannery Row'))).toBeLessThan(80)
    expect(median(humidities('Orchard Road'))).toBeLessThan(60)
    expect(median(humidities('Orchard Road'))).toBeGreaterThan(36)
    const corner = median(valuesOf(played, 'Tannery Row', 'surface_temperature', always))
    const room = median(valuesOf(played, 'Tannery Row', 'temperature', always))
    expect(room - corner).toBeGreaterThan(2)
  })
})

describe('the heatwave', () => {
  it('is hot outdoors and in', () => {
    const hot = play({ days: 1, stepS: 1_800, scenario: 'heatwave' })
    const ordinary = play({ days: 1, stepS: 1_800, scenario: 'ordinary' })
    for (const street of ['Foundry Road', 'Tannery Row'])
      expect(median(valuesOf(hot, street, 'temperature', always))).toBeGreaterThan(
        median(valuesOf(ordinary, street, 'temperature', always)) + 3
      )
  })
})
