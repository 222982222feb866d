/** A download as researchers choose it: its address, and the same request as lines for their own programs. Pure. */
import type { ExportFormatName } from '../contract/export.ts'
import type { Quantity } from '../model/quantity.ts'

export const snippetNames = ['curl', 'pandas', 'polars', 'duckdb', 'r'] as const
export type SnippetName = (typeof snippetNames)[number]

/** What can be chosen of a download; the first of each is what the export assumes. */
export const dataChoices = {
  window: ['raw', 'hour', 'day'],
  values: ['raw', 'corrected'],
  layout: ['long', 'wide'],
  flags: ['keep', 'drop'],
  format: ['csv', 'jsonl', 'parquet', 'arrow']
} as const satisfies Record<string, readonly string[]> & { format: readonly ExportFormatName[] }

type Chosen<K extends keyof typeof dataChoices> = (typeof dataChoices)[K][number]

export interface DataRequest {
  /** Ids; empty for all. */
  streets: readonly string[]
  /** Empty for all that are measured. */
  quantities: readonly Quantity[]
  /** First and last civil day of the hub, both included; '' for no limit. */
  firstDay: string
  lastDay: string
  window: Chosen<'window'>
  values: Chosen<'values'>
  layout: Chosen<'layout'>
  flags: Chosen<'flags'>
  format: ExportFormatName
}

/** What the export takes as its query; what it would assume anyway is left out. */
export function exportQuery(request: DataRequest): URLSearchParams {
  const { streets, quantities, firstDay, lastDay, window, values, layout, flags, format } = request
  const query = new URLSearchParams()
  if (streets.length > 0) query.set('street', streets.join(','))
  if (quantities.length > 0) query.set('quantity', quantities.join(','))
  if (firstDay) query.set('from', firstDay)
  if (lastDay) query.set('until', dayAfter(lastDay))
  if (window !== 'raw') query.set('window', window)
  if (values !== 'raw') query.set('values', values)
  if (layout !== 'long') query.set('layout', layout)
  // Hours and days count their readings by flag instead.
  if (flags !== 'keep' && window === 'raw') query.set('flags', flags)
  if (format !== 'csv') query.set('format', format)
  return query
}

/** The path of the download; commas stay readable, as they are allowed there (RFC 3986, 3.4). */
export function exportPath(request: DataRequest, part: '' | '/estimate' = ''): string {
  const query = exportQuery(request).toString().replaceAll('%2C', ',')
  return `/api/v1/readings${part}${query ? `?${query}` : ''}`
}

/** '2026-10-31' → '2026-11-01': the export ends before the day that it is told. */
export function dayAfter(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return new Date(Date.UTC(year!, month! - 1, date! + 1)).toISOString().slice(0, 10)
}

/** "ashley-road_pm2_5_2026-10-01_2026-10-31.csv" */
export function exportFileName({
  streets,
  quantities,
  firstDay,
  lastDay,
  window,
  format
}: DataRequest): string {
  const some = (names: readonly string[]): string =>
    names.length > 0 && names.length <= 3 ? names.join('-') : ''
  const parts = [some(streets), some(quantities), window === 'raw' ? '' : `${window}s`, firstDay, lastDay]
  return `${['lamppost', ...parts.filter(Boolean)].join('_')}.${format}`
}

/** Lines that give the request to a program; each but curl reads the file that suits its language. */
export function snippet(name: SnippetName, origin: string, request: DataRequest): string {
  const as = (format: ExportFormatName, more: Partial<DataRequest> = {}): string =>
    `${origin}${exportPath({ ...request, ...more, format })}`
  switch (name) {
    case 'curl':
      return `curl --fail --compressed --output ${exportFileName(request)} \\\n  '${as(request.format)}'`
    case 'pandas':
      return [
        'import pandas as pd',
        '',
        `url = "${as('csv')}"`,
        'df = pd.read_csv(url, parse_dates=["time"])',
        'print(df.describe())'
      ].join('\n')
    case 'polars':
      return [
        'import io, urllib.request',
        'import polars as pl',
        '',
        `url = "${as('parquet')}"`,
        'df = pl.read_parquet(io.BytesIO(urllib.request.urlopen(url).read()))',
        'print(df.describe())'
      ].join('\n')
    case 'duckdb':
      return [
        'import urllib.request',
        'import duckdb',
        '',
        `url = "${as('parquet')}"`,
        'urllib.request.urlretrieve(url, "readings.parquet")',
        `print(duckdb.sql("SUMMARIZE SELECT * FROM 'readings.parquet'"))`
      ].join('\n')
    case 'r':
      return [
        '# openair wants a column "date" and a column for each measurement.',
        `url <- "${as('csv', { layout: 'wide' })}"`,
        'data <- read.csv(url)',
        'data$date <- as.POSIXct(data$time, format = "%Y-%m-%dT%H:%M:%OS", tz = "UTC")',
        'summary(data)',
        '# openair::timePlot(data, pollutant = "pm2_5")'
      ].join('\n')
  }
}

/** Compares the file with its receipt, with tools that are everywhere. */
export function wholeCheck(origin: string, request: DataRequest): string {
  const file = exportFileName(request)
  return [
    `curl --fail --dump-header headers.txt --output ${file} '${origin}${exportPath(request)}'`,
    `id=$(sed -n 's/^lamppost-export: *//Ip' headers.txt | tr -d '\\r')`,
    `curl --fail --silent ${origin}/api/v1/readings/exports/$id | grep -o '"sha256":"[0-9a-f]*"'`,
    `sha256sum ${file}`
  ].join('\n')
}
