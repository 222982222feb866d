/** Readings in an array: a plain, slow and obvious implementation of what the API asks of a store; nobody corrects them. */
import type { AcrossSitesColumns, RawColumns, RollupColumns, TimeRange, Window } from '../../model/columns.ts'
import { dayValidHoursMin, coverageMin } from '../../model/limits.ts'
import { definitionOf, type Quantity } from '../../model/quantity.ts'
import type { Reading } from '../../model/reading.ts'
import { dayStart, hourMs, hourStart, nextDayStart, secondMs, type UnixMs } from '../../model/time.ts'
import { meanDirection } from '../../science/wind.ts'
import { energyMean } from '../../science/noise.ts'
import { acrossSites, quantile } from '../../science/street.ts'
import { FailureCounts } from '../../store/failures.ts'
import { windowNumbers } from '../../store/export/windows.ts'
import type { ExportQuery, ReadingsPart, WindowsPart, WindowsQuery } from '../../store/promise/export.ts'
import type {
  AcrossSitesQuery,
  AppliedCorrection,
  ChannelCount,
  CorrectedRawColumns,
  CountsQuery,
  Coverage,
  Failures,
  FailuresQuery,
  LatestReading,
  MeansQuery,
  ReadingReader,
  Recomputing,
  RollupQuery,
  SeriesExtent,
  SeriesQuery,
  SiteMeans,
  StoreStats,
  SummaryColumns,
  SummaryQuery
} from '../../store/promise/read.ts'

export class MemoryReadings implements ReadingReader {
  readonly #timezone: string
  /** By site and quantity, then by device and time: a reading sent twice is there once. */
  readonly #series = new Map<string, Map<string, Reading>>()
  readonly #intervalsS = new Map<string, number>()

  constructor(timezone: string) {
    this.#timezone = timezone
  }

  write(batch: readonly Reading[]): void {
    for (const reading of batch) {
      const { siteId, deviceId, quantity, measuredAt } = reading
      const key = `${siteId} ${quantity}`
      const series = this.#series.get(key) ?? new Map<string, Reading>()
      this.#series.set(key, series.set(`${deviceId} ${measuredAt}`, reading))
    }
  }

  setInterval(deviceId: string, intervalS: number): void {
    this.#intervalsS.set(deviceId, intervalS)
  }

