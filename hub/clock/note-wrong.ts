/**
 * A clock that was wrong: what began "now" in that time begins at the right moment, and what was received then is noted in the
 * journal, up to the message at which the right time began.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Journal } from '../../journal/journal.ts'
import type { WrongStretch } from '../../model/message.ts'
import { secondMs } from '../../model/time.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'

type NoteWrong = (stretch: WrongStretch) => Promise<void>

/** What is found while the rooms still open is noted once they are. */
export function noteOnceJoined(): { onWrong: NoteWrong; join(note: NoteWrong): void } {
  const { promise, resolve } = Promise.withResolvers<NoteWrong>()
  let joined: NoteWrong | undefined
  return {
    onWrong: (stretch) => (joined ? joined(stretch) : promise.then((note) => note(stretch))),
    join(note) {
      joined = note
      resolve(note)
    }
  }
}

/** Between two attempts while journal or registry cannot be written. */
const againMs = 10 * secondMs

export interface WrongTimesDeps {
  journal: Pick<Journal, 'reserveSequence'>
  pipeline: Pipeline
  /** No message up to this one is touched. */
  after: number
  /** Sets consents and places right, before it returns; resolves once readings stand where they belong by that. */
  mendMoments(stretch: WrongStretch): Promise<void>
  log: { error(fields: object, message: string): void }
}

/**
 * One after another: what is found later holds for times as they were mended before. Resolves when it is on disk, or cannot be
 * done.
 */
export function noteWrongTimes({ journal, pipeline, after, mendMoments, log }: WrongTimesDeps): NoteWrong {
  let noted: Promise<void> = Promise.resolve()
  const untilNoted = async (work: () => Promise<void>): Promise<void> => {
    for (;;) {
      try {
        return await work()
      } catch (cause) {
        const code = (cause as { code?: unknown }).code
        if (code !== 'journalUnavailable' && code !== 'registryUnavailable') {
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
    const placed = untilNoted(() => mendMoments(stretch))
    noted = noted.then(async () => {
      // Readings are mended by the places as they are by then.
      await placed
      await untilNoted(async () => {
        const through = await reserved.catch(() => journal.reserveSequence())
        await pipeline.service.mendTimes({ ...stretch, after, through })
      })
    })
    return noted
  }
}
