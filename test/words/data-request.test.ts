/** A download as researchers choose it: its address, its file name, and the lines for their programs. */
import { describe, expect, it } from 'vitest'
import { dayAfter, exportFileName, exportPath, snippet, type DataRequest } from '../../words/data-request.ts'

const all: DataRequest = {
  streets: [],
  quantities: [],
  firstDay: '',
  lastDay: '',
  window: 'raw',
  values: 'raw',
  layout: 'long',
  flags: 'keep',
  format: 'csv'
}

describe('the address of a download', () => {
  it.each<[Partial<DataRequest>, string]>([
    [{}, '/api/v1/readings'],
    [{ streets: ['a', 'b'], quantities: ['pm2_5'] }, '/api/v1/readings?street=a,b&quantity=pm2_5'],
    // The last day is in it, so the export ends before the next one.
    [{ firstDay: '2026-02-01', lastDay: '2026-02-28' }, '/api/v1/readings?from=2026-02-01&until=2026-03-01'],
    [{ window: 'hour', flags: 'drop', layout: 'wide' }, '/api/v1/readings?window=hour&layout=wide'],
    [
      { flags: 'drop', format: 'parquet', values: 'corrected' },
      '/api/v1/readings?values=corrected&flags=drop&format=parquet'
    ]
  ])('%j is %s', (more, path) => {
    expect(exportPath({ ...all, ...more })).toBe(path)
  })

  it('ends a year and a leap February where the calendar does', () => {
    expect(['2026-12-31', '2028-02-28', '2028-02-29'].map(dayAfter)).toEqual([
      '2027-01-01',
      '2028-02-29',
      '2028-03-01'
    ])
  })
})

it('a file is named by what is in it', () => {
  const some = {
    streets: ['ashley-road'],
    quantities: ['pm2_5'],
    firstDay: '2026-10-01',
    lastDay: '2026-10-31'
  } as const
  expect(exportFileName({ ...all, ...some, window: 'hour' })).toBe(
    'lamppost_ashley-road_pm2_5_hours_2026-10-01_2026-10-31.csv'
  )
  expect(exportFileName({ ...all, format: 'parquet' })).toBe('lamppost.parquet')
})

it('each program asks for the form that it reads best, of the same data', () => {
  const request = { ...all, streets: ['a'], format: 'arrow' } as const
  expect(snippet('pandas', 'http://hub', request)).toContain('"http://hub/api/v1/readings?street=a"')
  expect(snippet('polars', 'http://hub', request)).toContain('street=a&format=parquet')
  expect(snippet('r', 'http://hub', request)).toContain('street=a&layout=wide')
  expect(snippet('curl', 'http://hub', request)).toContain(
    "'http://hub/api/v1/readings?street=a&format=arrow'"
  )
})
