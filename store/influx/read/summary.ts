/** Numbers about whole periods from the single readings: a month, a year, all nights of a year, each one group. */
import { finiteToDecimals, rollupDecimals } from '../../../model/decimals.ts'
import { definitionOf, figureMaxOf } from '../../../model/quantity.ts'
import type { UnixMs } from '../../../model/time.ts'
import { meanDirection } from '../../../science/wind.ts'
import { quantile, type Average } from '../../rollups/window.ts'
import type { SummaryColumns, SummaryQuery } from '../../promise/read.ts'
import { emptySummary, expectOfEmpty, lengthsMs, weightsOf, type Weights } from '../../summary.ts'
import type { Core } from '../core.ts'
import { standing } from './reader.ts'
import type { ReadingColumns } from '../../corrected.ts'
import { piecesOf } from '../../corrected-answers.ts'
import { wantedOf, type CorrectedSeries } from '../../memory/corrections.ts'
import type { TimeRange } from '../../../model/columns.ts'
import type { Series } from '../../memory/catalogue.ts'

const doing = 'summing up readings'

export async function summary(core: Core, query: SummaryQuery): Promise<SummaryColumns> {
  const from = Math.min(...query.stretches.map((stretch) => stretch.from)) as UnixMs
  const until = Math.max(...query.stretches.map((stretch) => stretch.until)) as UnixMs
  const columns = emptySummary(query)
  await core.read(doing, async () => undefined)
  const wanted = wantedOf(core, query.siteId, query.quantity)
  const all =
    wanted.length > 0
      ? wanted.map(({ source }) => source)
      : core.catalogue.seriesAt(query.siteId, query.quantity)
  const series = all.filter(({ low, high }) => low < until && high >= from)
  if (series.length === 0) return columns
  const weights = weightsOf(series, core.intervals)
  const groups = Array.from({ length: query.groups }, () => new Group())
  const figureMax = figureMaxOf(query.quantity)
  for await (const part of readings(core, series, wanted, { from, until })) {
    const weight = weights.secondsOf.get(part.series.id) ?? 1
    const { time, value, flag } = part
    let place = 0
    for (let i = 0; i < time.length; i++) {
      while (place < query.stretches.length && query.stretches[place]!.until <= time[i]!) place++
      const stretch = query.stretches[place]
      if (!stretch) break
      if (time[i]! >= stretch.from)
        groups[stretch.group]!.add(Math.min(value[i]!, figureMax), flag[i] === 4, weight)
    }
  }
  const { average } = definitionOf(query.quantity)
  const lengths = lengthsMs(query)
  groups.forEach((group, i) => group.fill(columns, i, query, average, weights, lengths[i]! / 1_000))
  if (weights.known) expectOfEmpty(columns, lengths, Math.min(...weights.secondsOf.values()))
  return columns
}

/** What was measured, or what is made of it; a series may come in several pieces. */
async function* readings(
  core: Core,
  series: readonly Series[],
  wanted: readonly CorrectedSeries[],
  range: TimeRange
): AsyncGenerator<{ series: Series } & Pick<ReadingColumns, 'time' | 'value' | 'flag'>> {
  if (wanted.length === 0) {
    const parts = await core.read(doing, () => standing(core, doing, series, range))
    for (const part of parts) yield { series: part.series, ...part.standing }
    return
  }
  for (const piece of piecesOf(wanted, range)) {
    for (const { of, source, columns } of await core.compute(wanted, [piece])) {
      const time = Array.from(columns.place, (place) => source.time[place]!)
      yield { series: of.source, time, value: columns.value, flag: columns.flag }
    }
  }
}

class Group {
  readonly #values: number[] = []
  readonly #weights: number[] = []
  #failed = 0
  #measuredS = 0

  add(value: number, hasFailed: boolean, weightS: number): void {
    if (hasFailed) this.#failed++
    else {
      this.#values.push(value)
      this.#weights.push(weightS)
      this.#measuredS += weightS
    }
  }

  fill(
    columns: SummaryColumns,
    i: number,
    { percentiles }: SummaryQuery,
    average: Average,
    weights: Weights,
    lengthS: number
  ): void {
    columns.count[i] = this.#values.length
    columns.failed[i] = this.#failed
    if (this.#values.length === 0 && this.#failed === 0) return
    columns.mean[i] = this.#mean(average)
    if (average !== 'vector') this.#fillRange(columns, i, percentiles)
    if (!weights.known || lengthS <= 0) return
    columns.coverage[i] = Math.min(1, this.#measuredS / lengthS)
    columns.expected[i] = this.#measuredS > 0 ? (this.#values.length * lengthS) / this.#measuredS : null
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
