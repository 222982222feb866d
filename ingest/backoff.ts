/** How long to wait for something that is down. */
import { storeBackoffMsMax, storeBackoffMsMin, storeRetryAfterMsMax } from '../model/limits.ts'

/** Doubles up to a ceiling; the random half keeps many from trying again in step. */
export function backoffMs(attempt: number, random: () => number): number {
  const ceilingMs = Math.min(storeBackoffMsMax, storeBackoffMsMin * 2 ** Math.min(attempt, 30))
  return Math.round(ceilingMs * (0.5 + random() / 2))
}

/** A store that says how long it wants to be left alone is, for that long at least. */
export function waitMs(attempt: number, random: () => number, cause: unknown): number {
  return Math.max(backoffMs(attempt, random), askedMs(cause) ?? 0)
}

/** How long it asked to be left alone; beyond a bound nobody means it. */
export function askedMs(cause: unknown): number | undefined {
  return cause instanceof Error && 'retryAfterMs' in cause && typeof cause.retryAfterMs === 'number'
    ? Math.min(cause.retryAfterMs, storeRetryAfterMsMax)
    : undefined
}