  #select({ siteId, quantity, from, until }: SeriesQuery): Reading[] {
    return [...(this.#series.get(`${siteId} ${quantity}`)?.values() ?? [])]
      .filter(({ measuredAt }) => measuredAt >= from && measuredAt < until)
      .toSorted((a, b) => a.measuredAt - b.measuredAt)
  }

  #all(): Reading[] {
    return [...this.#series.values()].flatMap((series) => [...series.values()])
  }

  raw(query: SeriesQuery): Promise<RawColumns> {
    const rows = this.#select(query)
    return Promise.resolve({
      time: rows.map((row) => row.measuredAt),
      value: rows.map((row) => row.value),
      flag: rows.map((row) => row.flag),
      reasons: rows.map((row) => row.reasons)
    })
  }

  count(query: SeriesQuery, countMax: number): Promise<number> {
    return Promise.resolve(Math.min(countMax, this.#select(query).length))
  }

  rollup(query: RollupQuery): Promise<RollupColumns> {
    return Promise.resolve(this.#rollup(query))
  }

  #rollup(query: RollupQuery): RollupColumns {
    const startOf = (at: UnixMs): UnixMs =>
      query.window === 'hour' ? hourStart(at) : dayStart(at, this.#timezone)
    const rows = this.#select({ ...query, until: this.#windowEnd(startOf(query.until), query.window) })
    const windows = Map.groupBy(rows, (row) => startOf(row.measuredAt))
    const columns = emptyRollup()
    for (const [start, members] of windows) {
      if (start < query.from || start >= query.until) continue
      this.#addWindow(columns, start, members, query)
    }
    return columns
  }

  #addWindow(columns: RollupColumns, start: UnixMs, members: Reading[], query: RollupQuery): void {
    const good = members.filter((row) => row.flag !== 4)
    const values = good.map((row) => row.value)
    const intervalS = Math.max(...members.map((row) => this.#intervalsS.get(row.deviceId) ?? NaN))
    const lengthMs = this.#windowEnd(start, query.window) - start
    const expected = Number.isNaN(intervalS) ? null : lengthMs / (intervalS * secondMs)
    columns.time.push(start)
    columns.mean.push(query.window === 'hour' ? mean(query.quantity, values) : this.#dayMean(start, query))
    columns.min.push(values.length ? Math.min(...values) : null)
    columns.max.push(values.length ? Math.max(...values) : null)
    columns.p10.push(quantile(values, 0.1))
    columns.p50.push(quantile(values, 0.5))
    columns.p90.push(quantile(values, 0.9))
    columns.count.push(values.length)
    columns.expected.push(expected)
    columns.coverage.push(expected === null ? null : Math.min(1, values.length / expected))
    columns.passed.push(members.filter((row) => row.flag === 1).length)
    columns.notEvaluated.push(members.filter((row) => row.flag === 2).length)
    columns.suspect.push(members.filter((row) => row.flag === 3).length)
    columns.failed.push(members.filter((row) => row.flag === 4).length)
  }

  #dayMean(start: UnixMs, query: RollupQuery): number | null {
    const until = this.#windowEnd(start, 'day')
    const hours = this.#rollup({ ...query, window: 'hour', from: start, until })
    const valid = hours.mean.filter((_value, i) => (hours.coverage[i] ?? 0) >= coverageMin)
    const values = valid.filter((value) => value !== null)
    return values.length < dayValidHoursMin ? null : mean(query.quantity, values)
  }

  #windowEnd(start: UnixMs, window: Window): UnixMs {
    return window === 'hour' ? ((start + hourMs) as UnixMs) : nextDayStart(start, this.#timezone)
  }

  acrossSites({ siteIds, coverageMin: least, ...query }: AcrossSitesQuery): Promise<AcrossSitesColumns> {
    const perSite = siteIds.map((siteId) => this.#rollup({ ...query, siteId }))
    return Promise.resolve(acrossSites(perSite, least, 1))
  }

  means({ siteIds, quantities, ...query }: MeansQuery): Promise<SiteMeans[]> {
    const all = siteIds.flatMap((siteId) =>
      quantities.map((quantity) => {
        const { time, mean, coverage } = this.#rollup({ ...query, siteId, quantity })
        return { siteId, quantity, time, mean, coverage }
      })
    )
    return Promise.resolve(all.filter(({ time }) => time.length > 0))
  }

  reach(siteId: string, quantity: Quantity): Promise<TimeRange | null> {
    const times = [...(this.#series.get(`${siteId} ${quantity}`)?.values() ?? [])].map((r) => r.measuredAt)
    if (times.length === 0) return Promise.resolve(null)
    return Promise.resolve({
      from: Math.min(...times) as UnixMs,
      until: (Math.max(...times) + 1) as UnixMs
    })
  }

  summary(query: SummaryQuery): Promise<SummaryColumns> {
    const groups = Array.from({ length: query.groups }, (_, group) => {
      const stretches = query.stretches.filter((stretch) => stretch.group === group)
      const members = stretches.flatMap(({ from, until }) => this.#select({ ...query, from, until }))
      const lengthS = stretches.reduce((sum, { from, until }) => sum + (until - from), 0) / secondMs
      return this.#group(query, members, lengthS)
    })
    return Promise.resolve({
      count: groups.map(({ count }) => count),
      failed: groups.map(({ failed }) => failed),
      expected: groups.map(({ expected }) => expected),
      coverage: groups.map(({ coverage }) => coverage),
      mean: groups.map((group) => group.mean),
      min: groups.map(({ min }) => min),
      max: groups.map(({ max }) => max),
      percentiles: groups.map(({ percentiles }) => percentiles)
    })
  }

  failures(query: FailuresQuery): Promise<Failures[]> {
    const counts = new FailureCounts(query)
    for (const series of this.#series.values()) {
      for (const reading of series.values()) {
        const { siteId, deviceId, quantity, measuredAt, flag } = reading
        const isAsked =
          flag === (query.flag ?? 4) &&
          (query.siteIds?.includes(siteId) ?? true) &&
          (query.deviceId ?? deviceId) === deviceId &&
          (query.quantity ?? quantity) === quantity
        if (isAsked) counts.add(reading, measuredAt)
      }
    }
    return Promise.resolve(counts.all())
  }

  /** Here every site has one device, so all its readings weigh the same. */
  #group({ siteId, quantity, percentiles }: SummaryQuery, members: readonly Reading[], lengthS: number) {
    const values = members.filter(({ flag }) => flag !== 4).map(({ value }) => value)
    const first = this.#series.get(`${siteId} ${quantity}`)?.values().next().value
    const intervalS = first && this.#intervalsS.get(first.deviceId)
    const expected = intervalS === undefined ? null : lengthS / intervalS
    return {
      count: values.length,
      failed: members.length - values.length,
      expected,
      coverage: expected === null ? null : Math.min(1, values.length / expected),
      mean: mean(quantity, values),
      min: values.length ? Math.min(...values) : null,
      max: values.length ? Math.max(...values) : null,
      percentiles: percentiles.map((percent) => quantile(values, percent / 100))
    }
  }

  extents(siteIds: readonly string[]): Promise<SeriesExtent[]> {
    const rows = this.#all().filter(({ siteId }) => siteIds.includes(siteId))
    const bySeries = Map.groupBy(rows.toSorted(inSeriesOrder), ({ siteId, deviceId, quantity }) =>
      [siteId, deviceId, quantity].join(' ')
    )
    return Promise.resolve(
      [...bySeries.values()].map((members) => {
        const { siteId, deviceId, quantity } = members[0]!
        const times = members.map(({ measuredAt }) => measuredAt)
        const [from, until] = [Math.min(...times) as UnixMs, (Math.max(...times) + 1) as UnixMs]
        return { siteId, deviceId, quantity, from, until }
      })
    )
  }

  counts(query: CountsQuery): Promise<ChannelCount[]> {
    const byChannel = Map.groupBy(this.#selected(query), ({ siteId, quantity }) => `${siteId} ${quantity}`)
    return Promise.resolve(
      [...byChannel.values()].map((rows) => {
        const { siteId, quantity } = rows[0]!
        return { siteId, quantity, count: rows.length }
      })
    )
  }

  latest(siteIds?: readonly string[]): Promise<LatestReading[]> {
    const newest = new Map<string, LatestReading>()
    for (const reading of this.#all()) {
      const { siteId, deviceId, quantity, measuredAt, value, flag, reasons } = reading
      if (flag === 4 || (siteIds && !siteIds.includes(siteId))) continue
      const key = `${siteId} ${quantity}`
      if ((newest.get(key)?.measuredAt ?? -Infinity) > measuredAt) continue
      newest.set(key, { siteId, deviceId, quantity, measuredAt, value, flag, reasons })
    }
    return Promise.resolve([...newest.values()])
  }

  coverage(query: SeriesQuery): Promise<Coverage> {
    const rows = this.#select(query).filter((row) => row.flag !== 4)
    return Promise.resolve({ count: rows.length, expected: null, coverage: null })
  }

  async *export(query: ExportQuery): AsyncGenerator<ReadingsPart> {
    const rows = this.#selected(query)
    const key = ({ siteId, deviceId, quantity }: Reading): string => `${siteId} ${deviceId} ${quantity}`
    const bySeries = new Map(rows.toSorted(inSeriesOrder).map((row) => [key(row), row]))
    const series = [...bySeries.values()].map(({ siteId, deviceId, quantity }) => ({
      siteId,
      deviceId,
      quantity
    }))
    const places = new Map([...bySeries.keys()].map((name, place) => [name, place]))
    yield { kind: 'head', series, corrections: [] }
    const ordered = rows.toSorted((a, b) => a.measuredAt - b.measuredAt || inSeriesOrder(a, b))
    const partRows = 500
    for (let i = 0; i < ordered.length; i += partRows) {
      yield partOf(ordered.slice(i, i + partRows), (row) => places.get(key(row))!)
      await Promise.resolve()
    }
  }

  #selected(query: Omit<ExportQuery, 'order'>): Reading[] {
    return this.#all()
      .filter(({ siteId }) => query.siteIds.includes(siteId))
      .filter(({ quantity }) => !query.quantities || query.quantities.includes(quantity))
      .filter(({ measuredAt }) => measuredAt >= query.from && measuredAt < query.until)
  }

  async *exportWindows(query: WindowsQuery): AsyncGenerator<WindowsPart> {
    const places = new Map(this.#selected(query).map((row) => [`${row.siteId} ${row.quantity}`, row]))
    const series = [...places.values()]
      .toSorted(inSeriesOrder)
      .map(({ siteId, quantity }) => ({ siteId, deviceId: '', quantity }))
    yield { kind: 'head', series, corrections: [] }
    const found = await Promise.all(series.map((one) => this.rollup({ ...query, ...one })))
    const rows = found
      .flatMap((columns, place) => columns.time.map((time, i) => ({ time, place, i, columns })))
      .toSorted((a, b) => a.time - b.time || a.place - b.place)
    const column = (name: (typeof windowNumbers)[number]): Float64Array =>
      Float64Array.from(rows, ({ columns, i }) => columns[name][i] ?? NaN)
    yield {
      kind: 'windows',
      time: Float64Array.from(rows, ({ time }) => time),
      series: Uint32Array.from(rows, ({ place }) => place),
      ...(Object.fromEntries(windowNumbers.map((name) => [name, column(name)])) as Record<
        (typeof windowNumbers)[number],
        Float64Array
      >)
    }
  }

  estimateRows(query: Omit<ExportQuery, 'order'>): Promise<number> {
    return Promise.resolve(this.#selected(query).length)
  }

  corrected(): Promise<CorrectedRawColumns> {
    return Promise.resolve({ time: [], value: [], flag: [], reasons: [], corrections: [], correction: [] })
  }

  corrections(): Promise<AppliedCorrection[]> {
    return Promise.resolve([])
  }

  recomputing(): Promise<Recomputing> {
    return Promise.resolve({ hoursLeft: 0, hoursTotal: 0 })
  }

  unmadeHours(): Promise<number> {
    return Promise.resolve(0)
  }

  unjudged(): Promise<TimeRange[]> {
    return Promise.resolve([])
  }

  stats(): Promise<StoreStats> {
    return Promise.resolve({ readings: this.#all().length, replaced: 0, bytes: 0, dirtyHours: 0 })
  }
}

function mean(quantity: Quantity, values: readonly number[]): number | null {
  if (values.length === 0) return null
  switch (definitionOf(quantity).average) {
    case 'energy':
      return energyMean(values)
    case 'max':
      return Math.max(...values)
    case 'min':
      return Math.min(...values)
    case 'vector':
      return meanDirection(values)
    case 'none':
      return null
    case 'arithmetic':
      return values.reduce((sum, value) => sum + value, 0) / values.length
  }
}

function emptyRollup(): RollupColumns {
  return {
    time: [],
    mean: [],
    min: [],
    max: [],
    p10: [],
    p50: [],
    p90: [],
    count: [],
    expected: [],
    coverage: [],
    passed: [],
    notEvaluated: [],
    suspect: [],
    failed: []
  }
}

function inSeriesOrder(a: Reading, b: Reading): number {
  const [first, second] = [a, b].map(({ siteId, deviceId, quantity }) => `${siteId} ${deviceId} ${quantity}`)
  return first! < second! ? -1 : first! > second! ? 1 : 0
}

function partOf(rows: readonly Reading[], positionOf: (row: Reading) => number): ReadingsPart {
  return {
    kind: 'rows',
    time: Float64Array.from(rows, (row) => row.measuredAt),
    series: Uint32Array.from(rows, positionOf),
    value: Float64Array.from(rows, (row) => row.value),
    flag: Uint8Array.from(rows, (row) => row.flag),
    reasons: Uint32Array.from(rows, (row) => row.reasons),
    received: Float64Array.from(rows, (row) => row.receivedAt)
  }
}
