/** Waiting for something that is down: how long, and a wait that a stop can cut short. */
import { setTimeout as wait } from 'node:timers/promises'
import { storeBackoffMsMax, storeBackoffMsMin } from '../model/limits.ts'

/** Doubles up to a ceiling; the random half keeps many from trying again in step. */
export function backoffMs(attempt: number, random: () => number): number {
  const ceilingMs = Math.min(storeBackoffMsMax, storeBackoffMsMin * 2 ** Math.min(attempt, 30))
  return Math.round(ceilingMs * (0.5 + random() / 2))
}

/** Resolves after `ms`, or as soon as the signal is aborted; never rejects for that. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export const sleep: Sleep = async (ms, signal) => {
  try {
    await wait(ms, undefined, { signal })
  } catch (cause) {
    if (!signal.aborted) throw cause
  }
}
