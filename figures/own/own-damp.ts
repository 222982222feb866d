/** Damp in the rooms of a signed-in person: now, and over a period, as words and a chart need them. */
import type { TimeRange, Window } from '../../model/columns.ts'
import { dayValidHoursMin } from '../../model/limits.ts'
import { figureDecimals, finiteToDecimals } from '../../model/decimals.ts'
import type { Site } from '../../model/place.ts'
import type { Quantity } from '../../model/quantity.ts'
import { dayMs, dayStart, toIso, type UnixMs } from '../../model/time.ts'
import type { DampColumns, DampNow, OwnDamp } from '../../contract/own.ts'
import { visibleSites } from '../../model/visibility.ts'
import { absoluteHumidity, dewPoint } from '../../science/damp.ts'
import { airingAdvice, surfaceHours, type Air, type SurfaceHour } from '../../science/damp-record.ts'
import { median } from '../../science/street.ts'
import { moistureLoad } from '../../science/surface.ts'
import type { LatestReading, ReadingReader } from '../../store/promise/read.ts'
import { chartWindow } from '../grid.ts'
import type { PeriodDeps } from '../period/deps.ts'
import { dampNowMsMax, outdoorElsewhereMax } from '../limits.ts'
import { roomDampByHours, type Room } from '../period/damp.ts'
import { streetSiteIds } from '../period/site-or-street.ts'
import { cornerFactor } from './own-diary.ts'
import { ownPartOf, ownStreet, type OwnPlaces } from './own-places.ts'

export interface OwnDampDeps extends Omit<PeriodDeps, 'audience'> {
  readings: PeriodDeps['readings'] & Pick<ReadingReader, 'latest'>
  own: OwnPlaces
}

/** A month: what damp does takes weeks. */
export const dampPeriodMs = 30 * dayMs

export interface OwnDampQuery {
  site: Site
  range: TimeRange
}

/** The caller has seen to it that the site is theirs. */
export async function ownDamp(deps: OwnDampDeps, { site, range }: OwnDampQuery): Promise<OwnDamp> {
  const period = periodDeps(deps, site)
  const corner = cornerFactor(deps.own.corners(site.personId), site)
  const factor = corner.value
  const part = ownPartOf(deps.own, site, range)
  const { outside, isElsewhere } = await outdoorSites(period, deps.readings, site.streetId)
  const { figures, room, surface } = await roomDampByHours(period, {
    site: site.siteId,
    outside,
    factor,
    isFactorMeasured: corner.basis === 'measured',
    ...part,
    timezone: deps.timezone
  })
  return {
    siteId: site.siteId,
    name: site.name,
    homeId: site.homeId,
    street: ownStreet(deps.own, site.streetId),
    now: await dampNow(period, deps.readings, site, { factor, outside }),
    outdoorElsewhere: isElsewhere,
    corner,
    period: figures,
    columns: columnsOf(room, surface, chartWindow(part), deps.timezone)
  }
}

/** The air of a room and that outdoors now, where they were measured in these last hours. */
export async function ownAirNow(
  deps: OwnDampDeps,
  site: Site
): Promise<{ inside: Air | null; outdoor: Air | null }> {
  const period = periodDeps(deps, site)
  const { outside } = await outdoorSites(period, deps.readings, site.streetId)
  const of = await newestOf(period, deps.readings, [site.siteId, ...outside])
  return { inside: airOf([site.siteId], of), outdoor: airOf(outside, of) }
}

function periodDeps(deps: OwnDampDeps, site: Site): PeriodDeps {
  return { ...deps, audience: { hostId: site.personId } }
}

type NewestOf = (siteId: string, quantity: Quantity) => LatestReading | undefined

async function newestOf(
  { clock }: PeriodDeps,
  readings: Pick<ReadingReader, 'latest'>,
  siteIds: readonly string[]
): Promise<NewestOf> {
  const newest = await readings.latest(siteIds)
  const since = clock.now() - dampNowMsMax
  const recent = newest.filter(({ measuredAt, flag }) => measuredAt >= since && flag !== 3)
  return (id, quantity) => recent.find((one) => one.siteId === id && one.quantity === quantity)
}

/** The street's own that tell the outdoor air, else a few of other streets: weather is the same a kilometre on. */
export async function outdoorSites(
  deps: PeriodDeps,
  readings: Pick<ReadingReader, 'latest'>,
  streetId: string
): Promise<{ outside: string[]; isElsewhere: boolean }> {
  const own = streetSiteIds(deps, streetId)
  const all = visibleSites('public', deps.places.sites()).map(({ siteId }) => siteId)
  const newest = await readings.latest(all)
  const telling = new Set(
    newest.filter(({ quantity }) => quantity === 'humidity').map(({ siteId }) => siteId)
  )
  const ownTelling = own.filter((siteId) => telling.has(siteId))
  if (ownTelling.length > 0) return { outside: ownTelling, isElsewhere: false }
  const others = all
    .filter((siteId) => telling.has(siteId))
    .toSorted()
    .slice(0, outdoorElsewhereMax)
  return { outside: others, isElsewhere: others.length > 0 }
}

