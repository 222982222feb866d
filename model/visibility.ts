/**
 * Who may see what: the one rule, used by every query, export, live event, MQTT topic and command (design: privacy).
 * Outdoor sites are public at the precision of their street. Indoor sites are private: they reach the public only as
 * days of several homes, late, each written once into the ledger of published days, from which every other indoor figure
 * is made: so no difference of two answers gives one home away.
 */
import type { RollupColumns, TimeRange } from './columns.ts'
import { heldThroughout, holdsAt, type Consent } from './consent.ts'
import { coverageMin, homesPerDayMin, homesPerHourMin } from './limits.ts'
import type { Site } from './place.ts'
import { definitionOf, type Quantity } from './quantity.ts'
import type { UnixMs } from './time.ts'

/** A host sees what everybody sees, and what is theirs. */
export interface HostAudience {
  hostId: string
}

/** The operator is whoever can open the data folder or its socket. */
export type Audience = 'public' | 'operator' | HostAudience

/** What the rule must know of a site; whose it is matters to hosts alone. */
type SeenSite = Pick<Site, 'placement'> & Partial<Pick<Site, 'personId'>>

export function maySeeSite(audience: Audience, site: SeenSite): boolean {
  if (audience === 'operator' || site.placement === 'outdoor') return true
  return audience !== 'public' && site.personId === audience.hostId
}

/**
 * What researchers may have beside what everybody sees: rooms whose home agrees to research now, each with the moment from which on
 * it agreed without a break. Whoever answers gives them without names.
 */
export function researchSites(
  sites: readonly Pick<Site, 'siteId' | 'placement' | 'homeId' | 'personId'>[],
  consents: readonly Consent[],
  now: UnixMs
): Map<string, UnixMs> {
  const found = new Map<string, UnixMs>()
  for (const { siteId, placement, homeId, personId } of sites) {
    if (placement !== 'indoor' || homeId === '') continue
    const held = consents.find(
      (one) =>
        one.purpose === 'research' && one.homeId === homeId && one.personId === personId && holdsAt(one, now)
    )
    if (held) found.set(siteId, held.from)
  }
  return found
}

export function visibleSites<S extends SeenSite>(audience: Audience, sites: readonly S[]): S[] {
  return sites.filter((site) => maySeeSite(audience, site))
}

/** Means of one site and quantity; from the rollups. */
export type MeanColumns = Pick<RollupColumns, 'time' | 'mean' | 'coverage'>

/** What the rule must know of an indoor site. Outdoor sites, and those without consent, may be among them: they are left out. */
export interface HomeSite extends Pick<Site, 'siteId' | 'placement' | 'homeId' | 'personId'> {
  days: MeanColumns
  hours: MeanColumns
}

export interface HomesDayQuery {
  quantity: Quantity
  homes: readonly HomeSite[]
  consents: readonly Consent[]
  day: TimeRange
  /** Starts of the hours of the day. */
  hours: readonly UnixMs[]
  /** The moment at which the day comes out. */
  now: UnixMs
}

/** A street's homes on one day, as everybody may know them. */
export interface HomesDay {
  value: number
  /** How many it is made of; nobody is told. */
  homes: number
  /** All hours of the day, or none. */
  hours: { time: UnixMs[]; value: number[] } | null
}

/**
 * What comes out of a street's homes for one day: once, for good, and not before `homesDelayMs` after the day ended; null
 * where nothing does.
 *
 * 1. Only homes whose consent held from the day's beginning until now count, and only those that have a home of record:
 *    five boxes in one flat are one home, and a box without a home is none. All homes of one person are one home too: whoever adds
 *    four of them would else be four of five. Sensors of one home are averaged first.
 * 2. A home belongs to a day when its day has coverage. A day needs 5 homes (`cohortOf`).
 * 3. From 10 homes on the day has its hours too, if each home of the cohort has each of them, else none of them: a gap
 *    would say when somebody unplugged a box, and two hours of different homes differ by single homes.
 * 4. A value is the mean of the middle three fifths in coarse steps (`publishedStep`), never one home's.
 *
 * That it is final is part of the rule: whoever is one of the homes could else send in other readings for the past and
 * read from the answers where the others lie, and a home that leaves would show in the history what it had been.
 */
export function homesDay({ quantity, homes, consents, day, hours, now }: HomesDayQuery): HomesDay | null {
  const rooms = homes.filter((site) => site.placement === 'indoor' && site.homeId !== '')
  const agreed = rooms
    .filter(({ homeId }) => hasAgreed(consents, homeId, day.from, now))
    .map((site) => ({ ...site, homeId: site.personId }))
  const days = sharesAt(quantity, byHome(agreed, 'days'), day.from)
  const cohort = cohortOf([...days.keys()])
  if (cohort.length < homesPerDayMin) return null
  return {
    value: middleOf(quantity, cohort, days)!,
    homes: cohort.length,
    hours: cohort.length < homesPerHourMin ? null : hoursOf(quantity, cohort, byHome(agreed, 'hours'), hours)
  }
}

