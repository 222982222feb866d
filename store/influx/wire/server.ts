/**
 * The InfluxDB server through its client, used in the one way that loses nothing: the client neither buffers nor tries
 * again, one flush is one request that has an answer, and every failure is told as what it means for us.
 */
import { HttpError, InfluxDB, setLogger } from '@influxdata/influxdb-client'
import type { TimeRange } from '../../../model/columns.ts'
import { StoreUnavailable } from '../../promise/unavailable.ts'
import { FluxError, TableReader, type Table } from './csv.ts'
import { moment, timeMsMax, timeMsMin, type Flux } from './flux.ts'
import { gzipBytesMin, queryIdleMsMax, requestBytesMax, writeMsMax } from '../../limits.ts'
import { tornBy } from './torn.ts'

// The client writes what it thinks of failures to the console; we have them as errors.
setLogger({ error: () => undefined, warn: () => undefined })

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

export interface ServerAddress {
  url: string
  token: string
  org: string
  /** How long a silent server is waited for, where it is not the usual time. */
  patienceMs?: number
}

/** The answer to a write that the server read and did not take as a whole. */
export interface Refusal {
  /** `none` of the lines is kept (one could not be read), or all but those refused are (`rest`). */
  kept: 'none' | 'rest'
  /** How many it says it dropped, where it says so. */
  dropped: number | undefined
  message: string
}

export class Server {
  readonly #address: ServerAddress
  readonly #writing: InfluxDB
  readonly #asking: InfluxDB
  readonly #closing = new AbortController()
  readonly #closed = new Promise<void>((resolve) =>
    this.#closing.signal.addEventListener('abort', () => resolve(), { once: true })
  )
  /** Bytes from which a request is compressed: between programs of one machine that costs more than it saves. */
  readonly #gzipThreshold: number

  constructor(address: ServerAddress) {
    this.#address = address
    const { url, token, patienceMs } = address
    this.#gzipThreshold = loopback.test(new URL(url).hostname) ? Infinity : gzipBytesMin
    this.#writing = new InfluxDB({ url, token, timeout: patienceMs ?? writeMsMax })
    this.#asking = new InfluxDB({ url, token, timeout: patienceMs ?? queryIdleMsMax })
  }

  /** One request with these lines: undefined once they are on the server's disk, or what it did not take. */
  async write(bucket: string, lines: readonly string[]): Promise<Refusal | undefined> {
    this.#refuseWhenClosed('writing readings')
    const api = this.#writing.getWriteApi(this.#address.org, bucket, 'ms', {
      batchSize: lines.length + 1,
      flushInterval: 0,
      maxRetries: 0,
      maxBatchBytes: requestBytesMax,
      maxBufferLines: lines.length + 1,
      gzipThreshold: this.#gzipThreshold
    })
    try {
      api.writeRecords(lines as string[])
      // Once it is to close, no answer is waited for: what is in the journal is written again.
      await Promise.race([api.flush(), this.#closed])
      this.#refuseWhenClosed('writing readings')
      return undefined
    } catch (failure) {
      const refusal = refusalOf(failure)
      if (refusal) return refusal
      throw this.#told('writing readings', failure, bucket)
    } finally {
      // Nothing waits in it any more; this only stops its timers.
      void api.close().catch(() => undefined)
    }
  }

  /** All tables of an answer. The caller sees to it that they fit memory. */
  async query(doing: string, question: Flux, asText = false): Promise<Table[]> {
    this.#refuseWhenClosed(doing)
    const reader = new TableReader(asText)
    const decoder = new TextDecoder()
    const path = `/api/v2/query?org=${encodeURIComponent(this.#address.org)}`
    const body = JSON.stringify({
      query: question.toString(),
      type: 'flux',
      dialect: { header: true, delimiter: ',', annotations: [] }
    })
    try {
      const headers = { 'content-type': 'application/json; charset=utf-8', accept: 'text/csv' }
      const options = { method: 'POST', headers, signal: this.#closing.signal }
      for await (const chunk of this.#asking.transport.iterate(path, body, options)) {
        reader.feed(decoder.decode(chunk, { stream: true }))
      }
      return reader.end()
    } catch (failure) {
      throw this.#told(doing, failure)
    }
  }

  /** Removes the points of the tags from a bucket. InfluxDB knows no fields here: what shares a line goes with it. */
  async delete(
    bucket: string,
    measurement: string,
    tags: Record<string, string>,
    range: TimeRange
  ): Promise<void> {
    const { org } = this.#address
    const conditions = Object.entries({ _measurement: measurement, ...tags })
    const predicate = conditions.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' AND ')
    const body = JSON.stringify({ start: deleteFrom(range), stop: deleteThrough(range), predicate })
    const path = `/api/v2/delete?org=${encodeURIComponent(org)}&bucket=${encodeURIComponent(bucket)}`
    await this.request('removing readings', path, body, 'POST')
  }

  /** Any other request; gives the answer as text. */
  async request(doing: string, path: string, body = '', method = 'GET'): Promise<string> {
    this.#refuseWhenClosed(doing)
    const decoder = new TextDecoder()
    let answer = ''
    try {
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      const options = { method, headers, signal: this.#closing.signal }
      for await (const chunk of this.#asking.transport.iterate(path, body, options)) {
        answer += decoder.decode(chunk, { stream: true })
      }
      return answer
    } catch (failure) {
      throw this.#told(doing, failure)
    }
  }

  /** Names the process that answers, by when it began; undefined where something in between keeps that to itself. */
  async startedAt(): Promise<string | undefined> {
    const answer = await this.request('asking when InfluxDB was started', '/ready')
    return /"started":\s*"([^"]+)"/.exec(answer)?.[1]
  }

  close(): void {
    this.#closing.abort()
  }

  #refuseWhenClosed(doing: string): void {
    if (this.#closing.signal.aborted) throw new StoreUnavailable(doing, 'it is closed')
  }

  /** What the world does wrong, in a line that says what to do; a question that the server cannot read is our bug. */
  #told(doing: string, failure: unknown, bucket?: string): unknown {
    if (failure instanceof StoreUnavailable) return failure
    if (this.#closing.signal.aborted) return new StoreUnavailable(doing, 'it is closed')
    if (!(failure instanceof HttpError)) {
      if (failure instanceof FluxError) return new StoreUnavailable(doing, failure)
      const why = failure instanceof Error ? reachWords(failure) : String(failure)
      return new StoreUnavailable(
        doing,
        new Error(`InfluxDB at ${this.#address.url} ${why}`, { cause: failure })
      )
    }
    const { statusCode, message } = failure
    const { org } = this.#address
    if (statusCode === 400) return new Error(`InfluxDB could not read our request (${doing}): ${message}`)
    const torn = tornBy(message)
    if (torn) return new StoreUnavailable(doing, torn)
    const where = bucket ? `bucket ${bucket} of organisation ${org}` : `organisation ${org}`
    const words: Record<number, string> = {
      401: 'InfluxDB does not accept the token; set INFLUX_TOKEN to one that may read and write the buckets',
      403: `the token lacks permission for ${where}; create one that may read and write it`,
      404: `InfluxDB has no ${where}`
    }
    const why = new Error(words[statusCode] ?? `InfluxDB answered ${statusCode}: ${message}`, {
      cause: failure
    })
    return new StoreUnavailable(doing, why, retryAfterMs(failure))
  }
}

