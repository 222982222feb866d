/**
 * Days on which lines were written a moment ago, bucket by bucket. InfluxDB 2.9.1 looks every ten seconds for shards of which
 * nothing waits in memory, and lets their memory go. A write that comes in that very moment is acknowledged and in the
 * server's log, and yet in no answer, and gone for good once the log is cut (tsm1/cache.go: Free, or another's init, between
 * init and the write). So of days that may be asleep one line is written alone before the others, and again with them: what
 * waits in memory, even of a write that was lost so, keeps the shard from being let go.
 */
import { dayMs } from '../../../model/time.ts'
import { awakeDaysMax, awakeMs } from '../../limits.ts'

export class AwakeDays {
  readonly #now: () => number
  readonly #writtenAt = new Map<string, number>()

  /** A clock that never goes back, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** One line of each day that may be asleep: the first that is given. */
  asleep<Line extends { time: number }>(bucket: string, lines: readonly Line[]): Line[] {
    const now = this.#now()
    const found = new Map<string, Line>()
    for (const line of lines) {
      const day = dayOf(bucket, line)
      if (now - (this.#writtenAt.get(day) ?? -Infinity) >= awakeMs && !found.has(day)) found.set(day, line)
    }
    return [...found.values()]
  }

  /** The server has taken these. */
  note(bucket: string, lines: readonly { time: number }[]): void {
    const now = this.#now()
    for (const line of lines) this.#writtenAt.set(dayOf(bucket, line), now)
    if (this.#writtenAt.size <= awakeDaysMax) return
    for (const [day, at] of this.#writtenAt) if (now - at >= awakeMs) this.#writtenAt.delete(day)
    if (this.#writtenAt.size > awakeDaysMax) this.#writtenAt.clear()
  }
}

/** Shards of a bucket that keeps readings for ever are weeks and longer, and begin with a day of UTC. */
function dayOf(bucket: string, { time }: { time: number }): string {
  return `${bucket} ${Math.floor(time / dayMs)}`
}
