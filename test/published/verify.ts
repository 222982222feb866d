/**
 * Published results beside ours from the same files, by the functions alone and through import and API: prints
 * published | ours | difference. Not part of the tests.
 */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dayMs, hourMs, minuteMs, parseIsoZoned, secondMs, type UnixMs } from '../../model/time.ts'
import { collocation } from '../../science/collocation.ts'
import { energyMean } from '../../science/noise.ts'
import { pooledPeriods } from '../../science/noise-days.ts'
import { exceededLevels } from '../../science/noise-levels.ts'
import { seededRandom } from '../../science/resample.ts'
import { completeMean, quantile } from '../../science/street.ts'
import { trend } from '../../science/trend.ts'
import { nowCast, usAqi } from '../../science/us-aqi.ts'
import { comparePlatform } from './platform.ts'

const folder = new URL('../../../shared/data/', import.meta.url)
if (!existsSync(folder)) {
  process.stdout.write('There is no ../shared/data beside this repository, so there is nothing to compare.\n')
} else {
  process.stdout.write('what | published | ours | difference\n')
  noise()
  collocated()
  marylebone()
  indices()
  await comparePlatform(folder, show)
}

function show(what: string, published: number, ours: number | null | undefined): void {
  const value = ours ?? NaN
  process.stdout.write(`${what} | ${published} | ${value.toFixed(4)} | ${(value - published).toFixed(4)}\n`)
}

function rows(path: string): string[][] {
  const text = gunzipSync(readFileSync(new URL(path, folder))).toString('utf8')
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))
}

function noise(): void {
  const series = (path: string, stepMs: number) => {
    const list = rows(path).slice(1)
    const time = list.map(
      ([at]) => (parseIsoZoned(`${at!}Z`)! - (stepMs === minuteMs ? 30 * secondMs : 0)) as UnixMs
    )
    return { time, level: list.map(([, level]) => Number(level)), stepMs }
  }
  const seconds = series('noise/noisemonitor_laeq1s.csv.gz', secondMs)
  const levels = exceededLevels(seconds.level, 1)!
  show('1 s: Leq', 49.74, energyMean(seconds.level))
  show('1 s: L10', 52.19, levels.la10)
  show('1 s: L50', 47.09, levels.la50)
  show('1 s: L90', 42.89, levels.la90)
  const minutes = series('noise/noisemonitor_laeq1m.csv.gz', minuteMs)
  const periodsOf = (of: typeof minutes) => {
    const from = of.time[0]!
    const { lday, levening, lnight, lden } = pooledPeriods(
      of,
      from,
      (of.time.at(-1)! + of.stepMs) as UnixMs,
      'UTC'
    )
    return { lday: lday.level, levening: levening.level, lnight: lnight.level, lden }
  }
  const day = periodsOf(seconds)
  show('1 s: Lday', 49.66, day.lday)
  show('1 s: Levening', 53.02, day.levening)
  show('1 s: Lnight', 46.38, day.lnight)
  show('1 s: Lden', 54.72, day.lden)
  const periods = periodsOf(minutes)
  show('1 min: Lday', 51.75, periods.lday)
  show('1 min: Levening', 50.08, periods.levening)
  show('1 min: Lnight', 49.23, periods.lnight)
  show('1 min: Lden', 56.1, periods.lden)
}

/** Means of steps of `widthMs` by their start, with the completeness of `expected` values each. */
function means(
  points: [at: number, value: number][],
  widthMs: number,
  expected: number
): Map<number, number> {
  const windows = new Map<number, number[]>()
  for (const [at, value] of points) {
    const start = Math.floor(at / widthMs) * widthMs
    const known = windows.get(start)
    if (known) known.push(value)
    else windows.set(start, [value])
  }
  const complete = [...windows].map(
    ([start, values]) => [start, completeMean(values, expected).mean] as const
  )
  return new Map(complete.flatMap(([start, mean]) => (mean === null ? [] : [[start, mean] as const])))
}

function usTime(date: string, time: string): number {
  const [month = 0, day = 0, year = 0] = date.split('/').map(Number)
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return Date.UTC(year, month - 1, day, hour, minute)
}

