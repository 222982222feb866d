/** The figures of a room's damp record over a period: what a landlord or a housing officer will ask of it. */
import type { TimeRange } from '../../model/columns.ts'
import { coverageMin } from '../../model/limits.ts'
import { figureDecimals, finiteToDecimals } from '../../model/decimals.ts'
import type { Site } from '../../model/place.ts'
import { sensorFamilies } from '../../model/sensor.ts'
import { dayStart, hourMs, nextDayStart, toIso, type UnixMs } from '../../model/time.ts'
import type { CornerFactor } from '../../contract/diary.ts'
import type { RecordDay, RecordInstrument, RecordWeek, RoomRecord } from '../../contract/damp-record.ts'
import { dewPoint } from '../../science/damp.ts'
import {
  surfaceHours,
  surfaceRisk,
  type Air,
  type RoomHour,
  type SurfaceHour
} from '../../science/damp-record.ts'
import { humidityError } from '../../science/instrument-error.ts'
import { moistureLoad, surfaceHumidityRisk } from '../../science/surface.ts'
import { chartWindow } from '../grid.ts'
import { recordGapHoursMin, recordGapsMax } from '../limits.ts'
import { roomDampByHours, type Room } from '../period/damp.ts'
import { columnsOf, outdoorSites, type OwnDampDeps } from './own-damp.ts'
import { ownStreet } from './own-places.ts'
import { airWithFailed } from './with-failed.ts'

/** Air above this is humid for a room (the criteria of Approved Document F lie between 65 and 85 %). */
export const humidAir = 70
/** WHO Housing and health guidelines (2018): below 18 °C a room counts as cold. */
export const coldRoomC = 18
export interface RecordQuery {
  site: Site
  corner: CornerFactor
  /** Asked for instead of that of the corner; nobody measured it. */
  factor?: number
  /** Sites of the outdoor air that are asked for. */
  outside?: readonly string[]
  range: TimeRange
}

type Deps = OwnDampDeps & { readings: Parameters<typeof airWithFailed>[0] }

/** The caller has seen to it that the site was theirs in the whole period. */
export async function roomRecord(deps: Deps, { site, range, ...asked }: RecordQuery): Promise<RoomRecord> {
  const { timezone } = deps
  const period = { ...deps, audience: { hostId: site.personId } } as const
  const { outside, isElsewhere } =
    asked.outside === undefined
      ? await outdoorSites(period, deps.readings, site.streetId)
      : { outside: asked.outside, isElsewhere: false }
  const corner =
    asked.factor === undefined
      ? asked.corner
      : { ...asked.corner, value: asked.factor, basis: 'assumed' as const }
  const factor = corner.value
  const isFactorMeasured = corner.basis === 'measured'
  const query = { site: site.siteId, outside, factor, isFactorMeasured, ...range, timezone }
  const { figures, room, surface } = await roomDampByHours(period, query)
  const instruments = instrumentsOf(deps, site.siteId, range)
  return {
    siteId: site.siteId,
    name: site.name,
    homeId: site.homeId,
    street: ownStreet(deps.own, site.streetId).name,
    instruments,
    figures,
    outdoorElsewhere: isElsewhere,
    corner: cornerOf(room, surface, corner),
    hoursHumid: room.hours.filter(({ inside }) => inside !== null && inside.humidity > humidAir).length,
    hoursCold: room.hours.filter(({ inside }) => inside !== null && inside.temperatureC < coldRoomC).length,
    excess: excessOf(room),
    days: daysOf(room, surface, timezone),
    weeks: weeksOf(room, surface, timezone),
    ...gapsOf(room.hours),
    both: await bothFigures(deps, query, room, surface),
    doubt: doubtOf(room, factor, instruments),
    columns: columnsOf(room, surface, chartWindow(range), timezone)
  }
}

/** Which boxes measured there, and how far each may be off. */
function instrumentsOf(deps: Deps, siteId: string, range: TimeRange): RecordInstrument[] {
  return deps.own.devices().flatMap(({ deviceId, dialect, sensors, intervalS }) =>
    deps.own
      .deployments(deviceId)
      .filter((one) => one.siteId === siteId)
      .filter(({ from, until }) => (from ?? -Infinity) < range.until && (until ?? Infinity) > range.from)
      .map(({ from, until }) => {
        const { humidity, ...error } = humidityError(sensors)
        return {
          deviceId,
          dialect,
          sensors: sensors.map((sensor) => sensorFamilies[sensor]),
          from: from === null ? null : toIso(from),
          until: until === null ? null : toIso(until),
          intervalS,
          error: { humidity: humidity ?? 0, ...error }
        }
      })
  )
}

