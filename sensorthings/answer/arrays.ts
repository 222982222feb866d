/** Observations as arrays (OGC 18-088, section 12) and as lines of CSV: each once, without the words around it. */
import { flagNames, reasonList } from '../../model/flag.ts'
import { observationId } from '../ids.ts'
import type { Row, Stream } from '../entities/entity.ts'
import { isoOf } from '../observations/reads.ts'
import { bad } from '../problem.ts'
import { idText, rowText } from './json.ts'
import { selfLink } from './links.ts'

const usualComponents = ['id', 'phenomenonTime', 'resultTime', 'result', 'resultQuality'] as const

/** By Datastream, in the order in which each comes first; within each in the order of the page. */
export function dataArrays(
  base: string,
  rows: readonly Row[],
  select: ReadonlySet<string> | undefined
): string {
  const components = [...(select ?? usualComponents)]
  if (components.some((name) => ['Datastream', 'FeatureOfInterest', 'selfLink'].includes(name)))
    throw bad(
      '$select: with $resultFormat=dataArray choose of id, phenomenonTime, resultTime, result, resultQuality and parameters.'
    )
  const byStream = Map.groupBy(rows, ({ series }) => series.stream)
  return [...byStream].map(([stream, own]) => dataArray(base, stream, own, components)).join(',')
}

function dataArray(
  base: string,
  { datastream }: Stream,
  rows: readonly Row[],
  components: readonly string[]
): string {
  const link = JSON.stringify(selfLink(base, datastream))
  const lines = rows.map((row) => `[${components.map((name) => component(row, name)).join(',')}]`)
  return (
    `{"Datastream@iot.navigationLink":${link},"components":${JSON.stringify(components)},` +
    `"dataArray@iot.count":${rows.length},"dataArray":[${lines.join(',')}]}`
  )
}

function component(row: Row, name: string): string {
  return name === 'id' ? idText(row) : rowText(row, name)
}

/** Nothing in it needs quotes: numbers, times, names of flags. */
const columns: Readonly<Record<string, (row: Row) => string>> = {
  id: (row) => observationId(row.series.number, row.at),
  phenomenonTime: ({ at, until }) => isoOf({ from: at, until }),
  resultTime: ({ until }) => isoOf({ from: until, until }),
  result: ({ value }) => String(value),
  flag: ({ flag }) => (flag === 0 ? '' : flagNames[flag]),
  reasons: ({ reasons }) => reasonList(reasons).join(' '),
  quantity: ({ series }) => series.stream.quantity,
  datastream: ({ series }) => String(series.stream.datastream.id)
}

/** Its columns have names of their own for the two parts of resultQuality. */
export function csvLines(rows: readonly Row[], select: ReadonlySet<string> | undefined): string {
  const chosen =
    select &&
    new Set(
      [...select].flatMap((name) =>
        name === 'resultQuality'
          ? ['flag', 'reasons']
          : [name.toLowerCase() === 'datastream' ? 'datastream' : name]
      )
    )
  const names = Object.keys(columns).filter((name) => !chosen || chosen.has(name))
  if (names.length === 0)
    throw bad(`$select: with $resultFormat=CSV there are ${Object.keys(columns).join(', ')}.`)
  const of = names.map((name) => columns[name]!)
  return (
    [names.join(','), ...rows.map((row) => of.map((column) => column(row)).join(','))].join('\r\n') + '\r\n'
  )
}
