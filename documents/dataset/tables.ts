/** The small tables of a dataset, as text: sites, days of homes, corrections; and how the numbers were made. */
import { flagNames, reasons } from '../../model/flag.ts'
import type { CorrectionRow } from '../../model/correction.ts'
import { definitionOf, quantities, type Quantity } from '../../model/quantity.ts'
import { coverageMin, dayValidHoursMin } from '../../model/limits.ts'
import { toIso } from '../../model/time.ts'
import type { PublishedDay } from '../../registry/promise/published-days.ts'
import { csvText } from '../export/csv.ts'
import type { ExportPlaces } from '../export/source.ts'

type Cell = string | number | null | undefined

function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string =>
    `${cells.map((cell) => (typeof cell === 'number' ? `${cell}` : csvText(cell ?? ''))).join(',')}\r\n`
  return [header, ...rows].map(line).join('')
}

export function sitesTable(places: ExportPlaces): string {
  return csv(
    ['site', 'street', 'street_name', 'name', 'latitude', 'longitude', 'kind'],
    Object.entries(places).map(([siteId, place]) => [
      siteId,
      place.street,
      place.streetName,
      place.siteName,
      place.latitude,
      place.longitude,
      place.isReference === true ? 'reference' : 'sensor'
    ])
  )
}

export function homesTable(days: readonly PublishedDay[]): string {
  return csv(
    ['street', 'date', 'from', 'until', 'quantity', 'value', 'unit'],
    days.map(({ streetId, date, from, until, quantity, value }) => [
      streetId,
      date,
      toIso(from),
      toIso(until),
      quantity,
      value,
      definitionOf(quantity).unit
    ])
  )
}

export function correctionsTable(
  corrections: readonly { siteId: string; quantity: Quantity; row: CorrectionRow }[]
): string {
  return csv(
    [
      'correction',
      'version',
      'site',
      'quantity',
      'formula',
      'formula_version',
      'coefficients',
      'from',
      'until'
    ],
    corrections.map(({ siteId, quantity, row }) => [
      row.correctionId,
      row.version,
      siteId,
      quantity,
      row.formula,
      row.formulaVersion,
      JSON.stringify(row.coefficients),
      row.from === null ? '' : toIso(row.from),
      row.until === null ? '' : toIso(row.until)
    ])
  )
}

/** The dictionary, with the version of the program that made everything. */
export function methodsText(lamppost: string): string {
  const rules = { hourCoverageMin: coverageMin, dayValidHoursMin }
  return `${JSON.stringify({ lamppost, rules, quantities, flags: flagNames, reasons }, null, 1)}\n`
}