function cornerOf(
  { hours }: Room,
  surface: readonly (SurfaceHour | null)[],
  { value, basis: given, measuredAt, measurements, ofThisRoom }: CornerFactor
): RoomRecord['corner'] {
  const known = surface.filter((hour) => hour !== null)
  const margins = surface.flatMap((hour, i) => {
    const inside = hours[i]!.inside
    const dew = inside && dewPoint(inside.temperatureC, inside.humidity)
    return hour && dew !== null ? [hour.surfaceC - dew] : []
  })
  const isEstimated = known.some(({ estimated }) => estimated)
  const basis = known.length === 0 ? 'none' : !isEstimated ? 'sensor' : given
  return {
    basis,
    factor: isEstimated ? value : null,
    measuredAt: isEstimated && given === 'measured' ? measuredAt : null,
    measurements: isEstimated ? measurements : 0,
    ofThisRoom: isEstimated && ofThisRoom,
    ...(({ mean, min }) => ({ meanC: mean, lowestC: min }))(spreadOf(known.map(({ surfaceC }) => surfaceC))),
    marginC: spreadOf(margins),
    hoursDewBelow1: known.length === 0 ? null : margins.filter((margin) => margin < 1).length
  }
}

function excessOf({ hours, outsideAir }: Pick<Room, 'hours' | 'outsideAir'>): RoomRecord['excess'] {
  const both = hours.flatMap(({ inside }, i) => {
    const outside = outsideAir[i] ?? null
    return inside && outside ? [{ outside, load: moistureLoad(inside, outside) }] : []
  })
  // Figures of a few hours of a week or a year would pass for those of all of it.
  if (both.length === 0 || both.length < hours.length * coverageMin)
    return { hours: both.length, outsideC: null, pa: null, gm3: null }
  return {
    hours: both.length,
    outsideC: meanOf(both.map(({ outside }) => outside.temperatureC)),
    pa: meanOf(both.map(({ load }) => load.excessPa)),
    gm3: meanOf(both.map(({ load }) => load.excessGm3))
  }
}

function daysOf({ hours }: Room, surface: readonly (SurfaceHour | null)[], timezone: string): RecordDay[] {
  return groupsOf(hours, timezone, 1).map(({ first, last, start }) => {
    const own = hours.slice(first, last)
    const airs = own.flatMap(({ inside }) => inside ?? [])
    return {
      date: dateOf(start, timezone),
      hours: airs.length,
      expected: own.length,
      temperatureC: spreadOf(airs.map((air) => air.temperatureC)),
      humidity: spreadOf(airs.map((air) => air.humidity)),
      hoursHumid: airs.filter(({ humidity }) => humidity > humidAir).length,
      cornerHours: surface.slice(first, last).filter((hour) => hour !== null).length,
      hoursAtRisk: atRisk(surface.slice(first, last)),
      hoursCold: airs.filter(({ temperatureC }) => temperatureC < coldRoomC).length
    }
  })
}

function weeksOf(room: Room, surface: readonly (SurfaceHour | null)[], timezone: string): RecordWeek[] {
  return groupsOf(room.hours, timezone, 7).map(({ first, last, start, end }) => {
    const hours = room.hours.slice(first, last)
    const excess = excessOf({ hours, outsideAir: room.outsideAir.slice(first, last) })
    const airs = hours.flatMap(({ inside }) => inside ?? [])
    const enough = airs.length >= hours.length * coverageMin
    const mean = (of: (air: Air) => number): number | null => (enough ? meanOf(airs.map(of)) : null)
    return {
      from: dateOf(start, timezone),
      until: dateOf((end - 1) as UnixMs, timezone),
      hours: excess.hours,
      expected: hours.length,
      hoursAtRisk: atRisk(surface.slice(first, last)),
      temperatureC: mean((air) => air.temperatureC),
      humidity: mean((air) => air.humidity),
      outsideC: excess.outsideC,
      excessPa: excess.pa,
      excessGm3: excess.gm3
    }
  })
}

