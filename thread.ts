/** A conversation with another thread over a message port: calls with answers, streams that are pulled, and events. */
import type { MessagePort, Transferable } from 'node:worker_threads'

/** Either end of a channel, or a Worker: both post and listen. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

type Request =
  | { kind: 'call'; id: number; method: string; args: unknown[] }
  | { kind: 'open'; id: number; method: string; args: unknown[] }
  | { kind: 'next'; id: number }
  | { kind: 'close'; id: number }
type Answer =
  | { kind: 'answer'; id: number; value: unknown; done?: boolean }
  | { kind: 'failure'; id: number; name: string; code?: string; message: string }
  | { kind: 'event'; name: string; value: unknown }

/** An error that happened in the other thread, with its `code` kept. */
export class RemoteFailure extends Error {
  readonly code: string | undefined
  constructor(name: string, message: string, code: string | undefined) {
    super(message)
    this.name = name
    this.code = code
  }
}

// A served object is called by name: which arguments a method takes is checked by the compiler at the caller's end
// (`caller<T>()`), and both ends are this program.
type Served = Record<string, (...args: never[]) => unknown>

export interface Serving {
  emit(name: string, value: unknown): void
}

/** Answers calls on `methods`; an async iterable that a method returns is streamed, one chunk for each pull. */
export function serve(port: Port, methods: object): Serving {
  const open = new Map<number, AsyncIterator<unknown>>()
  const served = methods as Served
  const answer = (message: Answer): void => port.postMessage(message)
  const fail = (id: number, cause: unknown): void => {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
    answer({ kind: 'failure', id, name: error.name, message: error.message, ...(code ? { code } : {}) })
  }
  const handle = async (request: Request): Promise<void> => {
    switch (request.kind) {
      case 'call':
        return answer({
          kind: 'answer',
          id: request.id,
          value: await served[request.method]!(...(request.args as never[]))
        })
      case 'open': {
        const iterable = served[request.method]!(...(request.args as never[])) as AsyncIterable<unknown>
        open.set(request.id, iterable[Symbol.asyncIterator]())
        return answer({ kind: 'answer', id: request.id, value: undefined })
      }
      case 'next': {
        const next = await open.get(request.id)?.next()
        if (!next || next.done) open.delete(request.id)
        return answer({ kind: 'answer', id: request.id, value: next?.value, done: next?.done ?? true })
      }
      case 'close': {
        await open.get(request.id)?.return?.()
        open.delete(request.id)
      }
    }
  }
  port.on('message', (message) => {
    // Both ends are this file: what comes over the port is what `ask` posted.
    const request = message as Request
    handle(request).catch((cause: unknown) => fail(request.id, cause))
  })
  return { emit: (name, value) => answer({ kind: 'event', name, value }) }
}

export interface Caller<T> {
  /** The other end's methods, each answering with a promise (or an async iterable where it streams). */
  remote: T
  on<V>(name: string, listener: (value: V) => void): void
  /** Fails everything that waits, when the other thread is gone. */
  fail(cause: Error): void
}

export interface CallerOptions<T> {
  /** Methods that return async iterables. */
  streams?: readonly (keyof T & string)[]
  /** What of a method's arguments is handed over instead of copied; this end must not touch it any more. */
  given?: {
    [M in keyof T]?: T[M] extends (...args: infer A) => unknown ? (args: A) => Transferable[] : never
  }
}

/** Calls the methods of the object that the other end serves. */
export function caller<T extends object>(
  port: Port,
  { streams = [], given = {} }: CallerOptions<T> = {}
): Caller<T> {
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  const listeners = new Map<string, ((value: never) => void)[]>()
  let lastId = 0
  let gone: Error | undefined

  port.on('message', (received) => {
    const message = received as Answer
    if (message.kind === 'event') {
      for (const listener of listeners.get(message.name) ?? []) listener(message.value as never)
      return
    }
    const who = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.kind === 'failure')
      who?.reject(new RemoteFailure(message.name, message.message, message.code))
    else who?.resolve(message)
  })

  const ask = (request: Request, transfer?: Transferable[]): Promise<Answer & { kind: 'answer' }> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone)
      waiting.set(request.id, { resolve: resolve as (answer: Answer) => void, reject })
      port.postMessage(request, transfer)
    })

  const stream = (method: string, args: unknown[]): AsyncIterable<unknown> => ({
    async *[Symbol.asyncIterator]() {
      const openId = ++lastId
      await ask({ kind: 'open', id: openId, method, args })
      let finished = false
      try {
        for (;;) {
          const { value, done } = await ask({ kind: 'next', id: openId })
          if (done) break
          yield value
        }
        finished = true
      } finally {
        if (!finished && !gone) port.postMessage({ kind: 'close', id: openId })
      }
    }
  })

  const remote = new Proxy({} as T, {
    get: (_target, method) => {
      if (typeof method !== 'string' || method === 'then') return undefined
      if ((streams as readonly string[]).includes(method)) return (...args: unknown[]) => stream(method, args)
      const giving = (given as Record<string, ((args: unknown[]) => Transferable[]) | undefined>)[method]
      return async (...args: unknown[]) =>
        (await ask({ kind: 'call', id: ++lastId, method, args }, giving?.(args))).value
    }
  })

  return {
    remote,
    on(name, listener) {
      const known = listeners.get(name) ?? []
      known.push(listener as (value: never) => void)
      listeners.set(name, known)
    },
    fail(cause) {
      gone = cause
      for (const { reject } of waiting.values()) reject(cause)
      waiting.clear()
    }
  }
}

export type { MessagePort }
