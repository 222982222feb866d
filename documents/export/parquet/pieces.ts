/**
 * A table as one Apache Parquet file, streamed: each row group leaves as soon as it is full, and the footer, which is what
 * readers begin with, comes last, so that a file that was cut cannot be opened. Pages are zstd-compressed. The library
 * writes the structure; pages are encoded here, since it takes four times as long from columns that already are
 * dictionaries.
 */
import { ByteWriter } from 'hyparquet-writer'
import { writeMetadata } from 'hyparquet-writer/src/metadata.js'
import { rowGroupRows } from '../../limits.ts'
import type { Batch, Table, Values } from '../table.ts'
import { schemaOf, writeColumn, type FileMetadata } from './column.ts'
import { GroupRows } from './group-rows.ts'

const magic = new TextEncoder().encode('PAR1')

export async function* parquetPieces(
  table: Table,
  metadata: ReadonlyMap<string, string>
): AsyncGenerator<Uint8Array> {
  yield magic
  const file = new FileWriter(table, magic.length)
  for await (const batch of table.batches) yield* file.add(batch)
  yield* file.end(metadata)
}

class FileWriter {
  readonly #table: Table
  readonly #rows: GroupRows
  readonly #groups: FileMetadata['row_groups'] = []
  #offset: number
  #count = 0

  constructor(table: Table, offset: number) {
    this.#table = table
    this.#rows = new GroupRows(table.columns, rowGroupRows.most)
    this.#offset = offset
  }

  *add(batch: Batch): Generator<Uint8Array> {
    for (let from = 0; from < batch.rows;) {
      const until = this.#groupEnd(batch, from)
      this.#rows.take(batch, from, until)
      from = until
      if (from < batch.rows || this.#rows.count === rowGroupRows.most) yield* this.#endGroup()
    }
  }

  /** How much of the batch goes into the group that is open: up to the next site once it has enough, and as it has room. */
  #groupEnd({ rows, series }: Batch, from: number): number {
    const { groupOf } = this.#table
    const room = Math.min(rows, from + rowGroupRows.most - this.#rows.count)
    if (groupOf.length === 0) return room
    let at = from + Math.max(0, rowGroupRows.least - this.#rows.count)
    for (; at < room; at++) {
      const before = at > from ? series[at - 1]! : this.#rows.lastSeries
      if (before !== undefined && groupOf[before] !== groupOf[series[at]!]) return Math.max(at, from)
    }
    return room
  }

  *#endGroup(): Generator<Uint8Array> {
    if (this.#rows.count === 0) return
    const { columns } = this.#table
    const writer = new ByteWriter(1 << 20)
    const { rows, series, columns: values }: Batch = this.#rows.batch()
    const chunks = columns.map((column, i) =>
      writeColumn(writer, this.#offset, column, { rows, series, values: values[i] as Values })
    )
    const bytes = writer.getBytes()
    this.#groups.push({
      columns: chunks,
      total_byte_size: chunks.reduce(
        (sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n),
        0n
      ),
      num_rows: BigInt(rows),
      ...this.#sorting(),
      file_offset: BigInt(this.#offset),
      total_compressed_size: BigInt(bytes.length)
    })
    this.#offset += bytes.length
    this.#count += rows
    this.#rows.clear()
    yield bytes
  }

  #sorting(): Pick<FileMetadata['row_groups'][number], 'sorting_columns'> {
    const { columns, sortedBy } = this.#table
    if (sortedBy.length === 0) return {}
    return {
      sorting_columns: sortedBy.map((name) => ({
        column_idx: columns.findIndex((column) => column.name === name),
        descending: false,
        nulls_first: false
      }))
    }
  }

  *end(metadata: ReadonlyMap<string, string>): Generator<Uint8Array> {
    yield* this.#endGroup()
    const writer = new ByteWriter(64 * 1024)
    const { columns } = this.#table
    writeMetadata(
      writer,
      {
        version: 2,
        schema: [{ name: 'lamppost', num_children: columns.length }, ...columns.map(schemaOf)],
        num_rows: BigInt(this.#count),
        row_groups: this.#groups,
        key_value_metadata: [...metadata].map(([key, value]) => ({ key, value })),
        created_by: 'lamppost'
      } as FileMetadata,
      Infinity
    )
    writer.appendBytes(magic)
    yield writer.getBytes()
  }
}