interface Group {
  /** Indices of its hours, half-open. */
  first: number
  last: number
  start: UnixMs
  end: UnixMs
}

/** Civil days, or stretches of `length` of them from the first on. */
function groupsOf(hours: readonly RoomHour[], timezone: string, length: number): Group[] {
  const groups: Group[] = []
  for (let first = 0; first < hours.length;) {
    const start = hours[first]!.time
    let end = dayStart(start, timezone)
    for (let day = 0; day < length; day++) end = nextDayStart(end, timezone)
    let last = first
    while (last < hours.length && hours[last]!.time < end) last++
    groups.push({
      first,
      last,
      start,
      end: last < hours.length ? end : ((hours.at(-1)!.time + hourMs) as UnixMs)
    })
    first = last
  }
  return groups
}

function dateOf(at: UnixMs, timezone: string): string {
  // en-CA writes a date as ISO 8601 does.
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(at)
}

function atRisk(surface: readonly (SurfaceHour | null)[]): number | null {
  const known = surface.filter((hour) => hour !== null)
  return known.length === 0 ? null : known.filter(({ humidity }) => humidity >= surfaceHumidityRisk).length
}

/** Hours in which the room was not measured: where a reader must not think that nothing happened. */
function gapsOf(hours: readonly RoomHour[]): Pick<RoomRecord, 'gaps' | 'gapCount'> {
  const gaps: { from: UnixMs; until: UnixMs; hours: number }[] = []
  for (const { time, inside } of hours) {
    if (inside !== null) continue
    const open = gaps.at(-1)
    if (open?.until === time) [open.until, open.hours] = [(time + hourMs) as UnixMs, open.hours + 1]
    else gaps.push({ from: time, until: (time + hourMs) as UnixMs, hours: 1 })
  }
  const long = gaps
    .filter((gap) => gap.hours >= recordGapHoursMin)
    .toSorted((a, b) => b.hours - a.hours || a.from - b.from)
  return {
    gaps: long
      .slice(0, recordGapsMax)
      .map(({ from, until, hours: count }) => ({ from: toIso(from), until: toIso(until), hours: count })),
    gapCount: gaps.length
  }
}

/** Hours at risk without the readings that failed, and with them: who reads it sees what leaving out changed. */
async function bothFigures(
  deps: Deps,
  { site, factor }: { site: string; factor: number },
  room: Room,
  surface: readonly (SurfaceHour | null)[]
): Promise<RoomRecord['both']> {
  const found = await airWithFailed(deps.readings, site, room.hours)
  if (!found) return null
  return {
    readings: found.readings,
    without: riskOf(surface),
    with: riskOf(surfaceHours(found.hours, factor))
  }
}

function riskOf(surface: readonly (SurfaceHour | null)[]) {
  const { hours, hoursAtRisk, longestSpellHours } = surfaceRisk(surface)
  return { hours, hoursAtRisk, longestSpellHours }
}

/** If the sensor always read its whole error too high, or too low: the truth lies between, as far as its maker is right. */
function doubtOf(room: Room, factor: number, instruments: readonly RecordInstrument[]): RoomRecord['doubt'] {
  const error = Math.max(0, ...instruments.map((one) => one.error.humidity))
  if (error === 0) return null
  const shifted = (by: number): number =>
    surfaceRisk(
      surfaceHours(
        room.hours.map((hour) => ({
          ...hour,
          inside: hour.inside && {
            ...hour.inside,
            humidity: Math.min(100, Math.max(0, hour.inside.humidity + by))
          }
        })),
        factor
      )
    ).hoursAtRisk
  return { lowest: shifted(-error), highest: shifted(error) }
}

function spreadOf(values: readonly number[]): RecordDay['temperatureC'] {
  if (values.length === 0) return { mean: null, min: null, max: null }
  return {
    mean: meanOf(values),
    min: tidy(values.reduce((a, b) => Math.min(a, b))),
    max: tidy(values.reduce((a, b) => Math.max(a, b)))
  }
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : tidy(values.reduce((sum, value) => sum + value, 0) / values.length)
}

function tidy(value: number): number | null {
  return finiteToDecimals(value, figureDecimals)
}