/** The home's consent to its street's figures held from `from` until `until`, which is now, and has not ended. */
export function hasAgreed(
  consents: readonly Consent[],
  homeId: string,
  from: UnixMs,
  until: UnixMs
): boolean {
  const records = consents.filter((one) => one.homeId === homeId && one.purpose === 'street')
  // What was taken back counts no more, also where the clock showed a later time then than it does now.
  return records.some((one) => one.until === null) && heldThroughout(records, from, until)
}

/**
 * The homes that stand for a day, each by the id of its person: of those that could, the first 5, 10, 15 …; none below 5. These ids
 * are random and told to nobody else: a home's own id may be a word that the street knows. So the
 * cohorts of two days never differ by one home that came or went: a single change alters nothing, exchanges one home for
 * another, alters five, or ends the figure. The price is that up to four willing homes are not counted.
 */
export function cohortOf(personIds: readonly string[]): string[] {
  const ordered = personIds.toSorted((a, b) => (a < b ? -1 : 1))
  return ordered.slice(0, Math.floor(ordered.length / homesPerDayMin) * homesPerDayMin)
}

/** Steps in which a value may leave: whole units, and coarser where a whole unit is still an exact reading. */
export function publishedStep(quantity: Quantity): number {
  if (quantity === 'co2') return 50
  return quantity === 'tvoc_index' ? 10 : 1
}

export function inPublishedSteps(quantity: Quantity, value: number): number {
  const step = publishedStep(quantity)
  return Math.floor(value / step + 0.5) * step
}

/** Of each home the columns of its sites, each with the place of every time. */
type Rooms = ReadonlyMap<string, readonly { columns: MeanColumns; positionOf: ReadonlyMap<UnixMs, number> }[]>

export function byHome(sites: readonly HomeSite[], window: 'days' | 'hours'): Rooms {
  const homes = new Map<string, { columns: MeanColumns; positionOf: Map<UnixMs, number> }[]>()
  for (const site of sites) {
    const columns = site[window]
    const rooms = homes.get(site.homeId) ?? []
    homes.set(site.homeId, rooms)
    rooms.push({ columns, positionOf: new Map(columns.time.map((time, place) => [time, place])) })
  }
  return homes
}

/** The means of the homes that have one with coverage at `time`. */
export function sharesAt(quantity: Quantity, homes: Rooms, time: UnixMs): Map<string, number> {
  const shares = new Map<string, number>()
  for (const [homeId, rooms] of homes) {
    const means: number[] = []
    for (const { columns, positionOf } of rooms) {
      const place = positionOf.get(time)
      if (place === undefined) continue
      const mean = columns.mean[place] ?? null
      const coverage = columns.coverage[place] ?? null
      if (mean !== null && coverage !== null && coverage >= coverageMin) means.push(mean)
    }
    const mean = meanOfHome(quantity, means)
    if (mean !== null) shares.set(homeId, mean)
  }
  return shares
}

/** Sensors of one home as one value; null without any, and for quantities whose windows cannot be joined (LA90, a direction). */
function meanOfHome(quantity: Quantity, means: readonly number[]): number | null {
  if (means.length === 0) return null
  const ordered = means.toSorted((a, b) => a - b)
  switch (definitionOf(quantity).average) {
    case 'arithmetic':
      return arithmeticMean(ordered)
    case 'energy':
      return energyMean(ordered)
    case 'max':
      return ordered.at(-1)!
    case 'min':
      return ordered[0]!
    case 'vector':
    case 'none':
      return null
  }
}

function hoursOf(
  quantity: Quantity,
  cohort: readonly string[],
  rooms: Rooms,
  hours: readonly UnixMs[]
): HomesDay['hours'] {
  const value = hours.map((hour) => middleOf(quantity, cohort, sharesAt(quantity, rooms, hour)))
  return value.every((one) => one !== null) ? { time: [...hours], value } : null
}

/** The mean of the middle three fifths of a whole cohort, in its steps; null where a home is missing. */
function middleOf(
  quantity: Quantity,
  cohort: readonly string[],
  shares: ReadonlyMap<string, number>
): number | null {
  const counted = cohort.map((homeId) => shares.get(homeId)).filter((share) => share !== undefined)
  if (counted.length < cohort.length) return null
  const fifth = cohort.length / homesPerDayMin
  const middle = counted.toSorted((a, b) => a - b).slice(fifth, -fifth)
  // The highest of a day (LAmax) is a number of each home's own: across homes its mean is taken, else one home would be told.
  const mean = definitionOf(quantity).average === 'energy' ? energyMean(middle) : arithmeticMean(middle)
  return inPublishedSteps(quantity, mean)
}

function energyMean(levels: readonly number[]): number {
  return 10 * Math.log10(arithmeticMean(levels.map((level) => 10 ** (level / 10))))
}

function arithmeticMean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
