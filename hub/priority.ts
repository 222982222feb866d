/**
 * Acknowledging goes first. Where processors are few, decoding and storing would take turns with the threads that answer
 * devices (measured on two cores: 0.5 instead of 0.8 of bare Aedes' speed, and 5,000 messages a second acknowledged
 * within 300 ms instead of 30). What is acknowledged is on disk, so storing can wait a moment and catch up.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Threads that decode, store and export: the pipeline's, that of exports, and those that DuckDB's calls run on. */
const patient = new Set(['pipeline', 'exports', 'libuv-worker'])

/** A tenth of the weight of a thread that did not step back (sched(7)). */
const niceness = 10

/** On Linux a thread has a priority of its own, under its own id; elsewhere nothing is done. */
export function letAcknowledgingGoFirst(log: { info(fields: object, message: string): void }): void {
  if (process.platform !== 'linux') return
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim()
      if (patient.has(name)) setPriority(Number(thread), niceness)
    }
  } catch (cause) {
    log.info(
      { cause: String(cause) },
      'The storing threads could not be given a lower priority than acknowledging.'
    )
  }
}
