/** Wide layouts: a row is a moment at a place, and each quantity is a column of its own. */
import { definitionOf, quantityNames, type Quantity } from '../../model/quantity.ts'
import type { ExportHead, ExportRows, WindowRows } from '../../store/promise/export.ts'
import { figureDecimals, toDecimals } from '../../model/decimals.ts'
import { derived as derivedOf, type DerivedName } from '../../model/derived.ts'
import { reasonList } from '../../model/flag.ts'
import { derivedValue } from '../../science/derived.ts'
import { columns } from './columns.ts'
import { filtered, type FlagChoice } from './readings-table.ts'
import { GrowingWords, seriesWords, type ExportPlaces } from './source.ts'
import type { Batch, Column, SeriesWords, Table, Values } from './table.ts'
import { coverageOf, coveredMeans, endsOf, type WindowsTableOptions } from './windows-table.ts'

/** Series that stand in one row: those of a site and a device. */
interface Rows {
  /** For each series the row's place, and the column of its quantity. */
  positionOf: Uint32Array
  columnOf: Uint32Array
  /** A head with a series for each place, so that words are found as for series. */
  places: ExportHead
  quantities: Quantity[]
}

function rowsOf({ series }: ExportHead): Rows {
  const known = new Map<string, number>()
  const places: ExportHead = { kind: 'head', series: [], corrections: [] }
  const quantities = quantityNames.filter((name) => series.some(({ quantity }) => quantity === name))
  const positionOf = Uint32Array.from(series, (one) => {
    const key = `${one.siteId} ${one.deviceId}`
    const place = known.get(key) ?? places.series.push(one) - 1
    known.set(key, place)
    return place
  })
  const columnOf = Uint32Array.from(series, ({ quantity }) => quantities.indexOf(quantity))
  return { positionOf, columnOf, places, quantities }
}

function quantityColumn(quantity: Quantity): Column {
  const { label, unit } = definitionOf(quantity)
  return { name: quantity, kind: 'number', nullable: true, unit, description: `${label} in ${unit}` }
}

function derivedColumn(name: DerivedName): Column {
  const { label, unit } = derivedOf[name]
  const description = `${label} in ${unit}, computed from temperature and humidity`
  return { name, kind: 'number', nullable: true, unit, description }
}

/** Rows come by time and then by series, so what belongs into one row follows each other. */
export function wideReadings(
  head: ExportHead,
  rows: AsyncIterable<ExportRows>,
  { places, flags, derived }: { places: ExportPlaces; flags: FlagChoice; derived: readonly DerivedName[] }
): Table {
  const wide = rowsOf(head)
  const withFlags = flags !== 'drop'
  const perQuantity = wide.quantities.flatMap((quantity): Column[] => [
    quantityColumn(quantity),
    ...(withFlags
      ? ([
          { ...columns.flag, name: `${quantity}_flag`, nullable: true },
          { ...columns.reason, name: `${quantity}_reason` }
        ] as Column[])
      : [])
  ])
  const { time, street, site, device } = columns
  return {
    columns: [time, street, site, device, ...perQuantity, ...derived.map(derivedColumn)],
    sortedBy: ['time'],
    groupOf: new Uint32Array(),
    batches: wideBatches(wide, filtered(rows, flags), { places, withFlags, derived })
  }
}

async function* wideBatches(
  { positionOf, columnOf, places: rowPlaces, quantities }: Rows,
  rows: AsyncIterable<ExportRows>,
  {
    places,
    withFlags,
    derived
  }: { places: ExportPlaces; withFlags: boolean; derived: readonly DerivedName[] }
): AsyncGenerator<Batch> {
  const words = [
    seriesWords(rowPlaces, ({ siteId }) => places[siteId]?.street ?? ''),
    seriesWords(rowPlaces, ({ siteId }) => siteId),
    seriesWords(rowPlaces, ({ deviceId }) => deviceId)
  ]
  const [temperature, humidity] = [quantities.indexOf('temperature'), quantities.indexOf('humidity')]
  const withDerived = (from: WideRows, batch: Batch): Batch => ({
    ...batch,
    columns: [
      ...batch.columns,
      ...derived.map((name) => from.derived(name, temperature, humidity, () => null))
    ]
  })
  const reasons = new GrowingWords((bits: number) => reasonList(bits).join(' '))
  const none = reasons.at(0)
  let open = new WideRows(quantities.length, none)
  for await (const part of rows) {
    for (let i = 0; i < part.time.length; i++) {
      const place = positionOf[part.series[i]!]!
      if (!open.isAt(part.time[i]!, place)) {
        // The row that is open may go on in the next part, so only rows before it leave.
        if (open.rows >= wideRowsAtOnce) {
          yield withDerived(open, open.batch(words, { withFlags, reasons }))
          open = new WideRows(quantities.length, none)
        }
        open.begin(part.time[i]!, place)
      }
      const column = columnOf[part.series[i]!]!
      open.set(column, part.value[i]!, part.flag[i]!, withFlags ? reasons.at(part.reasons[i]!) : none)
    }
  }
  if (open.rows > 0) yield withDerived(open, open.batch(words, { withFlags, reasons }))
}

/** Forty quantities with their flags and reasons are about 4 MB. */
const wideRowsAtOnce = 8_192

