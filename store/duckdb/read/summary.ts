/** Numbers about whole periods from the single readings: a month, a year, all nights of a year, each one group. */
import { definitionOf } from '../../../model/quantity.ts'
import { piecesOf } from '../../corrected-answers.ts'
import type { Series } from '../../memory/catalogue.ts'
import { wantedOf, type CorrectedSeries } from '../../memory/corrections.ts'
import type { Intervals } from '../../memory/intervals.ts'
import type { Stretch, SummaryColumns, SummaryQuery } from '../../promise/read.ts'
import { correctedParts } from '../../rollups/pieces.ts'
import { isPlain, unknownSecondsOf } from '../../rollups/weights.ts'
import {
  emptySummary,
  expectOfEmpty,
  fillCoverage,
  lengthsMs,
  Summing,
  type SummarySource
} from '../../summary.ts'
import type { Core } from '../core.ts'
import { asNumber, idList, rowsOf } from '../file/database.ts'
import { directionSql } from '../rollups/statements.ts'
import { readSeries } from './corrected-readings.ts'

const doing = 'summing up readings'

export async function summary(core: Core, query: SummaryQuery): Promise<SummaryColumns> {
  const from = Math.min(...query.stretches.map((stretch) => stretch.from))
  const until = Math.max(...query.stretches.map((stretch) => stretch.until))
  const { siteId, quantity } = query
  const wanted = wantedOf(core, siteId, quantity)
  const all =
    wanted.length > 0 ? wanted.map(({ source }) => source) : core.catalogue.seriesAt(siteId, quantity)
  const series = all.filter(({ low, high }) => low <= high)
  const source = { clock: core.clock, intervals: core.intervals, series }
  if (wanted.length > 0) return summaryOfCorrected(core, query, source, wanted, { from, until })
  if (!isPlain(series, core.intervals, { from, until }))
    return summaryHere(core, query, source, { from, until })
  return summaryThere(core, query, source, { from, until })
}

interface Range {
  from: number
  until: number
}

async function summaryOfCorrected(
  core: Core,
  query: SummaryQuery,
  source: SummarySource,
  wanted: readonly CorrectedSeries[],
  range: Range
): Promise<SummaryColumns> {
  const summing = new Summing(query, source)
  for (const piece of piecesOf(wanted, range)) {
    const made = correctedParts(await core.compute(wanted, [piece]), core.intervals)
    for (const parts of made.values()) summing.add(parts)
  }
  return summing.columns()
}

/** Where readings may have to share their hours. */
async function summaryHere(
  core: Core,
  query: SummaryQuery,
  source: SummarySource,
  { from, until }: Range
): Promise<SummaryColumns> {
  const summing = new Summing(query, source)
  const found = await core.read(doing, (c) => readSeries(c, source.series, [[from, until]]))
  const parts = source.series.flatMap((series) => {
    const readings = found.get(series.id)
    return readings ? [{ intervals: core.intervals.of(series), readings }] : []
  })
  summing.add(parts)
  return summing.columns()
}

/** By one statement: millions of readings need not leave the database. */
async function summaryThere(
  core: Core,
  query: SummaryQuery,
  source: SummarySource,
  range: Range
): Promise<SummaryColumns> {
  const columns = emptySummary(query)
  const series = source.series.filter(({ low, high }) => low < range.until && high >= range.from)
  const weights = {
    known: weightOf(series, core.intervals),
    unknownS: unknownSecondsOf(source.series, core.intervals)
  }
  const sql = statement(query, series, weights, range)
  const rows = series.length > 0 ? await core.read(doing, (c) => rowsOf(c, sql)) : []
  const lengths = lengthsMs(query)
  for (const [group, count, failed, measuredS, isKnown, mean, min, max, percentiles] of rows) {
    const i = asNumber(group)
    columns.count[i] = asNumber(count)
    columns.failed[i] = asNumber(failed)
    columns.mean[i] = orNull(mean)
    columns.min[i] = orNull(min)
    columns.max[i] = orNull(max)
    columns.percentiles[i] = query.percentiles.map((_p, place) => orNull(itemOf(percentiles, place)))
    if (isKnown === true) fillCoverage(columns, i, orNull(measuredS) ?? 0, (lengths[i] ?? 0) / 1_000)
  }
  expectOfEmpty(columns, query, source)
  return columns
}

