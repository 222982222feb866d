/** "Show as table": the same numbers as the lines of the chart, in their order, each column with its unit. */
import { quantities, type Quantity } from '../../../model/quantity.ts'
import { align, type SiteLine } from '../chart/columns.ts'
import { numberText, unitLabel, windowText } from '../format.ts'
import type { ChartWindow } from '../guideline.ts'
import { words } from '../words/words.ts'
import { percentText, type MiddleColumns } from './chart.ts'

export interface TableFacts {
  quantity: Quantity
  window: ChartWindow
  zone: string
}

export interface ChartTable {
  columns: string[]
  rows: TableRow[]
}

const say = words.street.columns

/** Where there is a street value: the middle and its middle half, of how many, and how much was measured. */
export function middleTable(middle: MiddleColumns, facts: TableFacts): ChartTable {
  const { time, median, p25, p75, sites, coverage, basis } = middle
  const values = [say.middle, say.low, say.high].map((name) => withUnit(name, facts.quantity))
  return {
    columns: [say.time, ...values, basis === 'homes' ? say.homes : say.sites, say.coverage],
    rows: tableRows(time, [median, p25, p75], sites, facts, [coverage ?? []])
  }
}

/** Where each line is one sensor: its values, its doubtful ones, and its coverage where that is known. */
export function linesTable(lines: readonly SiteLine[], facts: TableFacts): ChartTable {
  const suspects = lines.filter(({ doubtful }) => doubtful && doubtful.time.length > 0)
  const covered = lines.filter(({ coverage }) => coverage !== undefined)
  const [time, ...columns] = align([
    ...lines,
    ...suspects.map(({ doubtful }) => doubtful!),
    ...covered.map((line) => ({ time: line.time, value: line.coverage! }))
  ])
  const values = lines.length + suspects.length
  const label = withUnit(quantities[facts.quantity].label, facts.quantity)
  return {
    columns: [
      say.time,
      ...lines.map((line) => `${line.name}: ${label}`),
      ...suspects.map((line) => say.doubtfulOf(line.name)),
      ...covered.map((line) => say.coverageOf(line.name))
    ],
    rows: tableRows(time, columns.slice(0, values), undefined, facts, columns.slice(values))
  }
}

function withUnit(name: string, quantity: Quantity): string {
  const unit = unitLabel(quantities[quantity].unit)
  return unit === '' ? name : `${name}, ${unit}`
}

export interface TableRow {
  time: string
  cells: string[]
}

export function tableRows(
  time: readonly number[],
  columns: readonly (readonly (number | null | undefined)[])[],
  counts: readonly number[] | undefined,
  facts: TableFacts,
  coverage: readonly (readonly (number | null | undefined)[])[] = []
): TableRow[] {
  const { decimals } = quantities[facts.quantity]
  return time.map((at, i) => ({
    time: windowText(at, facts.window, facts.zone),
    cells: [
      ...columns.map((column) => {
        const value = column[i]
        return value === null || value === undefined ? words.nothing : numberText(value, decimals)
      }),
      ...(counts ? [`${counts[i] ?? 0}`] : []),
      ...coverage.map((column) => {
        const share = column[i]
        return share === null || share === undefined ? words.nothing : percentText(share)
      })
    ]
  }))
}
