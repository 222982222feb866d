/** Of several requests for the same thing only the newest may write: starting one aborts the one before. */
export class Newest {
  #running: AbortController | undefined

  start(): AbortSignal {
    this.#running?.abort()
    this.#running = new AbortController()
    return this.#running.signal
  }

  stop(): void {
    this.#running?.abort()
  }
}
