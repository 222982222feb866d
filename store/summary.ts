/** Numbers about whole periods from single readings held in memory, and what every store's summary has in common. Pure. */
import { finiteToDecimals, rollupDecimals } from '../model/decimals.ts'
import { definitionOf, figureMaxOf } from '../model/quantity.ts'
import { meanDirection } from '../science/wind.ts'
import type { ClockHours } from '../model/time.ts'
import type { Series } from './memory/catalogue.ts'
import type { Intervals } from './memory/intervals.ts'
import type { Coverage, SeriesQuery, SummaryColumns, SummaryQuery } from './promise/read.ts'
import { presentIn, unknownSecondsOf, weigh, type Part, type Present } from './rollups/weights.ts'
import { quantile, type Average } from './rollups/window.ts'

/** What a store knows of the series that a summary is about. */
export interface SummarySource {
  clock: ClockHours
  intervals: Intervals
  /** Those that reach into the period; none: nothing was measured in it. */
  series: readonly Series[]
}

/** Sums up readings that are handed in, all parts of the same stretch of time together. */
export class Summing {
  readonly #query: SummaryQuery
  readonly #source: SummarySource
  readonly #groups: Group[]

  constructor(query: SummaryQuery, source: SummarySource) {
    this.#query = query
    this.#source = source
    const unknownS = unknownSecondsOf(source.series, source.intervals)
    this.#groups = Array.from({ length: query.groups }, () => new Group(unknownS))
  }

  /** Hour by hour, since readings of one hour may have to share it. */
  add(parts: readonly Part[]): void {
    const next = parts.map(() => 0)
    for (;;) {
      const at = Math.min(...parts.map(({ readings }, i) => readings.time[next[i]!] ?? Infinity))
      if (at === Infinity) return
      const hour = this.#source.clock.hour(at)
      const present = presentIn(parts, hour)
      const weights = weigh(present, hour)
      present.forEach((one, i) => {
        next[parts.findIndex(({ readings }) => readings === one.readings)] = one.end
        this.#addOne(one, weights[i])
      })
    }
  }

