/**
 * Who may see what: the one rule, used by every query, export, live event, MQTT topic and command (design: privacy).
 * Outdoor sites are public at the precision of their street. Indoor sites are private: they reach the public only as
 * figures of several homes, late, and never as a difference that gives one home away.
 */
import type { AcrossSitesColumns, RollupColumns, Window } from './columns.ts'
import { heldThroughout, type Consent } from './consent.ts'
import { coverageMin, homesDelayMs, homesPerDayMin, homesPerHourMin } from './limits.ts'
import type { Site } from './place.ts'
import { definitionOf, type Quantity } from './quantity.ts'
import { hourMs, nextDayStart, type UnixMs } from './time.ts'

/** The operator is whoever can open the data folder or its socket; hosts come with accounts. */
export type Audience = 'public' | 'operator'

export function maySeeSite(audience: Audience, site: Pick<Site, 'placement'>): boolean {
  return audience === 'operator' || site.placement === 'outdoor'
}

export function visibleSites<S extends Pick<Site, 'placement'>>(
  audience: Audience,
  sites: readonly S[]
): S[] {
  return sites.filter((site) => maySeeSite(audience, site))
}

/** Means of one site and quantity; from the rollups. */
export type MeanColumns = Pick<RollupColumns, 'time' | 'mean' | 'coverage'>

/** What the rule must know of an indoor site. Outdoor sites, and those without consent, may be among them: they are left out. */
export interface HomeSite extends Pick<Site, 'siteId' | 'placement' | 'homeId'> {
  days: MeanColumns
  /** Needed for hours alone. */
  hours?: MeanColumns
}

export interface HomesQuery {
  quantity: Quantity
  window: Window
  homes: readonly HomeSite[]
  consents: readonly Consent[]
  /** Starts of the civil days asked for, in `timezone`. */
  dayStarts: readonly UnixMs[]
  timezone: string
  now: UnixMs
}

/**
 * A street's indoor figures as the public may see them: `sites` counts homes. A day or hour that may not be published
 * is absent, and so is any count of the homes it would have had.
 *
 * 1. Only homes that agreed before the day began, and still do, count. Sensors of one home are averaged first, so that five homes weigh a fifth each:
 *    counting sensors would let one home with many fill the street's figure.
 * 2. A home belongs to a day when its day has coverage. A day needs 5 homes (`cohortOf`), its hours need 10.
 * 3. Hours are published over the cohort of their day and only where each of its homes has the hour: else the hours of
 *    one day would differ by single homes, and the difference of two hours be one home's.
 * 4. Nothing of a day leaves until 24 hours after it ended: who is at home now, or was last night, is nobody's business.
 * 5. Values are the middle of the homes, in whole units (`publishedStep`), since the middle of an odd number is one
 *    home's own value. Quartiles of five homes would be single homes too, so they need 10.
 */
export function homesColumns({
  quantity,
  window,
  homes,
  consents,
  dayStarts,
  timezone,
  now
}: HomesQuery): AcrossSitesColumns {
  const columns: AcrossSitesColumns = { time: [], median: [], p25: [], p75: [], sites: [], coverage: [] }
  const rooms = homes.filter((s) => s.placement === 'indoor' && s.homeId !== '')
  const days = byHome(rooms, ({ days }) => days)
  const hours = byHome(rooms, ({ hours }) => hours)

  for (const day of dayStarts) {
    const end = nextDayStart(day, timezone)
    if (now < end + homesDelayMs) continue
    const shares = sharesAt(quantity, days, day)
    const cohort = cohortOf([...shares.keys()].filter((homeId) => hasAgreed(consents, homeId, day, now)))
    if (window === 'day') {
      publish(columns, quantity, day, cohort, shares)
    } else if (cohort.length >= homesPerHourMin) {
      for (let hour = day; hour < end; hour = (hour + hourMs) as UnixMs) {
        publish(columns, quantity, hour, cohort, sharesAt(quantity, hours, hour))
      }
    }
  }
  return columns
}

/** The home's consent to its street's figures held from `from` until `until`. */
export function hasAgreed(
  consents: readonly Consent[],
  homeId: string,
  from: UnixMs,
  until: UnixMs
): boolean {
  return consents.some(
    (one) => one.homeId === homeId && one.purpose === 'street' && heldThroughout(one, from, until)
  )
}

