/**
 * An export as one Parquet file. DuckDB writes it without a reading passing through here, several times as fast as text:
 * slice after slice, so that a sort stays small, and then all of them as one file, whose bytes are handed on.
 */
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { reasons } from '../../../model/flag.ts'
import { definitionOf } from '../../../model/quantity.ts'
import { rankSeries, wantedSeries, type Ranks } from '../../export-chunks.ts'
import type { ParquetQuery } from '../../promise/export.ts'
import type { Core } from '../core.ts'
import { exportFolder, textLiteral } from '../file/database.ts'
import { nameWanted, nextSlice, reachOf, told } from './exporter.ts'
import { parquetPieceBytes, parquetSliceRowsMax } from '../../limits.ts'

/** Nothing is handed on before the file is whole: what goes wrong until then is an error and not half a file. */
export async function* exportParquet(core: Core, query: ParquetQuery): AsyncGenerator<Uint8Array> {
  const exports = exportFolder(core.settings.file)
  await mkdir(exports, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(exports, 'parquet-'))
  try {
    yield* bytesOf(await writeFile(core, query, folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeFile(core: Core, query: ParquetQuery, folder: string): Promise<string> {
  const wanted = wantedSeries(core, query).filter(({ corrected }) => corrected === undefined)
  const ranks = rankSeries(wanted)
  const connection = await told(core, () => core.database.connect())
  try {
    return await told(core, async () => {
      await nameWanted(connection, ranks)
      const parts = await writeParts(connection, query, ranks, folder)
      const whole = join(folder, 'whole.parquet')
      await connection.run(
        `COPY (SELECT ${columnsSql(ranks, query.streets)} FROM read_parquet([${parts.map(textLiteral).join(',')}]) s)
         TO ${textLiteral(whole)} (FORMAT parquet, COMPRESSION zstd)`
      )
      return whole
    })
  } finally {
    connection.closeSync()
  }
}

/** Numbers in time order, words come last; at least one part, so that a file without readings still has its columns. */
async function writeParts(
  connection: DuckDBConnection,
  query: ParquetQuery,
  ranks: Ranks,
  folder: string
): Promise<string[]> {
  const parts: string[] = []
  const write = async (from: number, until: number): Promise<void> => {
    const part = join(folder, `${parts.length}.parquet`)
    await connection.run(
      `COPY (SELECT r.time, w.rank, r.value, r.flag, r.reasons, r.delay
         FROM readings r JOIN temp.wanted w ON w.series = r.series
         WHERE r.time >= ${from} AND r.time < ${until} ORDER BY r.time, w.rank)
       TO ${textLiteral(part)} (FORMAT parquet, COMPRESSION snappy)`
    )
    parts.push(part)
  }
  const { from, until } = reachOf(query, ranks.series)
  for await (const slice of slices(connection, from, until)) await write(slice.from, slice.until)
  if (parts.length === 0) await write(0, 0)
  return parts
}

async function* slices(
  connection: DuckDBConnection,
  begin: number,
  until: number
): AsyncGenerator<{ from: number; until: number }> {
  let from = begin
  let width = until - begin
  while (from < until) {
    const slice = await nextSlice(connection, from, until, width, parquetSliceRowsMax)
    if (!slice) return
    yield slice
    from = slice.until
    width = (slice.until - slice.from) * (slice.rows < parquetSliceRowsMax / 2 ? 2 : 1)
  }
}

/** The columns of the CSV; moments are moments (UTC, milliseconds) and need no text. */
function columnsSql(
  { series, sites, devices, quantities, place }: Ranks,
  streets: ParquetQuery['streets']
): string {
  const ofRank = (word: (at: (typeof place)[number]) => string): string =>
    series.length === 0 ? "''" : `(${enumList(place.map(word))})[s.rank + 1]`
  return [
    'make_timestamptz(s.time * 1000) AS time',
    `${ofRank((at) => streets[sites[at.site]!] ?? '')} AS street`,
    `${ofRank((at) => sites[at.site]!)} AS site`,
    `${ofRank((at) => devices[at.device]!)} AS device`,
    `${ofRank((at) => quantities[at.quantity]!)} AS quantity`,
    's.value AS value',
    `${ofRank((at) => definitionOf(quantities[at.quantity]!).unit)} AS unit`,
    's.flag AS flag',
    `CASE WHEN s.reasons = 0 THEN '' ELSE concat_ws(' ', ${reasonWords}) END AS reason`,
    'make_timestamptz((s.time + s.delay) * 1000) AS received'
  ].join(', ')
}

/**
 * As an ENUM a word is already a number of the file's dictionary, and in the file it is text like any other: looking
 * each text up in that dictionary took more than half of the time of the whole export.
 */
function enumList(words: readonly string[]): string {
  const kinds = [...new Set(words)].map(textLiteral).join(',')
  return `[${words.map(textLiteral).join(',')}]::ENUM(${kinds})[]`
}

/** As `reasonList`: each bit's name, in their order. */
const reasonWords = Object.keys(reasons)
  .map((name, bit) => `CASE WHEN s.reasons & ${1 << bit} <> 0 THEN '${name}' END`)
  .join(', ')

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file)
  try {
    for (;;) {
      const piece = new Uint8Array(parquetPieceBytes)
      const { bytesRead } = await handle.read(piece, 0, parquetPieceBytes)
      if (bytesRead === 0) return
      yield bytesRead === parquetPieceBytes ? piece : piece.slice(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
