/** What was received under a wrong clock is noted in the journal, up to the message at which the right time began. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Journal } from '../../journal/journal.ts'
import type { WrongStretch } from '../../model/message.ts'
import { secondMs } from '../../model/time.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'

/** Between two attempts while the journal cannot be written. */
const againMs = 10 * secondMs

/** One after another: what is found later holds for times as they were mended before. */
export function noteWrongTimes(
  journal: Journal,
  pipeline: Pipeline,
  log: { error(fields: object, message: string): void }
): (stretch: WrongStretch) => void {
  const after = journal.stats().lastSequence
  let noted: Promise<void> = Promise.resolve()
  const untilNoted = async (work: () => Promise<void>): Promise<void> => {
    for (let attempts = 0; ; attempts++) {
      try {
        return await work()
      } catch (cause) {
        if ((cause as { code?: unknown }).code !== 'journalUnavailable') {
          log.error(
            { cause: String(cause) },
            'The times of messages received under a wrong clock could not be corrected.'
          )
          return
        }
        await sleep(againMs, undefined, { ref: false })
      }
    }
  }
  return (stretch) => {
    // At once: what was handed in before this line has the wrong time, and what comes after has the right one.
    const reserved = journal.reserveSequence()
    noted = noted.then(() =>
      untilNoted(async () => {
        const through = await reserved.catch(() => journal.reserveSequence())
        await pipeline.service.mendTimes({ ...stretch, after, through })
      })
    )
  }
}
