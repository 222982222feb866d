/** Requests to the hub. Every failure arrives as one kind of error that has words for people. */
import { answerMsMax, longWorkMsMax } from '../limits.ts'
import { words } from '../words.ts'

/** The hub did not answer, or answered with a problem document; `message` is for people. */
export class HubProblem extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** The stable code of the problem document; '' without one. */
  readonly code: string
  constructor(
    message: string,
    { status, code = '', cause }: { status: number; code?: string; cause?: unknown }
  ) {
    super(message, { cause })
    this.status = status
    this.code = code
  }
}

export interface Answer<T> {
  body: T
  headers: Headers
}

/** An answer of the wrong form, such as a proxy's own page, is a HubProblem too: `isWhole` says what is needed of it. */
export async function getJson<T>(
  path: string,
  signal: AbortSignal,
  isWhole: (body: unknown) => body is T
): Promise<T> {
  return (await getAnswer(path, signal, isWhole)).body
}

export async function getAnswer<T>(
  path: string,
  signal: AbortSignal,
  isWhole: (body: unknown) => body is T
): Promise<Answer<T>> {
  const response = await ask(path, { signal, headers: { accept: 'application/json' } })
  const body = await bodyOf(response, signal)
  if (!isWhole(body)) throw new HubProblem(words.common.failed.strange, { status: response.status })
  return { body, headers: response.headers }
}

/** Changes something at the hub; gives the answer's body, or undefined where there is none. Erasing and moving take long. */
export async function sendJson(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  withinMs?: number
): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const json = body === undefined ? null : JSON.stringify(body)
  const response = await ask(path, { method, headers, body: json }, withinMs)
  return bodyOf(response)
}

export function hasFields(body: unknown, ...names: string[]): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && names.every((name) => name in body)
}

export function isListOf<T>(...fields: string[]) {
  return (body: unknown): body is T[] => Array.isArray(body) && body.every((one) => hasFields(one, ...fields))
}

export function whole<T>(body: unknown, ...fields: string[]): T {
  if (!hasFields(body, ...fields)) throw new HubProblem(words.common.failed.strange, { status: 200 })
  return body as T
}

/** A file, as it is. */
export async function sendBytes(method: 'PUT', path: string, body: Blob): Promise<unknown> {
  const headers = { accept: 'application/json', 'content-type': body.type || 'application/octet-stream' }
  return bodyOf(await ask(path, { method, headers, body }, longWorkMsMax))
}

async function ask(path: string, request: RequestInit, withinMs = answerMsMax): Promise<Response> {
  // A hub that hangs takes connections and answers none of them.
  const late = AbortSignal.timeout(withinMs)
  const signal = request.signal ? AbortSignal.any([request.signal, late]) : late
  const response = await fetch(path, { ...request, signal }).catch((cause: unknown) => {
    if (request.signal?.aborted) throw cause
    throw new HubProblem(words.common.failed.silent, { status: 0, cause })
  })
  if (response.ok) return response
  const problem = await bodyOf(response, request.signal)
  const { detail, code } = hasFields(problem, 'detail') ? problem : {}
  const message = typeof detail === 'string' ? words.common.failed.answer(detail) : words.common.failed.silent
  throw new HubProblem(message, { status: response.status, code: typeof code === 'string' ? code : '' })
}

/** undefined for an answer that is no JSON: the caller has words for that. */
async function bodyOf(response: Response, signal?: AbortSignal | null): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    if (signal?.aborted) throw cause
    return undefined
  }
}