function statement(
  query: SummaryQuery,
  series: readonly Series[],
  weights: { known: string; unknownS: number },
  { from, until }: Range
): string {
  const isDirection = definitionOf(query.quantity).average === 'vector'
  const extremes = isDirection ? 'NULL, NULL' : 'min(value) FILTER (good), max(value) FILTER (good)'
  const quantiles = isDirection ? [] : query.percentiles.map((percent) => percent / 100)
  const percentiles =
    quantiles.length > 0 ? `quantile_cont(value, [${quantiles.join(',')}]) FILTER (good)` : '[]'
  const { figureMax } = definitionOf(query.quantity)
  const value = figureMax === undefined ? 'value' : `least(value, ${figureMax}) AS value`
  const readings = `SELECT time, ${value}, flag <> 4 AS good, ${weights.known} AS known, coalesce(known, ${weights.unknownS}) AS weight
    FROM readings WHERE series IN ${idList(series.map((one) => one.id))} AND time >= ${from} AND time < ${until}`
  return `SELECT ${query.stretches.length === 1 ? `${query.stretches[0]!.group}` : 's.grp'} AS grp,
      count(*) FILTER (good), count(*) FILTER (NOT good), sum(weight) FILTER (good), bool_or(known IS NOT NULL),
      ${meanOf(query)}, ${extremes}, ${percentiles}
    FROM (${readings}) r ${query.stretches.length === 1 ? '' : joinedStretches(query.stretches)}
    GROUP BY grp`
}

/** Seconds that a reading stands for; NULL where nothing is known. */
function weightOf(series: readonly Series[], intervals: Intervals): string {
  const cases = series.flatMap((one) =>
    intervals.of(one).map(({ from, until, intervalS }) => {
      const bounds = [`series = ${one.id}`]
      if (from !== -Infinity) bounds.push(`time >= ${from}`)
      if (until !== Infinity) bounds.push(`time < ${until}`)
      return `WHEN ${bounds.join(' AND ')} THEN ${intervalS}`
    })
  )
  return cases.length > 0 ? `(CASE ${cases.join(' ')} END)::DOUBLE` : 'NULL::DOUBLE'
}

/** Each reading meets the last stretch that began before it. */
export function joinedStretches(stretches: readonly Stretch[]): string {
  const list = (of: (stretch: Stretch) => number): string =>
    `unnest([${stretches.map(of).join(',')}]::BIGINT[])`
  return `ASOF JOIN (SELECT ${list(({ from }) => from)} AS start, ${list(({ until }) => until)} AS finish,
      ${list(({ group }) => group)} AS grp) s ON r.time >= s.start WHERE r.time < s.finish`
}

/** Rounded as rollups are: a sum's last digits depend on the order in which it was made. */
function meanOf({ quantity }: SummaryQuery): string {
  switch (definitionOf(quantity).average) {
    case 'arithmetic':
      return 'round(sum(value * weight) FILTER (good) / sum(weight) FILTER (good), 6)'
    case 'energy':
      return 'round(10 * log10(sum(pow(10.0, value / 10) * weight) FILTER (good) / sum(weight) FILTER (good)), 6)'
    case 'max':
      return 'max(value) FILTER (good)'
    case 'min':
      return 'min(value) FILTER (good)'
    case 'vector': {
      const meanOf = (wave: 'sin' | 'cos'): string =>
        `(sum(${wave}(radians(value)) * weight) FILTER (good) / sum(weight) FILTER (good))`
      return directionSql(meanOf('sin'), meanOf('cos'))
    }
    case 'none':
      return 'NULL::DOUBLE'
  }
}

function orNull(value: Parameters<typeof asNumber>[0]): number | null {
  return value === null || value === undefined ? null : asNumber(value)
}

/** DuckDB gives a list as an object with `items`. */
function itemOf(list: Parameters<typeof asNumber>[0], place: number): Parameters<typeof asNumber>[0] {
  if (list !== null && typeof list === 'object' && 'items' in list && Array.isArray(list.items)) {
    return list.items[place] ?? null
  }
  return null
}
