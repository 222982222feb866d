/** Looks for bits that the disk changed: a part of the journal and of the readings each hour, all of them within a week. */
import { JournalUnavailable } from '../../journal/journal.ts'
import { hourMs, type Clock } from '../../model/time.ts'
import { keepDoing, type Recurring } from '../../recurring.ts'
import type { OpenJournalReader } from '../../journal/reader.ts'
import type { FileExaminer } from '../../store/promise/examine.ts'
import { StoreUnavailable } from '../../store/promise/unavailable.ts'

/** Hours of a week. Which part it is follows from the hour, so that a restart leaves none out. */
export const partsOfWeek = 7 * 24

export interface ExaminingDeps {
  journal: Pick<OpenJournalReader, 'examine'>
  file: FileExaminer | undefined
  clock: Clock
  /** Part of the readings cannot be read any more. */
  onUnreadable(cause: StoreUnavailable): void
  onBug(cause: unknown): void
}

export function keepExamining(deps: ExaminingDeps): Recurring<void> {
  const { clock, onUnreadable, onBug } = deps
  return keepDoing({
    work: () => examinePart(deps, Math.floor(clock.now() / hourMs) % partsOfWeek),
    firstAfterMs: hourMs / 2,
    untilNextMs: (tookMs) => Math.max(0, hourMs - tookMs),
    failed(cause) {
      if (cause instanceof StoreUnavailable) onUnreadable(cause)
      else if (!(cause instanceof JournalUnavailable)) throw cause
    },
    onBug
  })
}

async function examinePart({ journal, file }: ExaminingDeps, part: number): Promise<void> {
  await journal.examine(part, partsOfWeek)
  await file?.examine(part, partsOfWeek)
}
