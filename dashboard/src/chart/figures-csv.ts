/** The figures of a chart as a CSV file (RFC 4180), for those whose single readings are not public. */
import { toIso, type UnixMs } from '../../../model/time.ts'
import type { MiddleColumns } from '../../../words/series.ts'

export function figuresCsv({ middle }: { middle: MiddleColumns }, unit: string): Blob {
  return new Blob([figuresText(middle, unit)], { type: 'text/csv;charset=utf-8' })
}

export function figuresText(middle: MiddleColumns, unit: string): string {
  const count = middle.basis === 'homes' ? 'homes' : 'sites'
  const lines = middle.time.map((at, i) =>
    [
      toIso(at as UnixMs),
      middle.median[i] ?? '',
      middle.p25[i] ?? '',
      middle.p75[i] ?? '',
      middle.sites[i] ?? '',
      unit
    ].join(',')
  )
  return [`time,median,p25,p75,${count},unit`, ...lines, ''].join('\r\n')
}
