/** Finds the Observations of a page: the first ones in an order, of all Datastreams together or of each, and how many there are. */
import type { UnixMs } from '../../model/time.ts'
import { inOrder, type Row, type Stream } from '../entities/entity.ts'
import { breathEvery, searchedReadingsMax, sortedMax, streamsTogetherMax } from '../limits.ts'
import { bad, StaProblem } from '../problem.ts'
import type { Plan } from './plan.ts'
import { slices, type StaReadings } from './slices.ts'

export interface SearchDeps {
  readings: StaReadings
  /** Lets others have the thread. */
  breathe(): Promise<void>
}

/** Counts the readings that one request looks at, whatever it does with them. */
export class Effort {
  readonly #deps: SearchDeps
  #searched = 0
  #sinceBreath = 0

  constructor(deps: SearchDeps) {
    this.#deps = deps
  }

  async spend(readings: number): Promise<void> {
    this.#searched += readings
    this.#sinceBreath += readings
    if (this.#searched > searchedReadingsMax)
      throw new StaProblem(
        503,
        `More than ${searchedReadingsMax / 1e6} million readings would have to be looked at for this. Narrow it by phenomenonTime, or by Datastream.`
      )
    if (this.#sinceBreath < breathEvery) return
    this.#sinceBreath = 0
    await this.#deps.breathe()
  }
}

/** Where a page before ended. */
export interface After {
  at: number
  number: number
}

export interface Wanted {
  descending: boolean
  skip: number
  /** One more than the page holds tells whether there is another page. */
  limit: number
  after?: After
}

export function fitsPlan({ fits }: Plan, row: Row): boolean {
  // What is published of homes was judged when it was read.
  return fits === undefined || row.series.stream.siteId === null || fits(row)
}

/** By time, then by series. */
export async function firstOf(deps: SearchDeps, effort: Effort, plan: Plan, wanted: Wanted): Promise<Row[]> {
  const { descending, limit, after } = wanted
  const found: Row[] = []
  if (limit === 0) return found
  let skip = wanted.skip
  const start = after && (descending ? after.at + 1 : after.at)
  const needed = skip + limit
  for await (const { rows } of slices(deps.readings, plan, {
    descending,
    wanted: needed,
    ...(start !== undefined && { start })
  })) {
    await effort.spend(rows.length)
    for (const row of rows) {
      if ((after && !isAfter(row, after, descending)) || !fitsPlan(plan, row)) continue
      if (skip > 0) skip--
      else if (found.push(row) === limit) return found
    }
  }
  return found
}

function isAfter({ at, series }: Row, after: After, descending: boolean): boolean {
  const order = at - after.at || series.number - after.number
  return descending ? order < 0 : order > 0
}

/** Of each Datastream, in one go: streams that end at about the same time share what is read. */
export async function firstOfEach(
  deps: SearchDeps,
  effort: Effort,
  plan: Plan,
  { descending, limit }: { descending: boolean; limit: number }
): Promise<Map<Stream, Row[]>> {
  const found = new Map<Stream, Row[]>(plan.streams.map((stream) => [stream, []]))
  if (limit === 0) return found
  const endOf = ({ series }: Stream): number =>
    series.reduce(
      (end, one) => (descending ? Math.max(end, one.until) : Math.min(end, one.from)),
      descending ? -Infinity : Infinity
    )
  const sorted = plan.streams.toSorted((a, b) => endOf(a) - endOf(b))
  for (let from = 0; from < sorted.length; from += streamsTogetherMax) {
    const group = sorted.slice(from, from + streamsTogetherMax)
    await fillEach(deps, effort, { ...plan, streams: group }, { descending, limit, found })
  }
  return found
}

async function fillEach(
  deps: SearchDeps,
  effort: Effort,
  plan: Plan,
  { descending, limit, found }: { descending: boolean; limit: number; found: Map<Stream, Row[]> }
): Promise<void> {
  let waiting = plan.streams
  let start: number | undefined
  while (waiting.length > 0) {
    const reading = { descending, wanted: limit * waiting.length, ...(start !== undefined && { start }) }
    let isShorter = false
    for await (const { rows, until } of slices(deps.readings, { ...plan, streams: waiting }, reading)) {
      await effort.spend(rows.length)
      for (const row of rows) {
        const own = found.get(row.series.stream)!
        if (own.length < limit && fitsPlan(plan, row)) own.push(row)
      }
      const still = waiting.filter((stream) => found.get(stream)!.length < limit)
      // Asked for again without those that have all that they need.
      isShorter = still.length < waiting.length
      if (!isShorter) continue
      waiting = still
      start = until
      break
    }
    if (!isShorter) return
  }
}

/** By whatever $orderby says: everything is looked at, and the first are kept. */
export async function sorted(
  deps: SearchDeps,
  effort: Effort,
  plan: Plan,
  { compare, skip, limit }: { compare: (a: Row, b: Row) => number; skip: number; limit: number }
): Promise<Row[]> {
  const kept = skip + limit
  if (kept > sortedMax)
    throw bad(
      `$skip and $top together reach ${sortedMax} here at most. Follow the links of the answers instead.`
    )
  const order = (a: Row, b: Row): number => compare(a, b) || inOrder(a, b)
  let found: Row[] = []
  for await (const { rows } of slices(deps.readings, plan, { descending: false, wanted: Infinity })) {
    await effort.spend(rows.length)
    for (const row of rows) if (fitsPlan(plan, row)) found.push(row)
    if (found.length > 2 * kept + breathEvery) found = found.sort(order).slice(0, kept)
  }
  return found.sort(order).slice(skip, kept)
}

/** By Datastream, exactly. The store counts where it can. */
export async function countEach(deps: SearchDeps, effort: Effort, plan: Plan): Promise<Map<Stream, number>> {
  const counts = new Map<Stream, number>(
    plan.streams.map((stream) => [stream, stream.published.filter((row) => plan.publishedFits(row)).length])
  )
  if (plan.fits) return countByLooking(deps, effort, plan)
  const ofSites = plan.streams.filter(({ siteId }) => siteId !== null)
  if (ofSites.length === 0 || plan.from >= plan.until) return counts
  const byName = new Map(ofSites.map((stream) => [`${stream.siteId} ${stream.quantity}`, stream]))
  const counted = await deps.readings.counts({
    siteIds: [...new Set(ofSites.map(({ siteId }) => siteId!))],
    quantities: [...new Set(ofSites.map(({ quantity }) => quantity))],
    from: plan.from as UnixMs,
    until: plan.until as UnixMs
  })
  for (const { siteId, quantity, count } of counted) {
    const stream = byName.get(`${siteId} ${quantity}`)
    if (stream) counts.set(stream, count)
  }
  return counts
}

async function countByLooking(deps: SearchDeps, effort: Effort, plan: Plan): Promise<Map<Stream, number>> {
  const counts = new Map<Stream, number>(plan.streams.map((stream) => [stream, 0]))
  for await (const { rows } of slices(deps.readings, plan, { descending: false, wanted: Infinity })) {
    await effort.spend(rows.length)
    for (const row of rows) {
      const { stream } = row.series
      if (fitsPlan(plan, row)) counts.set(stream, counts.get(stream)! + 1)
    }
  }
  return counts
}
