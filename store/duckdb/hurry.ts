/**
 * Ends what takes long once the store is to close. DuckDB stops a statement where it is and takes back what it did; nothing that
 * stands on it was said to anybody, since that waits for the commit. A commit is never ended: DuckDB may then call one failed that
 * is on disk, and a checkpoint that is ended breaks the database.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import { hurriedLookMs, hurriedMsMax } from '../limits.ts'

interface Running {
  connection: DuckDBConnection
  since: number
  /** What it does now must not be ended. */
  isCommitting: boolean
}

export class Hurry {
  readonly #running = new Set<Running>()
  #timer: NodeJS.Timeout | undefined

  get isOn(): boolean {
    return this.#timer !== undefined
  }

  /** From now on nothing may take longer than a moment. Safe to call twice. */
  begin(): void {
    if (this.isOn) return
    const now = performance.now()
    for (const one of this.#running) one.since = now
    // A statement that is still being answered keeps its thread alive, and so this going.
    this.#timer = setInterval(() => this.#look(), hurriedLookMs).unref()
  }

  /** Of one connection one work at a time. What it asks next is ended too, until it gives up. */
  async during<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
    const running = { connection, since: performance.now(), isCommitting: false }
    this.#running.add(running)
    try {
      return await work()
    } finally {
      this.#running.delete(running)
    }
  }

  /** Within `during`. */
  async committing<T>(connection: DuckDBConnection, commit: () => Promise<T>): Promise<T> {
    const running = [...this.#running].find((one) => one.connection === connection)
    if (running) running.isCommitting = true
    try {
      return await commit()
    } finally {
      if (running) running.isCommitting = false
    }
  }

  #look(): void {
    const now = performance.now()
    for (const { connection, since, isCommitting } of this.#running)
      if (!isCommitting && now - since >= hurriedMsMax) connection.interrupt()
  }
}
