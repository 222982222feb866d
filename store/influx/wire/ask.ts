/** One question to InfluxDB's HTTP API outside of readings: how the server is, its buckets, its rights. */
import { StoreUnavailable } from '../../promise/unavailable.ts'
import { serverAnswerMsMax } from '../../limits.ts'

export interface InfluxConnection {
  url: string
  token: string
  org: string
}

export interface InfluxAnswer {
  ok: boolean
  status: number
  headers: Headers
  text: string
  /** The message of an answer that is no success. */
  says: string
}

/** Throws `StoreUnavailable` when there is no answer; every answer is given back, whatever its status. */
export async function askInflux(
  { url, token }: InfluxConnection,
  method: 'GET' | 'POST',
  path: string,
  body?: string | object
): Promise<InfluxAnswer> {
  const headers = {
    authorization: `Token ${token}`,
    'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json'
  }
  const content = typeof body === 'object' ? JSON.stringify(body) : body
  try {
    const answer = await fetch(url + path, {
      method,
      headers,
      // A server elsewhere must not get the token.
      redirect: 'manual',
      signal: AbortSignal.timeout(serverAnswerMsMax),
      ...(content === undefined ? {} : { body: content })
    })
    const text = await answer.text()
    return { ok: answer.ok, status: answer.status, headers: answer.headers, text, says: messageIn(text) }
  } catch (cause) {
    throw new StoreUnavailable('asking InfluxDB', `InfluxDB at ${url} ${why(cause)}`)
  }
}

function messageIn(text: string): string {
  try {
    const found = JSON.parse(text) as { message?: unknown }
    return typeof found.message === 'string' ? found.message : text
  } catch {
    return text // Not JSON: what it says is what it says.
  }
}

/** In the words of the store itself (server.ts). What happened fetch hides in the cause of its error. */
function why(cause: unknown): string {
  if (!(cause instanceof Error)) return `cannot be reached (${String(cause)})`
  if (cause.name === 'TimeoutError') return 'does not answer (it may be paused or overloaded)'
  const inner: unknown = cause.cause
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : cause.message
  return `cannot be reached (${code === 'ECONNREFUSED' ? 'no program is listening there' : code})`
}
