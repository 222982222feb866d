/** Numbers about whole periods from the single readings: a month, a year, all nights of a year, each one group. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { definitionOf, sourceOf } from '../../../model/quantity.ts'
import type { Series } from '../../memory/catalogue.ts'
import { piecesOf } from '../../corrected-answers.ts'
import { wantedOf, type CorrectedSeries } from '../../memory/corrections.ts'
import type { Stretch, SummaryColumns, SummaryQuery } from '../../promise/read.ts'
import type { Core } from '../core.ts'
import { emptySummary, expectOfEmpty, lengthsMs, weightsOf, type Weights } from '../../summary.ts'
import { appendCorrected, computeCorrected } from './corrected-readings.ts'
import { asNumber, idList, rowsOf } from '../file/database.ts'
import { correctedColumnsSql } from '../file/schema.ts'
import { directionSql } from '../rollups/statements.ts'

export async function summary(core: Core, query: SummaryQuery): Promise<SummaryColumns> {
  const from = Math.min(...query.stretches.map((stretch) => stretch.from))
  const until = Math.max(...query.stretches.map((stretch) => stretch.until))
  const wanted = wantedOf(core, query.siteId, query.quantity)
  const all =
    wanted.length > 0
      ? wanted.map(({ source }) => source)
      : core.catalogue.seriesAt(query.siteId, query.quantity)
  const series = all.filter(({ low, high }) => low < until && high >= from)
  const columns = emptySummary(query)
  if (series.length === 0) return columns
  const weights = weightsOf(series, core.intervals)
  const sql = statement(query, series, weights, { from, until })
  const rows = await core.read('summing up readings', (c) =>
    wanted.length > 0 ? summaryOfCorrected(c, wanted, { from, until }, sql) : rowsOf(c, sql)
  )
  const lengths = lengthsMs(query)
  for (const [group, count, failed, measuredS, mean, min, max, percentiles] of rows) {
    const i = asNumber(group)
    const lengthS = (lengths[i] ?? 0) / 1_000
    columns.count[i] = asNumber(count)
    columns.failed[i] = asNumber(failed)
    columns.mean[i] = orNull(mean)
    columns.min[i] = orNull(min)
    columns.max[i] = orNull(max)
    columns.percentiles[i] = query.percentiles.map((_p, place) => orNull(itemOf(percentiles, place)))
    if (!weights.known || lengthS <= 0) continue
    const measured = orNull(measuredS)
    columns.coverage[i] = Math.min(1, (measured ?? 0) / lengthS)
    columns.expected[i] = measured ? (asNumber(count) * lengthS) / measured : null
  }
  if (weights.known) expectOfEmpty(columns, lengths, Math.min(...weights.secondsOf.values()))
  return columns
}

/** The same statement on a table of this connection that holds what was computed. */
async function summaryOfCorrected(
  connection: DuckDBConnection,
  wanted: readonly CorrectedSeries[],
  range: { from: number; until: number },
  sql: string
): Promise<DuckDBValue[][]> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE corrected (${correctedColumnsSql})`)
  try {
    for (const piece of piecesOf(wanted, range)) {
      await appendCorrected(connection, await computeCorrected(connection, wanted, [piece]))
    }
    return await rowsOf(connection, sql)
  } finally {
    await connection.run('DROP TABLE temp.corrected')
  }
}

function statement(
  query: SummaryQuery,
  series: readonly Series[],
  weights: Weights,
  { from, until }: { from: number; until: number }
): string {
  const cases = series.map(({ id }) => `WHEN ${id} THEN ${weights.secondsOf.get(id) ?? 1}`).join(' ')
  const isDirection = definitionOf(query.quantity).average === 'vector'
  const extremes = isDirection ? 'NULL, NULL' : 'min(value) FILTER (good), max(value) FILTER (good)'
  const quantiles = isDirection ? [] : query.percentiles.map((percent) => percent / 100)
  const percentiles =
    quantiles.length > 0 ? `quantile_cont(value, [${quantiles.join(',')}]) FILTER (good)` : '[]'
  const isCorrected = sourceOf(query.quantity) !== undefined
  const { figureMax } = definitionOf(query.quantity)
  const value = figureMax === undefined ? 'value' : `least(value, ${figureMax}) AS value`
  const readings = `SELECT ${isCorrected ? 'time::BIGINT AS time' : 'time'}, ${value}, flag <> 4 AS good, (CASE series ${cases} END)::DOUBLE AS weight
    FROM ${isCorrected ? 'temp.corrected' : 'readings'} WHERE series IN ${idList(series.map((one) => one.id))} AND time >= ${from} AND time < ${until}`
  return `SELECT ${query.stretches.length === 1 ? `${query.stretches[0]!.group}` : 's.grp'} AS grp,
      count(*) FILTER (good), count(*) FILTER (NOT good), sum(weight) FILTER (good),
      ${meanOf(query)}, ${extremes}, ${percentiles}
    FROM (${readings}) r ${query.stretches.length === 1 ? '' : joined(query.stretches)}
    GROUP BY grp`
}

/** Each reading meets the last stretch that began before it. */
function joined(stretches: readonly Stretch[]): string {
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
