/** The statements that make hours and days from readings: set-based, so that thousands of hours are one statement. */
import { rollupDecimals } from '../../../model/decimals.ts'
import { coverageMin, dayValidHoursMin } from '../../../model/limits.ts'
import { minuteMs } from '../../../model/time.ts'
import type { QuantityDefinition } from '../../../model/quantity.ts'

/** How a quantity is averaged, as a number in the working tables. */
export const averageKinds: readonly QuantityDefinition['average'][] = [
  'arithmetic',
  'energy',
  'max',
  'min',
  'none',
  'vector'
]

/**
 * A channel and the beginning of its hour or day as one number. Joined by it, windows come last: given the two columns apart,
 * DuckDB may join the hours of a channel with all of its days first, or an hour's readings with all channels of that hour, and
 * the work grows with the square (six years of hours: 90 s, not 1 s).
 */
function windowKey(channel: string, start: string): string {
  return `(${channel}::BIGINT * ${2 ** 36} + (${start}) // ${minuteMs})`
}

/** A condition that keeps `time` within stretches, so that zone maps skip what lies between. */
export function withinStretches(time: string, stretches: readonly (readonly [number, number])[]): string {
  return `(${stretches.map(([from, until]) => `(${time} >= ${from} AND ${time} < ${until})`).join(' OR ')})`
}

/**
 * A value of a sorted list. Everything is computed from sorted lists, because floating-point sums depend on their order:
 * so a rollup is the same to the last bit whatever order its readings came in (and it costs no more than plain sums:
 * 4 million readings into 650,000 hours take 0.4 s either way). Energy is summed below the loudest value, so that no
 * power overflows.
 */
function meanOf(list: string, average: string): string {
  const kind = (name: QuantityDefinition['average']): number => averageKinds.indexOf(name)
  const mean = `CASE ${average}
    WHEN ${kind('arithmetic')} THEN list_sum(${list}) / len(${list})
    WHEN ${kind('energy')} THEN ${list}[-1]
      + 10 * log10(list_avg(list_transform(${list}, lambda x: pow(10.0, (x - ${list}[-1]) / 10))))
    WHEN ${kind('max')} THEN ${list}[-1]
    WHEN ${kind('min')} THEN ${list}[1]
  END`
  return `CASE ${average} WHEN ${kind('vector')} THEN ${directionOf(list)} ELSE ${finiteRounded(mean)} END`
}

/** As science/wind.ts has it. */
function directionOf(list: string): string {
  const meanOf = (wave: 'sin' | 'cos'): string =>
    `list_avg(list_transform(${list}, lambda x: ${wave}(radians(x))))`
  return directionSql(meanOf('sin'), meanOf('cos'))
}

/** The direction of a vector of length 1 or less; null where directions cancel each other out. */
export function directionSql(east: string, north: string): string {
  const degrees = `round(degrees(atan2(${east}, ${north})), 6)`
  return `CASE WHEN ${east} ** 2 + ${north} ** 2 > 1e-18 THEN (${degrees} + 360) % 360 END`
}

/**
 * As `finiteToDecimals`: readings of a broken sensor may be so large that a sum or a difference of two overflows. Then there
 * is no value, never Infinity.
 */
function finiteRounded(value: string): string {
  return `CASE WHEN isfinite(${value}) THEN round(${value}, ${rollupDecimals}) END`
}

/** quantile_cont interpolates as R's type 7 does. */
const rangeColumns =
  ['v[1]', 'v[-1]', ...[0.1, 0.5, 0.9].map((p) => finiteRounded(`list_aggregate(v, 'quantile_cont', ${p})`))]
    // Directions go round: there is no lowest one.
    .map((value) => `CASE WHEN average <> ${averageKinds.indexOf('vector')} THEN ${value} END`)
    .join(', ') + ', passed, not_evaluated, suspect, failed'

/** Values without flag 4, as they count in figures, as a sorted list; and counts by flag. */
const gathered = `list_sort(list(least(r.value, p.most)) FILTER (r.flag <> 4)) AS v,
  count(*) FILTER (r.flag = 1) AS passed, count(*) FILTER (r.flag = 2) AS not_evaluated,
  count(*) FILTER (r.flag = 3) AS suspect, count(*) FILTER (r.flag = 4) AS failed`

const rollupColumns =
  'channel, time, count, expected, mean, min, max, p10, p50, p90, passed, not_evaluated, suspect, failed'

/** `hourOf` is SQL for the hour in which a reading lies. What it was expected to hold comes with the hour that is asked for. */
export function insertHours(hourOf: string, stretches: readonly (readonly [number, number])[]): string {
  return `INSERT INTO hours (${rollupColumns}) WITH read AS (
      SELECT p.channel, p.hour, p.average, p.expected, ${gathered}
      FROM readings r
      JOIN series s ON s.series = r.series
      JOIN temp.pending p ON ${windowKey('p.channel', 'p.hour')} = ${windowKey('s.channel', hourOf)}
      WHERE ${withinStretches('r.time', stretches)}
      GROUP BY p.channel, p.hour, p.average, p.expected
    )
    SELECT channel, hour, coalesce(len(v), 0), expected, ${meanOf('v', 'average')}, ${rangeColumns} FROM read`
}

/** A day's mean comes from its valid hours, each of which weighs the same; everything else comes from its readings. */
export function insertDays(hourOf: string, stretches: readonly (readonly [number, number])[]): string {
  return `INSERT INTO days (${rollupColumns}) WITH read AS (
      SELECT p.channel, p.hour AS day, p.average, p.expected, ${gathered}
      FROM readings r
      JOIN series s ON s.series = r.series
      JOIN temp.day_hours t ON t.hour = ${hourOf}
      JOIN temp.pending_days p ON ${windowKey('p.channel', 'p.hour')} = ${windowKey('s.channel', 't.day')}
      WHERE ${withinStretches('r.time', stretches)}
      GROUP BY p.channel, p.hour, p.average, p.expected
    ), valid AS (
      SELECT p.channel, p.hour AS day, list_sort(list(h.mean)) AS means
      FROM hours h
      JOIN temp.day_hours t ON t.hour = h.time
      JOIN temp.pending_days p ON ${windowKey('p.channel', 'p.hour')} = ${windowKey('h.channel', 't.day')}
      WHERE h.mean IS NOT NULL AND h.count / h.expected >= ${coverageMin}
        AND ${withinStretches('h.time', stretches)}
      GROUP BY p.channel, p.hour
    )
    SELECT channel, day, coalesce(len(v), 0), expected,
      CASE WHEN len(means) >= ${dayValidHoursMin} THEN ${meanOf('means', 'average')} END, ${rangeColumns}
    FROM read LEFT JOIN valid USING (channel, day)`
}
