/**
 * A table as a stream of Apache Arrow record batches (IPC streaming format). It ends with the end-of-stream marker of eight
 * bytes, FF FF FF FF 00 00 00 00: a file without it was cut.
 */
import {
  AsyncByteQueue,
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Uint8,
  Utf8,
  Vector,
  type Data,
  type DataType
} from 'apache-arrow'
import { arrowBatchRows } from '../limits.ts'
import { int64sOf } from './int64.ts'
import {
  lookUp,
  type Batch,
  type Column,
  type GrownWords,
  type SeriesWords,
  type Table,
  type Values
} from './table.ts'

export async function* arrowPieces(
  { columns, batches }: Table,
  metadata: ReadonlyMap<string, string>
): AsyncGenerator<Uint8Array> {
  const fields = columns.map((column, id) => fieldOf(column, id))
  const schema = new Schema(fields, new Map(metadata))
  const pieces = new Pieces()
  const writer = new RecordBatchStreamWriter()
  writer.reset(pieces, schema)
  const dictionaries = new Map<SeriesWords, Vector<Utf8>>()
  // Also where no batch follows: the schema alone is a whole stream.
  yield* pieces.take()
  for await (const batch of batches) {
    for (let from = 0; from < batch.rows; from += arrowBatchRows) {
      const part = cut(batch, from, Math.min(batch.rows, from + arrowBatchRows))
      const children = fields.map((field, i) =>
        dataOf(field, columns[i]!, part.columns[i]!, part, dictionaries)
      )
      const data = makeData({ type: new Struct(fields), length: part.rows, nullCount: 0, children })
      writer.write(new RecordBatch(schema, data))
      yield* pieces.take()
    }
  }
  writer.finish()
  yield* pieces.take()
}

/** What was written, to be taken piece by piece. */
class Pieces extends AsyncByteQueue<Uint8Array> {
  #waiting: Uint8Array[] = []

  override write(value: Uint8Array): void {
    this.#waiting.push(value)
  }

  take(): Uint8Array[] {
    const taken = this.#waiting
    this.#waiting = []
    return taken
  }
}

function fieldOf({ name, kind, nullable, unit, description }: Column, id: number): Field {
  const metadata = new Map([
    ['description', description],
    ...(unit === undefined ? [] : ([['unit', unit]] as const))
  ])
  return new Field(name, typeOf(kind, id), nullable, metadata)
}

function typeOf(kind: Column['kind'], id: number): DataType {
  switch (kind) {
    case 'moment':
      return new TimestampMillisecond('UTC')
    case 'number':
      return new Float64()
    case 'count':
      return new Int32()
    case 'flag':
      return new Uint8()
    case 'word':
      return new Dictionary(new Utf8(), new Int32(), id)
    case 'text':
      return new Utf8()
  }
}

function dataOf(
  { type }: Field,
  { kind }: Column,
  values: Values,
  { rows: length, series }: Batch,
  dictionaries: Map<SeriesWords, Vector<Utf8>>
): Data {
  switch (kind) {
    case 'moment':
      return makeData({
        type: type as TimestampMillisecond,
        length,
        nullCount: 0,
        data: int64sOf(values as Float64Array)
      })
    case 'number':
      return makeData({
        type: type as Float64,
        length,
        data: values as Float64Array,
        ...missing(values as Float64Array)
      })
    case 'count':
      return makeData({
        type: type as Int32,
        length,
        data: Int32Array.from(values as Float64Array),
        ...missing(values as Float64Array)
      })
    case 'flag':
      return makeData({
        type: type as Uint8,
        length,
        data: values as Uint8Array,
        ...missing(values as Uint8Array)
      })
    case 'word': {
      const words = values as SeriesWords
      const dictionary = dictionaries.get(words) ?? dictionaryOf(words.words)
      dictionaries.set(words, dictionary)
      const data = new Int32Array(lookUp(words, series).buffer)
      return makeData({ type: type as Dictionary<Utf8, Int32>, length, nullCount: 0, data, dictionary })
    }
    case 'text':
      return textOf(values as GrownWords, type as Utf8)
  }
}

function dictionaryOf(words: readonly string[]): Vector<Utf8> {
  const index = Uint32Array.from(words.keys())
  return new Vector([textOf({ words, index }, new Utf8())])
}

function textOf({ words, index }: GrownWords, type: Utf8): Data<Utf8> {
  const encoder = new TextEncoder()
  const bytes: Uint8Array[] = []
  const valueOffsets = new Int32Array(index.length + 1)
  let end = 0
  for (let i = 0; i < index.length; i++) {
    end += (bytes[index[i]!] ??= encoder.encode(words[index[i]!])).length
    valueOffsets[i + 1] = end
  }
  const data = new Uint8Array(end)
  if (end > 0) for (let i = 0; i < index.length; i++) data.set(bytes[index[i]!]!, valueOffsets[i])
  return makeData({ type, length: index.length, nullCount: 0, valueOffsets, data })
}

/** NaN, and the flag 0, are missing: a bit for each value that is there, none where all are. */
function missing(values: Float64Array | Uint8Array): { nullCount: number; nullBitmap?: Uint8Array } {
  const isFlag = values instanceof Uint8Array
  let nullCount = 0
  for (let i = 0; i < values.length; i++) if (isFlag ? values[i] === 0 : Number.isNaN(values[i])) nullCount++
  if (nullCount === 0) return { nullCount }
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8))
  for (let i = 0; i < values.length; i++)
    if (isFlag ? values[i] !== 0 : !Number.isNaN(values[i])) nullBitmap[i >> 3]! |= 1 << (i & 7)
  return { nullCount, nullBitmap }
}

function cut(batch: Batch, from: number, until: number): Batch {
  if (from === 0 && until === batch.rows) return batch
  return {
    rows: until - from,
    series: batch.series.subarray(from, until),
    columns: batch.columns.map((values) => cutValues(values, from, until))
  }
}

function cutValues(values: Values, from: number, until: number): Values {
  if ('of' in values) return values
  if ('index' in values) return { words: values.words, index: values.index.subarray(from, until) }
  return values.subarray(from, until)
}
