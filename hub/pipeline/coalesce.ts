/** Tells what is newest to those who watch live: at once while it is quiet, several batches in one while it is busy. */
import { Newest } from '../../ingest/newest.ts'
import type { LatestReading } from '../../store/promise/read.ts'

/**
 * A page is live at four changes a second. At full rate ingest stores about ten batches in that time, each with the same
 * sites; telling them one by one took a tenth of the thread that answers devices.
 */
const tellEveryMs = 250

export function coalesceLatest(
  tell: (latest: LatestReading[]) => void
): (latest: readonly LatestReading[]) => void {
  const newest = new Newest()
  let toldAt = -Infinity
  let timer: NodeJS.Timeout | undefined
  const say = (): void => {
    timer = undefined
    toldAt = performance.now()
    tell(newest.take())
  }
  return (latest) => {
    newest.add(latest)
    const waitMs = toldAt + tellEveryMs - performance.now()
    if (waitMs <= 0) return say()
    // Nothing is lost with it when the hub stops: it is stored already.
    timer ??= setTimeout(say, waitMs).unref()
  }
}