/** From the newest readings of the room and of its street's outdoor sensors; null where the room has none of the last hours. */
async function dampNow(
  deps: PeriodDeps,
  readings: Pick<ReadingReader, 'latest'>,
  { siteId }: Site,
  { factor, outside: outsideIds }: { factor: number; outside: readonly string[] }
): Promise<DampNow | null> {
  const of = await newestOf(deps, readings, [siteId, ...outsideIds])
  const [temperature, humidity] = [of(siteId, 'temperature'), of(siteId, 'humidity')]
  if (!temperature || !humidity) return null
  const inside: Air = { temperatureC: temperature.value, humidity: humidity.value }
  const outdoor = airOf(outsideIds, of)
  const time = Math.min(temperature.measuredAt, humidity.measuredAt) as UnixMs
  const [corner] = surfaceHours(
    [
      {
        time,
        inside,
        outsideC: outdoor?.temperatureC ?? null,
        surfaceC: of(siteId, 'surface_temperature')?.value ?? null
      }
    ],
    factor
  )
  const load = outdoor ? moistureLoad(inside, outdoor) : undefined
  return {
    at: toIso(time),
    ...inside,
    dewPointC: tidy(dewPoint(inside.temperatureC, inside.humidity)),
    outdoor,
    cornerC: tidy(corner?.surfaceC ?? null),
    cornerHumidity: tidy(corner?.humidity ?? null),
    cornerIsEstimated: corner?.estimated ?? false,
    excessGm3: tidy(load?.excessGm3 ?? null),
    excessPa: tidy(load?.excessPa ?? null),
    airing: outdoor ? airingAdvice(inside, outdoor).advice : null
  }
}

/** The middle of what these sites say; temperature and humidity of the same sensors. */
function airOf(siteIds: readonly string[], of: NewestOf): Air | null {
  const airs = siteIds.flatMap((id) => {
    const [temperature, humidity] = [of(id, 'temperature'), of(id, 'humidity')]
    return temperature && humidity ? [{ temperatureC: temperature.value, humidity: humidity.value }] : []
  })
  const temperatureC = median(airs.map((air) => air.temperatureC))
  const humidity = median(airs.map((air) => air.humidity))
  return temperatureC === null || humidity === null ? null : { temperatureC, humidity }
}

type Column = (number | null)[]

export function columnsOf(
  { hours, outsideAir }: Room,
  surface: readonly (SurfaceHour | null)[],
  window: Window,
  timezone: string
): DampColumns {
  const grams = (air: Air): number => absoluteHumidity(air.temperatureC, air.humidity)
  const ofInside = (of: (air: Air) => number | null): Column =>
    hours.map(({ inside }) => (inside ? of(inside) : null))
  const byHour = {
    temperature: ofInside((air) => air.temperatureC),
    humidity: ofInside((air) => air.humidity),
    dewPoint: ofInside((air) => dewPoint(air.temperatureC, air.humidity)),
    cornerTemperature: surface.map((hour) => hour?.surfaceC ?? null),
    cornerHumidity: surface.map((hour) => hour?.humidity ?? null),
    excess: hours.map(({ inside }, i) => {
      const outside = outsideAir[i] ?? null
      return inside && outside ? grams(inside) - grams(outside) : null
    }),
    outdoorTemperature: hours.map(({ outsideC }) => outsideC)
  }
  const times = hours.map(({ time }) => time)
  const { time, groups } = window === 'hour' ? singly(times) : byDay(times, timezone)
  const least = window === 'hour' ? 1 : dayValidHoursMin
  const laid = (column: Column): Column => groups.map((group) => meanOf(column, group, least))
  return {
    window,
    time,
    temperature: laid(byHour.temperature),
    humidity: laid(byHour.humidity),
    dewPoint: laid(byHour.dewPoint),
    cornerTemperature: laid(byHour.cornerTemperature),
    cornerHumidity: laid(byHour.cornerHumidity),
    excess: laid(byHour.excess),
    outdoorTemperature: laid(byHour.outdoorTemperature)
  }
}

interface Groups {
  time: UnixMs[]
  /** From the first hour of each to the one after its last, as indices. */
  groups: [from: number, until: number][]
}

function singly(times: readonly UnixMs[]): Groups {
  return { time: [...times], groups: times.map((_time, i) => [i, i + 1]) }
}

function byDay(times: readonly UnixMs[], timezone: string): Groups {
  const days: Groups = { time: [], groups: [] }
  for (const [i, time] of times.entries()) {
    const day = dayStart(time, timezone)
    if (days.time.at(-1) === day) days.groups.at(-1)![1] = i + 1
    else {
      days.time.push(day)
      days.groups.push([i, i + 1])
    }
  }
  return days
}

function meanOf(column: Column, [from, until]: [number, number], least: number): number | null {
  const known = column.slice(from, until).filter((value) => value !== null)
  if (known.length < least) return null
  return tidy(known.reduce((sum, value) => sum + value, 0) / known.length)
}

function tidy(value: number | null): number | null {
  return finiteToDecimals(value, figureDecimals)
}
