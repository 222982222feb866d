/** One column of one row group: its pages, compressed, and what the footer says of them. */
import { zstdCompressSync, constants } from 'node:zlib'
import { ByteWriter } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js'
import type { writeMetadata } from 'hyparquet-writer/src/metadata.js'
import { dictionaryNumbersMax } from '../../limits.ts'
import { lookUp, type Column, type GrownWords, type SeriesWords, type Values } from '../table.ts'
import { bitsOf, deltaBinaryPacked } from './delta.ts'

export type FileMetadata = Parameters<typeof writeMetadata>[1]
export type SchemaElement = FileMetadata['schema'][number]
export type ColumnChunk = FileMetadata['row_groups'][number]['columns'][number]
type ColumnMetadata = NonNullable<ColumnChunk['meta_data']>
type Statistics = NonNullable<ColumnMetadata['statistics']>

export function schemaOf({ name, kind, nullable }: Column): SchemaElement {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED'
  switch (kind) {
    case 'moment':
      return {
        name,
        type: 'INT64',
        repetition_type,
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' }
      }
    case 'number':
      return { name, type: 'DOUBLE', repetition_type }
    case 'count':
      return { name, type: 'INT32', repetition_type }
    case 'flag':
      return { name, type: 'INT32', repetition_type, converted_type: 'UINT_8' }
    case 'word':
    case 'text':
      return {
        name,
        type: 'BYTE_ARRAY',
        repetition_type,
        converted_type: 'UTF8',
        logical_type: { type: 'STRING' }
      }
  }
}

/** Values as the file keeps them: those that are there, and where they are missing. */
interface Encoded {
  type: ColumnMetadata['type']
  encoding: 'DELTA_BINARY_PACKED' | 'PLAIN' | 'RLE_DICTIONARY'
  /** The page of the dictionary, for RLE_DICTIONARY. */
  dictionary?: { bytes: Uint8Array; count: number }
  data: Uint8Array
  statistics: Statistics
}

export interface ColumnOfGroup {
  values: Values
  series: Uint32Array
  rows: number
}

/** Appends the column's pages and gives its entry of the footer; `base` is where the writer's first byte stands in the file. */
export function writeColumn(
  writer: ByteWriter,
  base: number,
  column: Column,
  of: ColumnOfGroup
): ColumnChunk {
  const { rows } = of
  const present = column.nullable ? presence(of.values, rows) : undefined
  const nulls = present?.nulls ?? 0
  const encoded = encode(column, of, present)
  const start = writer.offset
  let uncompressed = 0
  if (encoded.dictionary) {
    const { bytes, count } = encoded.dictionary
    uncompressed += writePage(writer, bytes, bytes.length, {
      type: 'DICTIONARY_PAGE',
      dictionary_page_header: { num_values: count, encoding: 'PLAIN' }
    })
  }
  const dataStart = writer.offset
  const levels = present ? levelsOf(present.bits, rows) : new Uint8Array()
  uncompressed += writePage(
    writer,
    encoded.data,
    encoded.data.length,
    {
      type: 'DATA_PAGE_V2',
      data_page_header_v2: {
        num_values: rows,
        num_nulls: nulls,
        num_rows: rows,
        encoding: encoded.encoding,
        definition_levels_byte_length: levels.length,
        repetition_levels_byte_length: 0,
        is_compressed: true
      }
    },
    levels
  )
  return {
    file_offset: BigInt(base + start),
    meta_data: {
      type: encoded.type,
      encodings: encoded.dictionary ? ['PLAIN', encoded.encoding] : [encoded.encoding],
      path_in_schema: [column.name],
      codec: 'ZSTD',
      num_values: BigInt(rows),
      total_uncompressed_size: BigInt(uncompressed),
      total_compressed_size: BigInt(writer.offset - start),
      data_page_offset: BigInt(base + dataStart),
      ...(encoded.dictionary && { dictionary_page_offset: BigInt(base + start) }),
      statistics: { ...encoded.statistics, null_count: BigInt(nulls) }
    }
  }
}

type PageHeader = Parameters<typeof writePageHeader>[1]

/** Level 1: half as large again as level 3 in a fifth of the time would be a bad trade, but they differ by a tenth. */
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Levels stand before the data and are not compressed (data page version 2). Gives the size before compression. */
function writePage(
  writer: ByteWriter,
  data: Uint8Array,
  dataBytes: number,
  header: Omit<PageHeader, 'uncompressed_page_size' | 'compressed_page_size'>,
  levels: Uint8Array = new Uint8Array()
): number {
  const compressed = zstdCompressSync(data, compression)
  const start = writer.offset
  writePageHeader(writer, {
    ...header,
    uncompressed_page_size: levels.length + dataBytes,
    compressed_page_size: levels.length + compressed.length
  })
  const headerBytes = writer.offset - start
  writer.appendBytes(levels)
  writer.appendBytes(compressed)
  return headerBytes + levels.length + dataBytes
}

/** Of each row whether it has a value. */
interface Presence {
  bits: Uint8Array
  nulls: number
}

