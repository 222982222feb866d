/** The file behind the store: opened with its limits, locked down, and asked over a few connections. */
import { existsSync } from 'node:fs'
import duckdb from '@duckdb/node-bindings'
import {
  DuckDBDoubleVector,
  DuckDBInstance,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBValue
} from '@duckdb/node-api'
import { StoreUnavailable } from '../../promise/unavailable.ts'
import { checkpointThreshold, readConnectionsMax, rowGroupRows } from '../../limits.ts'
import { cutBrokenLog, cutRefusedLog } from './log.ts'
import { MapCopy, putBackTornMap } from './map-copy.ts'

/** The name under which the file is attached; every statement meets its tables through `USE`. */
export const catalogName = 'lamppost'

export interface DatabaseSettings {
  file: string
  memoryMb: number
}

/** Named parameters; whole numbers travel as BIGINT so that a comparison never casts a column (and loses its zone map). */
export type Parameters = Record<string, DuckDBValue>

export class Database {
  readonly settings: DatabaseSettings
  /** Only this connection writes, one task at a time; see Turns. */
  readonly writer: DuckDBConnection
  readonly #instance: DuckDBInstance
  readonly #map: MapCopy
  readonly #idle: DuckDBConnection[] = []
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = []
  #readers = 0
  #closed = false

  private constructor(
    settings: DatabaseSettings,
    { instance, writer, map }: { instance: DuckDBInstance; writer: DuckDBConnection; map: MapCopy }
  ) {
    this.settings = settings
    this.#instance = instance
    this.#map = map
    this.writer = writer
  }

  static async open(settings: DatabaseSettings): Promise<Database> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: `${settings.memoryMb}MB`,
      checkpoint_threshold: checkpointThreshold,
      temp_directory: `${settings.file}.tmp`
    })
    let map: MapCopy | undefined
    try {
      const writer = await instance.connect()
      putBackTornMap(settings.file)
      if (existsSync(settings.file)) map = new MapCopy(settings.file)
      await attachMended(writer, settings.file)
      map ??= new MapCopy(settings.file)
      await map.keep(() => blocksOfMap(writer))
      await writer.run(`USE ${catalogName}`)
      // From here on no SQL can change a setting, or reach another file, whatever text got into it.
      await writer.run('SET enable_external_access = false')
      await writer.run('SET lock_configuration = true')
      return new Database(settings, { instance, writer, map })
    } catch (cause) {
      instance.closeSync()
      map?.close()
      throw new StoreUnavailable(`opening ${settings.file}`, cause)
    }
  }

  /** Folds the log into the file. */
  async checkpoint(): Promise<void> {
    await this.writer.run('CHECKPOINT')
    await this.committed()
  }

  /** After each commit of the writer, and before the next: DuckDB may have made a checkpoint of it. */
  committed(): Promise<void> {
    return this.#map.keep(() => blocksOfMap(this.writer))
  }

  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect()
    await connection.run(`USE ${catalogName}`)
    return connection
  }

  /** Lends a connection for one query. */
  async read<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#borrow()
    try {
      return await use(connection)
    } finally {
      const next = this.#waiting.shift()
      if (next) next(connection)
      else if (this.#closed) connection.closeSync()
      else this.#idle.push(connection)
    }
  }

  async #borrow(): Promise<DuckDBConnection> {
    const idle = this.#idle.pop()
    if (idle) return idle
    if (this.#readers < readConnectionsMax) {
      this.#readers++
      return this.connect()
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Safe to call twice. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const connection of this.#idle) connection.closeSync()
    this.writer.closeSync()
    this.#instance.closeSync()
    this.#map.close()
  }
}

/** Those that say where everything lies. */
async function blocksOfMap(connection: DuckDBConnection): Promise<number[]> {
  const rows = await rowsOf(connection, `SELECT block_id FROM pragma_metadata_info('${catalogName}')`)
  return rows.map(([block]) => asNumber(block))
}

/** Text as a literal of SQL. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The storage version is named because only 1.2 and later can hold the larger row groups. */
export async function attach(connection: DuckDBConnection, file: string, name: string): Promise<void> {
  await connection.run(
    `ATTACH ${textLiteral(file)} AS ${name} ` + `(ROW_GROUP_SIZE ${rowGroupRows}, STORAGE_VERSION 'v1.2.0')`
  )
}

/** A log whose end a power cut tore is cut behind its last whole commit. */
async function attachMended(connection: DuckDBConnection, file: string): Promise<void> {
  cutBrokenLog(file)
  try {
    await attach(connection, file, catalogName)
  } catch (refusal) {
    if (!cutRefusedLog(file, refusal)) throw refusal
    await attach(connection, file, catalogName)
  }
}

