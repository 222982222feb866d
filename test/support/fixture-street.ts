/** An invented neighbourhood for browser tests: streets, figures and series made from a seed, as the API would answer. */
import type { Level, PublicSite, StreetDetail, StreetLatest } from '../../contract/street.ts'
import type { StreetSeries } from '../../contract/series.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import { placeUnsaid } from '../../model/site-place.ts'
import { dayMs, dayStarts, hourMs, hourStart, minuteMs, toIso, type UnixMs } from '../../model/time.ts'
import { levelFor } from '../../science/level.ts'

export const fixtureZone = 'Europe/London'

interface StreetPlan {
  id: string
  name: string
  lines: [number, number][][]
  /** Outdoor sensors of the air and of noise, and homes that share their humidity. */
  air: number
  noise: number
  homes: number
  /** How much dirtier, louder, damper than the middle: 1 is the middle. */
  dirt: number
  loud: number
  wet: number
}

const plan = (
  id: string,
  name: string,
  lines: [number, number][][],
  numbers: [number, number, number, number, number, number]
): StreetPlan => {
  const [air, noise, homes, dirt, loud, wet] = numbers
  return { id, name, lines, air, noise, homes, dirt, loud, wet }
}

const grid = (x: number, y: number): [number, number] => [-2.58 + x * 0.0016, 51.46 + y * 0.001]
const along = (...points: [number, number][]): [number, number][][] => [points.map(([x, y]) => grid(x, y))]

const plans: StreetPlan[] = [
  plan('ashley-road', 'Ashley Road', along([0, 0], [2, 0.6], [4, 0.8], [7, 0.2]), [5, 4, 0, 1.1, 1.05, 1]),
  plan('station-road', 'Station Road', along([0, 6], [3, 5.4], [6, 5.6], [9, 5]), [6, 4, 0, 13, 1.25, 1]),
  plan('mill-lane', 'Mill Lane', along([1, 0.3], [1.2, 2], [0.6, 4], [1, 5.7]), [3, 3, 0, 1, 0.85, 1]),
  plan('tannery-terrace', 'Tannery Terrace', along([4, 0.8], [4.3, 3], [4, 5.4]), [1, 0, 10, 0.9, 0.9, 1.35]),
  plan(
    'school-hill',
    'School Hill',
    along([7, 0.2], [6.8, 2], [7.4, 3.6], [7, 5.3]),
    [4, 3, 0, 8.5, 1.12, 1]
  ),
  plan('park-side', 'Park Side', along([9, 5], [9.6, 3], [9.2, 1], [7, 0.2]), [3, 3, 6, 0.6, 0.78, 0.85]),
  plan(
    'the-old-cattle-market-and-upper-saint-bartholomews-churchyard-walk',
    'The Old Cattle Market and Upper Saint Bartholomew’s Churchyard Walk',
    along([4.3, 3], [5.6, 3.1], [6.9, 2.8]),
    [3, 1, 0, 1.3, 0.9, 1]
  ),
  plan('canal-row', 'Canal Row', along([-1, 2.6], [0.6, 2.8], [2.6, 3.3], [4.3, 3]), [2, 0, 0, 1.2, 1, 1]),
  plan('bakers-court', 'Baker’s Court', along([5.2, 0.7], [5.3, 1.8]), [1, 0, 0, 1, 1, 1]),
  plan('quarry-street', 'Quarry Street', along([2.6, 3.3], [2.9, 4.4], [3, 5.4]), [3, 0, 0, 1.4, 1, 1]),
  plan('fountain-place', 'Fountain Place', [], [0, 1, 0, 1, 1, 1]),
  plan('hazel-grove', 'Hazel Grove', along([9.6, 3], [11, 3.3], [11.4, 2]), [0, 0, 0, 1, 1, 1])
]

/** A number in [0, 1) that depends on its inputs alone, so that a series asked for twice is the same. */
function noiseAt(text: string, at: number): number {
  let hash = 2166136261 ^ at ^ Math.floor(at / 2 ** 32)
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619)
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507)
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}