function collocated(): void {
  const reference = rows('air/epa_airnowtech_reference_burdens_creek_2019-08.csv.gz')
    .filter((row) => row[3]?.startsWith('PM2.5') && row[15]?.trim() === '0')
    .map((row): [number, number] => [usTime(row[8]!, row[9]!), Number(row[13])])
  const published = { RT01: [0.82, -1.66, 0.52, 3.53, 706], RT02: [0.82, -1.73, 0.55, 3.52, 708] }
  const publishedDays = { RT01: [0.86, -2.06, 0.62, 3.3, 29], RT02: [0.92, -2.5, 0.66, 3.3, 29] }
  for (const name of ['RT01', 'RT02'] as const) {
    const points = rows(`air/epa_toco_toucan_${name}_raw.csv.gz`).flatMap((row): [number, number][] => {
      const [date = '', time = ''] = (row[0] ?? '').split(' ')
      return /^\d/.test(date) && time.includes(':') && row[3]
        ? [[usTime(date, time) + 5 * hourMs, Number(row[3])]]
        : []
    })
    const hours = means(points, hourMs, 60)
    const of = (
      sensor: Map<number, number>,
      other: Map<number, number>,
      wanted: readonly number[],
      what: string
    ) => {
      const common = [...other.keys()].filter((at) => sensor.has(at))
      const pairs = collocation(
        common.map((at) => other.get(at)!),
        common.map((at) => sensor.get(at)!)
      )!
      const ours = [pairs.slope, pairs.intercept, pairs.r2, pairs.rmse, pairs.n]
      for (const [i, label] of ['slope', 'intercept', 'R²', 'RMSE', 'n'].entries())
        show(`${name} ${what}: ${label}`, wanted[i]!, ours[i])
    }
    of(hours, means(reference, hourMs, 1), published[name], 'hourly')
    of(means([...hours], dayMs, 24), means(reference, dayMs, 24), publishedDays[name], 'daily')
  }
}

function marylebone(): void {
  const [header = [], ...list] = rows('reference/openair_mydata_marylebone_1998_2005_hourly.csv.gz')
  const column = (name: string): [number, number][] => {
    const at = header.indexOf(name)
    return list.flatMap((row) =>
      row[at] ? [[parseIsoZoned(row[0]!)!, Number(row[at])] as [number, number]] : []
    )
  }
  for (const [name, wanted] of [
    ['no2', 39.4],
    ['o3', 6.87],
    ['pm10', 18.2]
  ] as const) {
    const first = column(name)
      .filter(([at]) => at < Date.UTC(1998, 0, 2))
      .map(([, value]) => value)
    show(`1998-01-01 ${name}`, wanted, first.reduce((sum, value) => sum + value, 0) / first.length)
  }
  const ozone = column('o3')
  const year = ozone.filter(([at]) => new Date(at).getUTCFullYear() === 2004).map(([, value]) => value)
  for (const [percent, wanted] of [
    [25, 2],
    [50, 5],
    [75, 11],
    [95, 23]
  ] as const) {
    show(`O3 2004 P${percent}`, wanted, quantile(year, percent / 100))
  }
  const months = new Map<string, number[]>()
  for (const [at, value] of ozone) {
    const key = new Date(at).toISOString().slice(0, 7)
    months.set(key, [...(months.get(key) ?? []), value])
  }
  const result = trend(
    [...months].map(([key, values]) => ({
      year: Number(key.slice(0, 4)),
      month: Number(key.slice(5)),
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      coverage: 1
    })),
    seededRandom(1)
  )
  if (!result.ok) throw new Error(result.why)
  show('O3 trend, ppb a year', 0.29, result.slopePerYear)
  show('O3 trend, low (seeded elsewhere; ours is widened)', 0.21, result.interval[0])
  show('O3 trend, high', 0.36, result.interval[1])
}

function indices(): void {
  show('NowCast', 28.409801, nowCast([34.9, 43, 50, 64.9, 69.2, 66.2, 53.7, 48.6, 49.2, 35, null, 21]))
  for (const [pm2_5, wanted] of [
    [9, 50],
    [9.1, 51],
    [15, 62],
    [40, 112],
    [80, 168],
    [200, 275],
    [325.4, 500],
    [9.09, 50]
  ] as const) {
    show(`AQI of ${pm2_5}`, wanted, usAqi('pm2_5', pm2_5)?.aqi)
  }
}