class WideRows {
  rows = 0
  readonly #time = new Float64Array(wideRowsAtOnce + 1)
  readonly #place = new Uint32Array(wideRowsAtOnce + 1)
  readonly #value: Float64Array[]
  readonly #flag: Uint8Array[]
  readonly #reason: Uint32Array[]

  constructor(quantities: number, noReason: number) {
    const each = <A>(make: () => A): A[] => Array.from({ length: quantities }, make)
    this.#value = each(() => new Float64Array(wideRowsAtOnce + 1).fill(NaN))
    this.#flag = each(() => new Uint8Array(wideRowsAtOnce + 1))
    this.#reason = each(() => new Uint32Array(wideRowsAtOnce + 1).fill(noReason))
  }

  isAt(time: number, place: number): boolean {
    const last = this.rows - 1
    return last >= 0 && this.#time[last] === time && this.#place[last] === place
  }

  begin(time: number, place: number): void {
    this.#time[this.rows] = time
    this.#place[this.rows] = place
    this.rows++
  }

  set(column: number, value: number, flag: number, reason: number): void {
    const row = this.rows - 1
    this.#value[column]![row] = value
    this.#flag[column]![row] = flag
    this.#reason[column]![row] = reason
  }

  /** Of each row, from the columns of temperature and humidity; NaN where one of them is missing or failed. */
  derived(
    name: DerivedName,
    temperature: number,
    humidity: number,
    outdoorGm3: (place: number, time: number) => number | null
  ): Float64Array {
    const good = (column: number, row: number): number | null => {
      const value = this.#value[column]?.[row] ?? NaN
      return Number.isNaN(value) || this.#flag[column]![row] === 4 ? null : value
    }
    return Float64Array.from({ length: this.rows }, (_, row) => {
      const air = { temperatureC: good(temperature, row), humidity: good(humidity, row) }
      const outdoor = outdoorGm3(this.#place[row]!, this.#time[row]!)
      return toDecimals(derivedValue(name, { ...air, outdoorGm3: outdoor }) ?? NaN, figureDecimals)
    })
  }

  batch(
    words: readonly SeriesWords[],
    { withFlags, reasons }: { withFlags: boolean; reasons: GrowingWords<number> }
  ): Batch {
    const { rows } = this
    const perQuantity = this.#value.flatMap((value, column): Values[] => [
      value.subarray(0, rows),
      ...(withFlags
        ? [
            this.#flag[column]!.subarray(0, rows),
            { words: reasons.words, index: this.#reason[column]!.subarray(0, rows) }
          ]
        : [])
    ])
    return {
      rows,
      series: this.#place.subarray(0, rows),
      columns: [this.#time.subarray(0, rows), ...words, ...perQuantity]
    }
  }
}

/** Means with the coverage that they have; rows of one moment and site follow each other. */
export function wideWindows(
  head: ExportHead,
  rows: AsyncIterable<WindowRows>,
  options: WindowsTableOptions
): Table {
  const wide = rowsOf(head)
  const { time, until, street, site, coverage } = columns
  const perQuantity = wide.quantities.flatMap((quantity): Column[] => [
    quantityColumn(quantity),
    { ...coverage, name: `${quantity}_coverage` }
  ])
  return {
    columns: [time, until, street, site, ...perQuantity, ...options.derived.map(derivedColumn)],
    sortedBy: ['time'],
    groupOf: new Uint32Array(),
    batches: wideWindowBatches(wide, rows, options)
  }
}

async function* wideWindowBatches(
  { positionOf, columnOf, places, quantities }: Rows,
  rows: AsyncIterable<WindowRows>,
  options: WindowsTableOptions
): AsyncGenerator<Batch> {
  const words = [
    seriesWords(places, ({ siteId }) => options.places[siteId]?.street ?? ''),
    seriesWords(places, ({ siteId }) => siteId)
  ]
  // A column for each mean, and one for its coverage.
  let open = new WideRows(2 * quantities.length, 0)
  const taken = (): Batch => {
    const { rows, series, columns: all } = open.batch([], { withFlags: false, reasons: noReasons })
    const [time, ...values] = all as Float64Array[]
    const [temperature, humidity] = [quantities.indexOf('temperature'), quantities.indexOf('humidity')]
    const outdoor = (place: number, at: number): number | null =>
      options.outdoorGm3(places.series[place]!.siteId, at)
    const made = options.derived.map((name) => open.derived(name, 2 * temperature, 2 * humidity, outdoor))
    open = new WideRows(2 * quantities.length, 0)
    return { rows, series, columns: [time!, endsOf(time!, options), ...words, ...values, ...made] }
  }
  for await (const part of rows) {
    const coverage = coverageOf(part)
    const mean = coveredMeans(part.mean, coverage, options.coverageMin)
    for (let i = 0; i < part.time.length; i++) {
      const [series, time] = [part.series[i]!, part.time[i]!]
      if (!open.isAt(time, positionOf[series]!)) {
        if (open.rows >= wideRowsAtOnce) yield taken()
        open.begin(time, positionOf[series]!)
      }
      open.set(2 * columnOf[series]!, mean[i]!, 0, 0)
      open.set(2 * columnOf[series]! + 1, coverage[i]!, 0, 0)
    }
  }
  if (open.rows > 0) yield taken()
}

const noReasons = new GrowingWords((_bits: number) => '')