/** The middle of a street at an hour: daily rhythm, weather over days, an evening of bonfires. */
function middleAt(street: StreetPlan, quantity: Quantity, at: number, now: number): number {
  const hour = (at / hourMs) % 24
  const weather = 1 + 0.5 * Math.sin(at / (dayMs * 1.9)) + 0.25 * Math.sin(at / (dayMs * 5.3) + 2)
  const traffic = Math.exp(-(((hour - 8.5) / 2) ** 2)) + Math.exp(-(((hour - 18) / 2.6) ** 2))
  const shake = noiseAt(street.id + quantity, hourStart(at as UnixMs)) - 0.5
  const bonfire = 55 * Math.exp(-(((now - 4.2 * dayMs - at) / (5 * hourMs)) ** 2))
  const pm = (4 + 3.5 * traffic + 2 * shake) * weather * street.dirt + bonfire
  switch (quantity) {
    case 'pm10':
      return pm * 1.55 + 2
    case 'laeq':
      return (
        (44 + 11 * Math.min(1, traffic + (hour > 7 && hour < 22 ? 0.6 : 0)) + 3 * shake) *
        (0.6 + 0.4 * street.loud)
      )
    case 'la90':
      return (38 + 9 * Math.min(1, traffic)) * (0.6 + 0.4 * street.loud)
    case 'humidity':
      return Math.min(97, (52 + 5 * weather + 4 * shake) * street.wet)
    case 'temperature':
      return 17.5 + 1.5 * shake
    default:
      return pm
  }
}

export interface FixtureNeighbourhood {
  now: UnixMs
  streets: StreetDetail[]
  streetSeries(
    id: string,
    quantity: Quantity,
    from: number,
    until: number,
    window: 'hour' | 'day'
  ): StreetSeries
  siteValue(siteId: string, quantity: Quantity, at: number): number | null
}

export function fixtureNeighbourhood(now: UnixMs, faulty = false): FixtureNeighbourhood {
  const shown = faulty
    ? plans.map((one) => ({ ...one, air: Math.min(one.air, 2), noise: Math.min(one.noise, 2) }))
    : plans
  const homeQuantities: Quantity[] = ['humidity', 'temperature']
  const detail = (street: StreetPlan): StreetDetail => ({
    id: street.id,
    name: street.name,
    lines: street.lines,
    attribution: 'An invented place',
    annotations: [],
    outdoorSites: street.air + street.noise,
    latest: latestOf(street, now, faulty),
    sites: sitesOf(street, now, faulty)
  })
  const named = (id: string): StreetPlan => shown.find((one) => one.id === id)!

  return {
    now,
    streets: shown.map(detail),
    streetSeries(id, quantity, from, until, window) {
      const street = named(id)
      const homes = homeQuantities.includes(quantity)
      const count = homes
        ? street.homes
        : quantity === 'laeq' || quantity === 'la90'
          ? street.noise
          : street.air
      const needed = homes ? (window === 'day' ? 5 : 10) : 3
      const time =
        window === 'day'
          ? dayStarts(from as UnixMs, until as UnixMs, fixtureZone).map(Number)
          : hours(from, until)
      const published = homes ? now - dayMs : now
      const present = (at: number): boolean => count >= needed && at < published && !isGap(street.id, at)
      const value = (at: number): number =>
        window === 'day'
          ? hours(at, at + dayMs).reduce((sum, hour) => sum + middleAt(street, quantity, hour, now), 0) / 24
          : middleAt(street, quantity, at, now)
      const spread = quantity === 'laeq' ? 0.03 : 0.18
      return {
        quantity,
        unit: definitionOf(quantity).unit,
        window,
        basis: homes ? 'homes' : 'sites',
        sitesNeeded: needed,
        time,
        median: time.map((at) => (present(at) ? value(at) : null)),
        p25: time.map((at) => (present(at) && !homes ? value(at) * (1 - spread) : null)),
        p75: time.map((at) => (present(at) && !homes ? value(at) * (1 + spread) : null)),
        sites: time.map((at) => (homes ? null : present(at) ? count : Math.min(count, 1))),
        coverage: time.map((at) => (present(at) && !homes ? 0.97 : null))
      }
    },
    siteValue(siteId, quantity, at) {
      const street = shown.find((one) => siteId.startsWith(`${one.id}-`))!
      if (isGap(siteId, at) || at > now) return null
      const own = 0.8 + 0.4 * noiseAt(siteId, 0)
      const share = quantity === 'laeq' ? 0.96 + 0.08 * noiseAt(siteId, 0) : own
      return middleAt(street, quantity, at, now) * share + noiseAt(siteId, at) * 0.8
    }
  }
}

