/** A page of Observations: chooses how they are found, and says where the next page begins. */
import type { Row, Stream } from '../entities/entity.ts'
import type { Expression } from '../query/expression.ts'
import type { Options } from '../query/options.ts'
import { newestOfEach } from '../observations/newest.ts'
import { planOf, type Plan } from '../observations/plan.ts'
import {
  countEach,
  firstOf,
  firstOfEach,
  fitsPlan,
  sorted,
  type After,
  type Effort,
  type SearchDeps
} from '../observations/search.ts'
import { compareBy, compareToToken, strangeToken, tokenOf, type Page, type Pages } from './page.ts'

export interface ObservationDeps extends SearchDeps {
  effort: Effort
  pages: Pages
  now: number
}

/** `pageMax` beside what $top says. */
export async function observationPage(
  deps: ObservationDeps,
  streams: readonly Stream[],
  options: Options,
  pageMax: number
): Promise<Page<Row>> {
  const plan = planOf(streams, options.filter, deps.now)
  const limit = Math.min(options.top ?? pageMax, pageMax)
  // With $top=0 the count alone is asked for.
  const found = limit === 0 ? [] : await find(deps, plan, options, limit + 1)
  const counts = options.count ? await countEach(deps, deps.effort, plan) : undefined
  return pageOf(deps, options, { found, limit, ...(counts && { count: total(counts) }) })
}

function total(counts: ReadonlyMap<Stream, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

async function find(deps: ObservationDeps, plan: Plan, options: Options, limit: number): Promise<Row[]> {
  const { skip, after } = options
  const direction = timeDirection(options)
  if (direction) {
    const end = after && timeToken(after)
    return firstOf(deps, deps.effort, plan, {
      descending: direction === 'desc',
      skip,
      limit,
      ...(end && { after: end })
    })
  }
  const { orders } = deps.pages.prepare('Observation', options)
  const isLater = (row: Row): boolean =>
    !after || compareToToken(orders, row, after, (rest) => compareToEnd(row, timeToken(rest))) > 0
  const rest = after ? { ...plan, fits: (row: Row) => fitsPlan(plan, row) && isLater(row) } : plan
  const published = after ? (row: Row) => plan.publishedFits(row) && isLater(row) : plan.publishedFits
  return sorted(
    deps,
    deps.effort,
    { ...rest, publishedFits: published },
    { compare: (a, b) => compareBy(orders, a, b), skip, limit }
  )
}

function compareToEnd({ at, series }: Row, end: After): number {
  return at - end.at || series.number - end.number
}

/** By time alone, which needs no sorting; as they come where nothing is said. */
export function timeDirection({ orderby }: Options): 'asc' | 'desc' | undefined {
  if (orderby.length === 0) return 'asc'
  const [first] = orderby
  if (orderby.length > 1 || !first || !isTime(first.by)) return undefined
  return first.descending ? 'desc' : 'asc'
}

function isTime(by: Expression): boolean {
  return by.kind === 'path' && by.steps.length === 1 && by.steps[0] === 'phenomenonTime'
}

function timeToken(token: readonly unknown[]): After {
  const [at, number] = token.slice(-2)
  if (typeof at !== 'number' || typeof number !== 'number') throw strangeToken()
  return { at, number }
}

function pageOf(
  deps: ObservationDeps,
  options: Options,
  { found, limit, count }: { found: readonly Row[]; limit: number; count?: number }
): Page<Row> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const isByTime = timeDirection(options) !== undefined
  const orders = isByTime ? [] : deps.pages.prepare('Observation', options).orders
  return {
    items,
    ...(count !== undefined && { count }),
    ...(found.length > limit && last && { next: tokenOf(orders, last, [last.at, last.series.number]) })
  }
}

/** Of each of several Datastreams its own page, as $expand wants them. */
export async function observationPagesOfEach(
  deps: ObservationDeps,
  streams: readonly Stream[],
  options: Options,
  pageMax: number
): Promise<Map<Stream, Page<Row>>> {
  const plan = planOf(streams, options.filter, deps.now)
  const limit = Math.min(options.top ?? pageMax, pageMax)
  const counts = options.count ? await countEach(deps, deps.effort, plan) : undefined
  const direction = timeDirection(options)
  const pages = new Map<Stream, Page<Row>>(
    streams.map((stream) => [stream, { items: [], ...(counts && { count: 0 }) }])
  )
  const put = (stream: Stream, found: readonly Row[]): void => {
    const count = counts?.get(stream)
    pages.set(stream, pageOf(deps, options, { found, limit, ...(count !== undefined && { count }) }))
  }
  if (direction && options.skip === 0 && !options.after) {
    const isNewest = direction === 'desc' && limit === 1 && options.filter === undefined
    const each = isNewest
      ? await newestOfEach(deps, deps.effort, plan)
      : await firstOfEach(deps, deps.effort, plan, { descending: direction === 'desc', limit: limit + 1 })
    for (const [stream, found] of each) put(stream, found)
    if (isNewest) for (const [stream, page] of pages) pages.set(stream, withNext(stream, page))
    return pages
  }
  for (const stream of plan.streams)
    put(stream, await find(deps, { ...plan, streams: [stream] }, options, limit + 1))
  return pages
}

/** There are more than the newest one where the series begin before it. */
function withNext({ series }: Stream, page: Page<Row>): Page<Row> {
  const [newest] = page.items
  if (!newest || series.every(({ from }) => from >= newest.at)) return page
  return { ...page, next: [newest.at, newest.series.number] }
}
