/** What a chart draws as CSV (RFC 4180): each column a line of it, to the digit, with its licence in the last row. */
import { quantities } from '../../../model/quantity.ts'
import { toIso, type UnixMs } from '../../../model/time.ts'
import { align, type Series } from '../../../words/series.ts'
import type { Drawn } from '../state/street-view.svelte.ts'

export function chartCsv(drawn: Drawn, source: string): string {
  const { unit } = quantities[drawn.shown.quantity]
  const columns = columnsOf(drawn)
  const [time, ...values] = align(columns.map(({ series }) => series))
  const head = ['time', ...columns.map(({ name }) => cell(name)), 'unit']
  const rows = time.map((at, i) => [toIso(at as UnixMs), ...values.map((column) => column[i] ?? ''), unit])
  return [head, ...rows, [cell(`# ${source}`)]].map((row) => row.join(',')).join('\r\n') + '\r\n'
}

function columnsOf({ middle, lines, alone }: Drawn): { name: string; series: Series }[] {
  const own = lines.flatMap(({ name, doubtful, ...line }) => [
    { name, series: line },
    ...(doubtful && doubtful.time.length > 0 ? [{ name: `${name} (doubtful)`, series: doubtful }] : [])
  ])
  if (alone) return own
  const of = (value: readonly (number | null)[]): Series => ({ time: middle.time, value })
  if (middle.basis === 'homes') return [{ name: 'typical', series: of(middle.median) }, ...own]
  return [
    { name: 'median', series: of(middle.median) },
    { name: 'p25', series: of(middle.p25) },
    { name: 'p75', series: of(middle.p75) },
    { name: 'sensors', series: of(middle.sites) },
    ...own
  ]
}

/** A name may hold anything; a spreadsheet would take one that begins with "=" for a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
