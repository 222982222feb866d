/**
 * Datasets that hold what is public no longer are withdrawn, and made again once nothing of it is left; what a stop cut short,
 * at the next start.
 */
import type { Rooms } from '../rooms.ts'

export function remakeDatasets({
  eraser,
  datasets,
  registry,
  isClosing,
  log
}: Pick<Rooms, 'eraser' | 'datasets' | 'registry' | 'isClosing' | 'log'>): () => void {
  let turn: Promise<void> = Promise.resolve()
  const remake = (): void => {
    turn = turn
      .then(() => eraser.settled())
      .then(() => datasets.remake())
      .catch((cause: unknown) => {
        if (!isClosing()) log.warn({ cause: String(cause) }, 'A withdrawn dataset is not made again yet.')
      })
  }
  const look = (): void => {
    try {
      if (datasets.withdrawStale()) remake()
    } catch (cause) {
      log.warn({ cause: String(cause) }, 'A dataset could not be withdrawn yet; it is not served any more.')
    }
  }
  // Many changes in a row, such as learnt intervals of all sensors after a start, are looked at once.
  let waiting: NodeJS.Immediate | undefined
  const stopListening = registry.onChange(() => {
    waiting ??= setImmediate(() => {
      waiting = undefined
      look()
    })
  })
  // Not before it is done: one that cannot be done now would be tried again by this at once, and again without end.
  eraser.onErased(remake)
  look()
  remake()
  return () => {
    stopListening()
    clearImmediate(waiting)
  }
}