/** A whole number as BIGINT; fractions round up, which keeps half-open ranges of whole milliseconds as they are. */
export function bigint(value: number): bigint {
  return BigInt(Math.ceil(Math.min(Math.max(value, -9e15), 9e15)))
}

/** Numbers from our own dictionaries, written into SQL: `(1, 2)`. An empty list matches nothing. */
export function idList(ids: Iterable<number>): string {
  const text = [...ids].map((id) => String(Math.trunc(id))).join(',')
  return `(${text || 'NULL'})`
}

/** The rows of an answer as plain values. */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  parameters?: Parameters
): Promise<DuckDBValue[][]> {
  const result = await connection.run(sql, parameters)
  return result.getRows()
}

/** An answer column by column: no array is made for a row. */
export async function columnsOf(
  connection: DuckDBConnection,
  sql: string,
  parameters?: Parameters
): Promise<Columns> {
  const result = await connection.run(sql, parameters)
  return new Columns(await result.fetchAllChunks())
}

/** The chunks of an answer, read as columns of numbers. Statements cast BIGINT to DOUBLE where it is read here. */
export class Columns {
  readonly rowCount: number
  readonly #chunks: DuckDBDataChunk[]

  constructor(chunks: DuckDBDataChunk[]) {
    this.#chunks = chunks
    this.rowCount = chunks.reduce((rows, chunk) => rows + chunk.rowCount, 0)
  }

  numbers(index: number): number[] {
    const out = new Array<number>(this.rowCount)
    let place = 0
    for (const chunk of this.#chunks) {
      const vector = chunk.getColumnVector(index)
      for (let row = 0; row < vector.itemCount; row++) out[place++] = asNumber(vector.getItem(row))
    }
    return out
  }

  nullableNumbers(index: number): (number | null)[] {
    const out: (number | null)[] = []
    for (const chunk of this.#chunks) {
      const vector = chunk.getColumnVector(index)
      for (let row = 0; row < vector.itemCount; row++) {
        const value = vector.getItem(row)
        out.push(value === null ? null : asNumber(value))
      }
    }
    return out
  }

  /**
   * The first columns, all of them DOUBLE, into arrays or typed arrays of at least `rowCount` places. That the loop never
   * meets another kind of vector makes it several times as fast, and millions of values come this way.
   */
  fillDoubles(into: readonly { [place: number]: number }[]): void {
    let first = 0
    for (const chunk of this.#chunks) {
      for (const [index, column] of into.entries()) {
        const vector = chunk.getColumnVector(index)
        if (!(vector instanceof DuckDBDoubleVector)) throw new TypeError(`column ${index} is no DOUBLE`)
        copyDoubles(vector, column, first)
      }
      first += chunk.rowCount
    }
  }
}

function copyDoubles(vector: DuckDBDoubleVector, into: { [place: number]: number }, first: number): void {
  const count = vector.itemCount
  for (let row = 0; row < count; row++) {
    const value = vector.getItem(row)
    if (value === null) throw new TypeError('the database gave NULL where a number stands')
    into[first + row] = value
  }
}

/**
 * A column of a chunk as it lies in memory, which is a hundred times as fast as asking for each value. The caller's
 * statement makes sure of the type and that no value is NULL; the memory is the chunk's, so what stays is copied.
 */
function memoryOf(chunk: DuckDBDataChunk, column: number, bytesPerValue: number): Uint8Array {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column)
  return duckdb.vector_get_data(vector, chunk.rowCount * bytesPerValue)
}

/** Of a DOUBLE. */
export function doublesOf(chunk: DuckDBDataChunk, column: number): Float64Array {
  const { buffer, byteOffset } = memoryOf(chunk, column, 8)
  return new Float64Array(buffer, byteOffset, chunk.rowCount)
}

/** Of an INTEGER that is not negative. */
export function uint32sOf(chunk: DuckDBDataChunk, column: number): Uint32Array {
  const { buffer, byteOffset } = memoryOf(chunk, column, 4)
  return new Uint32Array(buffer, byteOffset, chunk.rowCount)
}

/** Of a UTINYINT. */
export function uint8sOf(chunk: DuckDBDataChunk, column: number): Uint8Array {
  return memoryOf(chunk, column, 1)
}

export function asNumber(value: DuckDBValue | undefined): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  throw new TypeError(`the database gave ${String(value)} where a number stands`)
}

export function asText(value: DuckDBValue | undefined): string {
  if (typeof value === 'string') return value
  throw new TypeError(`the database gave ${String(value)} where text stands`)
}
