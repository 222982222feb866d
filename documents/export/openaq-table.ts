/** Readings in the layout of OpenAQ's archive (docs.openaq.org, "Data files"), for programs that read that. */
import { isMeasured, type Quantity } from '../../model/quantity.ts'
import type { ExportHead, ExportRows } from '../../store/promise/export.ts'
import { columns } from './columns.ts'
import { filtered, type FlagChoice } from './readings-table.ts'
import { seriesWords, unitOf, type ExportPlaces } from './source.ts'
import type { Batch, Column, Table } from './table.ts'

/** Their names where they differ from ours. */
const parameterNames: Partial<Record<Quantity, string>> = {
  pm2_5: 'pm25',
  humidity: 'relativehumidity'
}

const column = (name: string, kind: Column['kind'], description: string): Column => ({
  name,
  kind,
  nullable: kind === 'number',
  description
})

const openAqColumns: Column[] = [
  column('location_id', 'word', 'Id of the site'),
  column('sensors_id', 'word', 'Id of the site and what is measured there'),
  column('location', 'word', 'Name of the site and its street'),
  { ...columns.time, name: 'datetime' },
  column(
    'lat',
    'number',
    'Latitude, as exactly as the public may know it; missing where nobody drew the street'
  ),
  column('lon', 'number', 'Longitude, likewise'),
  column('parameter', 'word', 'What was measured, by the name that OpenAQ has for it'),
  column('units', 'word', 'Unit of the value'),
  column('value', 'number', 'As it was sent')
]

export function openAqTable(
  head: ExportHead,
  rows: AsyncIterable<ExportRows>,
  { places, flags }: { places: ExportPlaces; flags: FlagChoice }
): Table {
  return {
    columns: openAqColumns,
    sortedBy: ['datetime'],
    groupOf: new Uint32Array(),
    batches: batchesOf(head, filtered(rows, flags), places)
  }
}

async function* batchesOf(
  head: ExportHead,
  rows: AsyncIterable<ExportRows>,
  places: ExportPlaces
): AsyncGenerator<Batch> {
  const degrees = (of: 'latitude' | 'longitude'): Float64Array =>
    Float64Array.from(head.series, ({ siteId }) => places[siteId]?.[of] ?? NaN)
  const [latitude, longitude] = [degrees('latitude'), degrees('longitude')]
  const before = [
    seriesWords(head, ({ siteId }) => siteId),
    seriesWords(head, ({ siteId, quantity }) => `${siteId}/${quantity}`),
    seriesWords(
      head,
      ({ siteId }) => `${places[siteId]?.siteName ?? siteId}, ${places[siteId]?.streetName ?? ''}`
    )
  ]
  const after = [
    seriesWords(
      head,
      ({ quantity }) => (isMeasured(quantity) ? parameterNames[quantity] : undefined) ?? quantity
    ),
    seriesWords(head, ({ quantity }) => unitOf(quantity))
  ]
  for await (const { time, series, value } of rows)
    yield {
      rows: time.length,
      series,
      columns: [...before, time, each(latitude, series), each(longitude, series), ...after, value]
    }
}

function each(of: Float64Array, series: Uint32Array): Float64Array {
  const values = new Float64Array(series.length)
  for (let i = 0; i < series.length; i++) values[i] = of[series[i]!]!
  return values
}
