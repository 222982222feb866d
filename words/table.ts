/** "Show as table": the same numbers as the lines of the chart, in their order, each column with its unit. */
import { quantities, type Quantity } from '../model/quantity.ts'
import { numberText, shareText, unitLabel, windowText } from './format.ts'
import type { ChartWindow } from './guideline.ts'
import { align, type MiddleColumns, type SiteLine } from './series.ts'
import type { TextContext } from './words.ts'

export interface TableFacts {
  quantity: Quantity
  window: ChartWindow
}

export interface ChartTable {
  columns: string[]
  rows: TableRow[]
}

export interface TableRow {
  time: string
  cells: string[]
}

type TableContext = TextContext<'common' | 'street'>
type Column = readonly (number | null | undefined)[]

/** Where there is a street value: the median and its middle half, of how many, and how much was measured; of homes none of this. */
export function middleTable(context: TableContext, middle: MiddleColumns, facts: TableFacts): ChartTable {
  const say = context.words.street.columns
  const { time, median, p25, p75, sites, coverage, basis } = middle
  if (basis === 'homes') {
    return {
      columns: [say.time, named(context, say.typical, facts.quantity)],
      rows: tableRows(context, facts, time, { values: [median] })
    }
  }
  const values = [say.middle, say.low, say.high].map((name) => named(context, name, facts.quantity))
  return {
    columns: [say.time, ...values, say.sites, say.coverage],
    rows: tableRows(context, facts, time, {
      values: [median, p25, p75],
      counts: sites,
      coverage: [coverage ?? []]
    })
  }
}

/** Where each line is one sensor: its values, its doubtful ones, and its coverage where that is known. */
export function linesTable(context: TableContext, lines: readonly SiteLine[], facts: TableFacts): ChartTable {
  const { street, common } = context.words
  const say = street.columns
  const suspects = lines.filter(({ doubtful }) => doubtful && doubtful.time.length > 0)
  const covered = lines.filter(({ coverage }) => coverage !== undefined)
  const [time, ...columns] = align([
    ...lines,
    ...suspects.map(({ doubtful }) => doubtful!),
    ...covered.map((line) => ({ time: line.time, value: line.coverage! }))
  ])
  const values = lines.length + suspects.length
  const label = named(context, common.labels[facts.quantity], facts.quantity)
  return {
    columns: [
      say.time,
      ...lines.map((line) => `${line.name}: ${label}`),
      ...suspects.map((line) => say.doubtfulOf(line.name)),
      ...covered.map((line) => say.coverageOf(line.name))
    ],
    rows: tableRows(context, facts, time, {
      values: columns.slice(0, values),
      coverage: columns.slice(values)
    })
  }
}

function named({ words }: TableContext, name: string, quantity: Quantity): string {
  const unit = unitLabel(words, quantities[quantity].unit)
  return unit === '' ? name : `${name}, ${unit}`
}

interface TableColumns {
  values: readonly Column[]
  counts?: readonly (number | null)[]
  coverage?: readonly Column[]
}

export function tableRows(
  context: TableContext,
  facts: TableFacts,
  time: readonly number[],
  { values, counts, coverage = [] }: TableColumns
): TableRow[] {
  const { words } = context
  const { decimals } = quantities[facts.quantity]
  const cell = (value: number | null | undefined, text: (value: number) => string): string =>
    value === null || value === undefined ? words.common.nothing : text(value)
  return time.map((at, i) => ({
    time: windowText(context, at, facts.window),
    cells: [
      ...values.map((column) => cell(column[i], (value) => numberText(words, value, decimals))),
      ...(counts ? [`${counts[i] ?? 0}`] : []),
      ...coverage.map((column) => cell(column[i], (share) => shareText(words, share)))
    ]
  }))
}