function reachWords(failure: Error): string {
  if (failure.name === 'RequestTimedOutError') return 'does not answer (it may be paused or overloaded)'
  const code = 'code' in failure ? String(failure.code) : ''
  if (code === 'ECONNREFUSED') return 'cannot be reached (no program is listening there)'
  return `cannot be reached (${code || failure.message})`
}

/** 400 refuses the whole request for one line that cannot be read; 422 keeps all points but those it names. */
function refusalOf(failure: unknown): Refusal | undefined {
  if (!(failure instanceof HttpError)) return undefined
  const { statusCode, message } = failure
  if (statusCode === 413) return { kept: 'none', dropped: undefined, message }
  if (statusCode !== 400 && statusCode !== 422) return undefined
  const dropped = /dropped=(\d+)/.exec(message)?.[1]
  const kept = statusCode === 422 && dropped !== undefined ? 'rest' : 'none'
  return { kept, dropped: dropped === undefined ? undefined : Number(dropped), message }
}

/** RFC 9110, 10.2.3: seconds. (The client takes the number for milliseconds.) A date is left to our own back-off. */
function retryAfterMs({ headers }: HttpError): number | undefined {
  const header = headers?.['retry-after']
  const text = Array.isArray(header) ? header[0] : header
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : undefined
}

function deleteFrom({ from }: TimeRange): string {
  return from <= timeMsMin ? '1677-09-21T00:12:43.145224194Z' : timeText(from)
}

/** The end of a deletion belongs to it, so it is the nanosecond before ours. */
function deleteThrough({ until }: TimeRange): string {
  return until >= timeMsMax ? '2262-04-11T23:47:16.854775806Z' : timeText(until - 1).replace('Z', '999999Z')
}

/** `…T00:00:00.000Z`, always with its three digits. */
function timeText(time: number): string {
  return /"(.*)"/.exec(String(moment(time)))![1]!
}
