/**
 * What a hub knew of its clock, in a file: one that is killed before a wrong time is found goes on with the doubt, and mends what
 * it received before. It holds until the machine starts again, since the steady clock begins anew then.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { KnownClock } from './judgement.ts'

export interface KeptClock extends KnownClock {
  /** The journal's newest message when the time began of which this is known. */
  after: number
}

export interface ClockKeeper {
  /** What another process of this start of the machine left. */
  kept: KeptClock | undefined
  keep(known: KeptClock): void
}

/** Names this start of the machine; undefined where nothing does. */
export function bootOfMachine(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return undefined // Not Linux: nothing is kept over a restart of the program.
  }
}

/** No sync: after a power cut the file means nothing. */
export function keepClockIn(file: string, boot: string | undefined): ClockKeeper {
  return {
    kept: boot === undefined ? undefined : readKept(file, boot),
    keep(known) {
      if (boot === undefined) return
      try {
        writeFileSync(`${file}.new`, JSON.stringify({ boot, ...known }))
        renameSync(`${file}.new`, file)
      } catch {
        // A disk without room: it is tried again within the minute, and only a hub killed before that would miss it.
      }
    }
  }
}

function readKept(file: string, boot: string): KeptClock | undefined {
  try {
    const { boot: then, ...kept } = JSON.parse(readFileSync(file, 'utf8')) as KeptClock & { boot: string }
    const numbers = [kept.offset, kept.wallOffset, kept.unsureSince, kept.believedSensors, kept.after]
    return then === boot && numbers.every(Number.isFinite) ? kept : undefined
  } catch {
    return undefined // None yet, or cut short by a power cut.
  }
}