/** A few hours without the hub, once a week, and a longer silence. */
function isGap(id: string, at: number): boolean {
  const week = (at / dayMs + id.length) % 7
  return week > 2.1 && week < 2.5
}

export function hours(from: number, until: number): number[] {
  const grid: number[] = []
  for (let at: number = hourStart(from as UnixMs); at < until; at += hourMs) grid.push(at)
  return grid
}

function latestOf(street: StreetPlan, now: UnixMs, faulty: boolean): Record<string, StreetLatest> {
  const latest: Record<string, StreetLatest> = {}
  const add = (quantity: Quantity, count: number, period: string): void => {
    if (count === 0) return
    const recent = hours(now - dayMs, now)
      .slice(-24)
      .map((at) => (isGap(street.id, at) ? null : middleAt(street, quantity, at, now)))
    const enough = count >= 3 && !faulty
    const values = recent.filter((value) => value !== null)
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)
    const value =
      quantity === 'laeq' && enough ? 41 * (0.4 + 0.6 * street.loud) : enough ? mean : (recent.at(-1) ?? mean)
    latest[quantity] = {
      value: Math.round(value * 10) / 10,
      unit: definitionOf(quantity).unit,
      at: toIso((now - (enough ? 2 : 7) * minuteMs) as UnixMs),
      basis: enough ? 'sites' : 'sensor',
      period: enough ? period : 'one reading',
      sites: enough ? count : Math.min(count, 2),
      sitesTotal: count,
      coverage: enough ? 0.97 : null,
      level: enough ? (levelFor(quantity, value) as Level | null) : null,
      recent
    }
  }
  add('pm2_5', street.air, 'last 24 hours')
  add('pm10', street.air, 'last 24 hours')
  add('laeq', street.noise, 'last night')
  if (street.homes >= 5) latest.humidity = homesFigure(street, 'humidity', now)
  if (street.homes >= 5) latest.temperature = homesFigure(street, 'temperature', now)
  return latest
}

function homesFigure(street: StreetPlan, quantity: Quantity, now: UnixMs): StreetLatest {
  const recent = Array.from({ length: 14 }, (_none, i) =>
    middleAt(street, quantity, now - (15 - i) * dayMs, now)
  )
  const value = recent.slice(-7).reduce((sum, one) => sum + one, 0) / 7
  return {
    value,
    unit: definitionOf(quantity).unit,
    at: toIso((now - dayMs) as UnixMs),
    basis: 'homes',
    period: 'last 7 days',
    sites: null,
    sitesTotal: null,
    coverage: null,
    level: levelFor(quantity, value),
    recent
  }
}

const places = [
  'front railings',
  'first floor sill',
  'garden wall',
  'bus stop side',
  'school gate',
  'above the bakery'
]

function sitesOf(street: StreetPlan, now: UnixMs, faulty: boolean): PublicSite[] {
  const site = (i: number, quantities: Quantity[]): PublicSite => {
    const silent = i === 1 || (faulty && i === 0)
    const never = faulty && i === 1
    const at = silent ? now - 31 * hourMs : now - (2 + i) * minuteMs
    const measured = quantities.map((quantity) => [
      quantity,
      {
        value: faulty && i === 0 ? 999.9 : Math.round(middleAt(street, quantity, at, now) * 10) / 10,
        unit: definitionOf(quantity).unit,
        at: toIso(at as UnixMs),
        flag: faulty && i === 0 ? 3 : 1,
        reasons: faulty && i === 0 ? ['saturated'] : [],
        judged: true
      }
    ])
    return {
      id: `${street.id}-${quantities[0] === 'laeq' ? 'n' : 'a'}${i}`,
      name: `No. ${12 + i * 9}, ${places[(i + street.id.length) % places.length]}`,
      streetId: street.id,
      placement: 'outdoor',
      reference: false,
      place: { ...placeUnsaid, position: null },
      state: never ? 'never' : silent ? 'silent' : 'online',
      latest: never ? {} : Object.fromEntries(measured)
    }
  }
  return [
    ...Array.from({ length: street.air }, (_none, i) => site(i, ['pm2_5', 'pm10'])),
    ...Array.from({ length: street.noise }, (_none, i) => site(i, ['laeq', 'la90']))
  ]
}
