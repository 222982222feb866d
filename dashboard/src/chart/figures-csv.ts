/** The figures of a chart as a CSV file (RFC 4180), for those whose single readings are not public. */
import { toIso, type UnixMs } from '../../../model/time.ts'
import type { MiddleColumns } from '../../../words/series.ts'

export function figuresCsv({ middle }: { middle: MiddleColumns }, unit: string): Blob {
  return new Blob([figuresText(middle, unit)], { type: 'text/csv;charset=utf-8' })
}

export function figuresText(middle: MiddleColumns, unit: string): string {
  if (middle.basis === 'homes') {
    const days = middle.time.map((at, i) => [toIso(at as UnixMs), middle.median[i] ?? '', unit].join(','))
    return ['time,typical,unit', ...days, ''].join('\r\n')
  }
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
  return ['time,median,p25,p75,sites,unit', ...lines, ''].join('\r\n')
}