  #addOne({ readings, first, end }: Present, weights: number | Float64Array | undefined): void {
    const { stretches, quantity } = this.#query
    const figureMax = figureMaxOf(quantity)
    const { time, value, flag } = readings
    let place = firstNotOver(stretches, time[first]!)
    for (let i = first; i < end; i++) {
      while (place < stretches.length && stretches[place]!.until <= time[i]!) place++
      const stretch = stretches[place]
      if (!stretch) return
      if (time[i]! < stretch.from) continue
      const weightS = typeof weights === 'object' ? weights[i - first] : weights
      this.#groups[stretch.group]!.add(Math.min(value[i]!, figureMax), flag[i] === 4, weightS)
    }
  }

  columns(): SummaryColumns {
    const columns = emptySummary(this.#query)
    const { average } = definitionOf(this.#query.quantity)
    const lengths = lengthsMs(this.#query)
    this.#groups.forEach((group, i) => group.fill(columns, i, this.#query, average, lengths[i]! / 1_000))
    expectOfEmpty(columns, this.#query, this.#source)
    return columns
  }
}

/** Stretches are in order, and none overlaps another. */
function firstNotOver(stretches: SummaryQuery['stretches'], time: number): number {
  let [low, high] = [0, stretches.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (stretches[middle]!.until <= time) low = middle + 1
    else high = middle
  }
  return low
}

class Group {
  readonly #values: number[] = []
  readonly #weights: number[] = []
  #failed = 0
  #measuredS = 0
  /** Readings of a device whose interval is not known count as those of the quickest other, if there is one. */
  #isKnown = false
  readonly #unknownS: number

  constructor(unknownS: number) {
    this.#unknownS = unknownS
  }

  add(value: number, hasFailed: boolean, weightS: number | undefined): void {
    this.#isKnown ||= weightS !== undefined
    if (hasFailed) this.#failed++
    else {
      this.#values.push(value)
      this.#weights.push(weightS ?? this.#unknownS)
      this.#measuredS += weightS ?? this.#unknownS
    }
  }

  fill(
    columns: SummaryColumns,
    i: number,
    { percentiles }: SummaryQuery,
    average: Average,
    lengthS: number
  ): void {
    columns.count[i] = this.#values.length
    columns.failed[i] = this.#failed
    if (this.#values.length === 0 && this.#failed === 0) return
    columns.mean[i] = this.#mean(average)
    if (average !== 'vector') this.#fillRange(columns, i, percentiles)
    if (this.#isKnown) fillCoverage(columns, i, this.#measuredS, lengthS)
  }

  #fillRange(columns: SummaryColumns, i: number, percentiles: readonly number[]): void {
    const sorted = Float64Array.from(this.#values).sort()
    columns.min[i] = sorted[0] ?? null
    columns.max[i] = sorted.at(-1) ?? null
    columns.percentiles[i] = percentiles.map((percent) => quantile(sorted, percent / 100))
  }

  /** Rounded as rollups are: a sum's last digits depend on the order in which it was made. */
  #mean(average: Average): number | null {
    if (this.#values.length === 0) return null
    if (average === 'none') return null
    if (average === 'vector') return meanDirection(this.#values, this.#weights)
    let highest = -Infinity
    let lowest = Infinity
    for (const value of this.#values) {
      if (value > highest) highest = value
      if (value < lowest) lowest = value
    }
    if (average === 'max') return highest
    if (average === 'min') return lowest
    let sum = 0
    this.#values.forEach((value, i) => {
      sum += this.#weights[i]! * (average === 'energy' ? 10 ** ((value - highest) / 10) : value)
    })
    const mean = sum / this.#measuredS
    return finiteToDecimals(average === 'energy' ? highest + 10 * Math.log10(mean) : mean, rollupDecimals)
  }
}

/** Of a group with readings, once the seconds are known that those stand for which did not fail. */
export function fillCoverage(columns: SummaryColumns, i: number, measuredS: number, lengthS: number): void {
  if (lengthS <= 0) return
  columns.coverage[i] = Math.min(1, measuredS / lengthS)
  columns.expected[i] = measuredS > 0 ? (columns.count[i]! * lengthS) / measuredS : null
}

export function lengthsMs({ stretches, groups }: SummaryQuery): number[] {
  const lengths = Array.from({ length: groups }, () => 0)
  for (const { from, until, group } of stretches) lengths[group] = (lengths[group] ?? 0) + (until - from)
  return lengths
}

/** A group without a reading should have had those of the quickest device at each time. */
export function expectOfEmpty(
  columns: SummaryColumns,
  { stretches }: SummaryQuery,
  { series, intervals }: SummarySource
): void {
  const held = series.flatMap((one) => intervals.of(one))
  if (held.length === 0) return
  for (const { from, until, group } of stretches) {
    if (columns.count[group] !== 0 || columns.failed[group] !== 0) continue
    columns.coverage[group] = 0
    columns.expected[group] = (columns.expected[group] ?? 0) + expectedIn(held, from, until)
  }
}

function expectedIn(
  held: readonly ReturnType<Intervals['of']>[number][],
  from: number,
  until: number
): number {
  const bounds = held.flatMap((one) => [one.from, one.until]).filter((bound) => bound > from && bound < until)
  const edges = [...new Set([from, ...bounds, until])].sort((a, b) => a - b)
  return edges.slice(1).reduce((sum, end, i) => {
    const start = edges[i]!
    const here = held.filter((one) => one.from <= start && start < one.until)
    const shortestS = Math.min(...here.map(({ intervalS }) => intervalS))
    return sum + (end - start) / 1_000 / shortestS
  }, 0)
}

export function emptySummary({ groups, percentiles }: SummaryQuery): SummaryColumns {
  const nulls = (): null[] => Array.from({ length: groups }, () => null)
  const zeros = (): number[] => Array.from({ length: groups }, () => 0)
  return {
    count: zeros(),
    failed: zeros(),
    expected: nulls(),
    coverage: nulls(),
    mean: nulls(),
    min: nulls(),
    max: nulls(),
    percentiles: Array.from({ length: groups }, () => percentiles.map(() => null))
  }
}

/** Coverage is what a summary of the whole period says of it. */
export async function coverageBy(
  summary: (query: SummaryQuery) => Promise<SummaryColumns>,
  { siteId, quantity, from, until }: SeriesQuery
): Promise<Coverage> {
  const stretches = [{ from, until, group: 0 }]
  const columns = await summary({ siteId, quantity, stretches, groups: 1, percentiles: [] })
  const [count = 0, expected = null, coverage = null] = [
    columns.count[0],
    columns.expected[0],
    columns.coverage[0]
  ]
  return { count, expected, coverage }
}