/**
 * The homes that stand for a day: of those that could, in the order of their ids (which are random), the first 5, 10,
 * 15 …; none below 5. So no two cohorts ever differ by one home. Were all of them taken, the figures of a past day
 * before and after one host takes consent back (or a backlog arrives, or a box fails on the next day) would differ by
 * exactly that home, and whoever kept the older answer could tell on which side of the middle it lies, day by day. With
 * steps of five a single change alters nothing, exchanges one home for another, alters five homes, or ends the figure.
 * The price is that up to four willing homes are not counted.
 */
export function cohortOf(homeIds: readonly string[]): string[] {
  const ordered = homeIds.toSorted()
  return ordered.slice(0, Math.floor(ordered.length / homesPerDayMin) * homesPerDayMin)
}

/** Steps in which a value may leave: whole units, and coarser where a whole unit is still an exact reading. */
export function publishedStep(quantity: Quantity): number {
  if (quantity === 'co2') return 50
  return quantity === 'tvoc_index' ? 10 : 1
}

/** One home in one window. */
interface Share {
  mean: number
  coverage: number
}

/** Of each home the columns of its sites, each with the place of every time. */
type Rooms = ReadonlyMap<string, readonly { columns: MeanColumns; positionOf: ReadonlyMap<UnixMs, number> }[]>

function byHome(sites: readonly HomeSite[], columnsOf: (site: HomeSite) => MeanColumns | undefined): Rooms {
  const homes = new Map<string, { columns: MeanColumns; positionOf: Map<UnixMs, number> }[]>()
  for (const site of sites) {
    const columns = columnsOf(site)
    if (columns === undefined) continue
    const rooms = homes.get(site.homeId) ?? []
    homes.set(site.homeId, rooms)
    rooms.push({ columns, positionOf: new Map(columns.time.map((time, place) => [time, place])) })
  }
  return homes
}

/** The homes that have a mean with coverage at `time`. */
function sharesAt(quantity: Quantity, homes: Rooms, time: UnixMs): Map<string, Share> {
  const shares = new Map<string, Share>()
  for (const [homeId, rooms] of homes) {
    const means: number[] = []
    const coverages: number[] = []
    for (const { columns, positionOf } of rooms) {
      const place = positionOf.get(time)
      if (place === undefined) continue
      const mean = columns.mean[place] ?? null
      const coverage = columns.coverage[place] ?? null
      if (mean === null || coverage === null || coverage < coverageMin) continue
      means.push(mean)
      coverages.push(coverage)
    }
    const mean = meanOfHome(quantity, means)
    if (mean !== null) shares.set(homeId, { mean, coverage: arithmeticMean(coverages) })
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
      return 10 * Math.log10(arithmeticMean(ordered.map((level) => 10 ** (level / 10))))
    case 'max':
      return ordered.at(-1)!
    case 'min':
      return ordered[0]!
    case 'vector':
    case 'none':
      return null
  }
}

function publish(
  columns: AcrossSitesColumns,
  quantity: Quantity,
  time: UnixMs,
  cohort: readonly string[],
  shares: ReadonlyMap<string, Share>
): void {
  const counted = cohort.map((homeId) => shares.get(homeId)).filter((share) => share !== undefined)
  if (cohort.length < homesPerDayMin || counted.length < cohort.length) return
  const means = counted.map(({ mean }) => mean).toSorted((a, b) => a - b)
  const step = publishedStep(quantity)
  const quartiles = cohort.length >= homesPerHourMin
  columns.time.push(time)
  columns.median.push(rounded(quantileOf(means, 0.5), step))
  columns.p25.push(quartiles ? rounded(quantileOf(means, 0.25), step) : null)
  columns.p75.push(quartiles ? rounded(quantileOf(means, 0.75), step) : null)
  columns.sites.push(cohort.length)
  // In tenths: the exact mean coverage of five homes tells how long one of them was switched off.
  const coverages = counted.map(({ coverage }) => coverage).toSorted((a, b) => a - b)
  columns.coverage.push(Math.floor(arithmeticMean(coverages) * 10 + 1e-9) / 10)
}

function rounded(value: number, step: number): number {
  return Math.floor(value / step + 0.5) * step
}

/** Type 7 of at least one value in ascending order, as science/street.ts has it; the model imports nothing. */
function quantileOf(ordered: readonly number[], probability: number): number {
  const place = (ordered.length - 1) * probability
  const low = Math.floor(place)
  const below = ordered[low]!
  return below + ((ordered[low + 1] ?? below) - below) * (place - low)
}

function arithmeticMean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