function presence(values: Values, rows: number): Presence {
  const bits = new Uint8Array(rows).fill(1)
  let nulls = 0
  if (values instanceof Float64Array || values instanceof Uint8Array) {
    const isFlag = values instanceof Uint8Array
    for (let i = 0; i < rows; i++) {
      if (isFlag ? values[i] !== 0 : !Number.isNaN(values[i])) continue
      bits[i] = 0
      nulls++
    }
  }
  return { bits, nulls }
}

function levelsOf(bits: Uint8Array, rows: number): Uint8Array {
  const writer = new ByteWriter(rows / 8 + 16)
  writeRleBitPackedHybrid(writer, bits, 1)
  return writer.getBytes()
}

function encode(column: Column, { values, series }: ColumnOfGroup, present: Presence | undefined): Encoded {
  switch (column.kind) {
    case 'moment':
      return encodeMoments(values as Float64Array)
    case 'number':
      return encodeNumbers(there(values as Float64Array, present), 'DOUBLE')
    case 'count':
      return encodeNumbers(there(values as Float64Array, present), 'INT32')
    case 'flag':
      return encodeNumbers(there(Float64Array.from(values as Uint8Array), present), 'INT32')
    case 'word':
      return encodeWords((values as SeriesWords).words, lookUp(values as SeriesWords, series))
    case 'text':
      return encodeWords((values as GrownWords).words, (values as GrownWords).index)
  }
}

function there(values: Float64Array, present: Presence | undefined): Float64Array {
  return present && present.nulls > 0 ? values.filter((_value, i) => present.bits[i] === 1) : values
}

function encodeMoments(values: Float64Array): Encoded {
  const { least, most } = extent(values)
  return {
    type: 'INT64',
    encoding: 'DELTA_BINARY_PACKED',
    data: deltaBinaryPacked(values),
    statistics: values.length > 0 ? { min_value: BigInt(least), max_value: BigInt(most) } : {}
  }
}

function encodeNumbers(values: Float64Array, type: 'DOUBLE' | 'INT32'): Encoded {
  const { least, most } = extent(values)
  // [parquet.thrift, ColumnOrder] A zero that is the least is told as -0, one that is the most as +0.
  const statistics =
    values.length > 0
      ? { min_value: least === 0 && type === 'DOUBLE' ? -0 : least, max_value: most === 0 ? 0 : most }
      : {}
  const found = distinct(values)
  const plain = (of: Float64Array): Uint8Array =>
    new Uint8Array(type === 'DOUBLE' ? of.slice().buffer : Int32Array.from(of).buffer)
  if (!found) return { type, encoding: 'PLAIN', data: plain(values), statistics }
  return {
    type,
    encoding: 'RLE_DICTIONARY',
    dictionary: { bytes: plain(Float64Array.from(found.values)), count: found.values.length },
    data: indexPage(found.index, found.values.length),
    statistics
  }
}

function extent(values: Float64Array): { least: number; most: number } {
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < least) least = value
    if (value > most) most = value
  }
  return { least, most }
}

/** undefined where there are too many for a dictionary to pay. */
function distinct(values: Float64Array): { values: number[]; index: Uint32Array } | undefined {
  const known = new Map<number, number>()
  const list: number[] = []
  const index = new Uint32Array(values.length)
  let [last, at] = [NaN, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value !== last) {
      const found = known.get(value)
      if (found === undefined) {
        if (list.length === dictionaryNumbersMax) return undefined
        at = list.push(value) - 1
        known.set(value, at)
      } else at = found
      last = value
    }
    index[i] = at
  }
  return { values: list, index }
}

/** Of the words those that this group has, in the order in which they come. */
function encodeWords(words: readonly string[], index: Uint32Array): Encoded {
  const own = new Int32Array(words.length).fill(-1)
  const used: string[] = []
  const local = new Uint32Array(index.length)
  for (let i = 0; i < index.length; i++) {
    const word = index[i]!
    if (own[word] === -1) own[word] = used.push(words[word]!) - 1
    local[i] = own[word]!
  }
  const bytes = used.map((word) => Buffer.from(word, 'utf8'))
  const page = new ByteWriter()
  for (const word of bytes) {
    page.appendUint32(word.length)
    page.appendBytes(word)
  }
  const sorted = bytes.toSorted(Buffer.compare)
  const [least, most] = [sorted[0], sorted.at(-1)]
  return {
    type: 'BYTE_ARRAY',
    encoding: 'RLE_DICTIONARY',
    dictionary: { bytes: page.getBytes(), count: used.length },
    data: indexPage(local, used.length),
    statistics: least && most ? { min_value: least, max_value: most } : {}
  }
}

function indexPage(index: Uint32Array, count: number): Uint8Array {
  const writer = new ByteWriter(1024)
  const width = bitsOf(Math.max(0, count - 1))
  writer.appendUint8(width)
  writeRleBitPackedHybrid(writer, index, width)
  return writer.getBytes()
}
