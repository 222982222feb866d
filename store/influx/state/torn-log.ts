/**
 * A server whose disk was full, or failed, while it wrote its log. InfluxDB 2.9.1 does not recover from that by itself
 * (tsm1/wal.go): the log keeps its first error, so all writes are refused until a restart. After that start it writes behind
 * the torn place, and at the next start it cuts its log there, and with it what it had acknowledged since. Only a start that
 * finds the log cut, and nothing written since, leaves it whole. So nothing is written until two starts were seen.
 */
import { isSqliteOutage } from '../../../sqlite.ts'
import { StoreUnavailable } from '../../promise/unavailable.ts'
import { LogTorn, tornWords } from '../wire/torn.ts'
import type { State } from './state.ts'

export class TornLog {
  readonly #state: State
  /** Also known where the state file cannot be written. */
  #isNoted = false

  constructor(state: State) {
    this.#state = state
  }

  /** Durable at once; if the state file cannot be written either, at the next connection. */
  note(): void {
    this.#isNoted = true
    try {
      if (this.#state.meta('torn') === undefined) this.#state.setMeta('torn', '[]')
    } catch (failure) {
      if (!isSqliteOutage(failure)) throw failure
    }
  }

  /** Throws until the server was started twice since its log was torn. Reading it is safe meanwhile. */
  async check(startedAt: () => Promise<string | undefined>): Promise<void> {
    const noted = this.#state.meta('torn')
    if (noted === undefined && !this.#isNoted) return
    // The first is the server that failed, unless it was gone before it could be asked: then one start more is waited for.
    const seen = JSON.parse(noted ?? '[]') as string[]
    const started = await startedAt()
    // What cannot be counted is not waited for: a proxy may keep to itself when the server began.
    const startsLeft = started === undefined ? 0 : 3 - new Set([...seen, started]).size
    if (startsLeft > 0) {
      if (!seen.includes(started!)) this.#state.setMeta('torn', JSON.stringify([...seen, started]))
      throw new StoreUnavailable('waiting for InfluxDB to be restarted', new LogTorn(tornWords(startsLeft)))
    }
    this.#state.removeMeta('torn')
    this.#isNoted = false
  }
}
