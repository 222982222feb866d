/** Tells listeners when a street's figures changed: at once after a quiet second, and then at most once a second. */
import { streetEventMs } from '../../model/limits.ts'
import type { Clock, UnixMs } from '../../model/time.ts'
import type { Figures } from './outdoor-figures.ts'

export type StreetListener = (streetId: string, figures: Figures) => void

export interface StreetWatch {
  changed(streetId: string): void
  watch(listener: StreetListener): () => void
  close(): void
}

export interface WatchLog {
  warn(fields: object, message: string): void
}

interface WatchDeps {
  latest(streetId: string): Promise<Figures>
  clock: Clock
  log: WatchLog
}

interface Watched {
  timer: NodeJS.Timeout | undefined
  toldAt: UnixMs | undefined
  told: string
}

export function watchStreets({ latest, clock, log }: WatchDeps): StreetWatch {
  const listeners = new Set<StreetListener>()
  const streets = new Map<string, Watched>()

  const tell = async (streetId: string, street: Watched): Promise<void> => {
    const figures = await latest(streetId)
    const text = JSON.stringify(figures)
    if (text === street.told) return
    street.told = text
    for (const listener of listeners) listener(streetId, figures)
  }

  const changed = (streetId: string): void => {
    if (listeners.size === 0) return
    const street = streets.get(streetId) ?? { timer: undefined, toldAt: undefined, told: '' }
    streets.set(streetId, street)
    if (street.timer) return
    // A clock that was set back must not silence a street, so the wait has a ceiling.
    const quietMs = street.toldAt === undefined ? streetEventMs : clock.now() - street.toldAt
    const waitMs = Math.min(streetEventMs, Math.max(0, streetEventMs - quietMs))
    street.timer = setTimeout(() => {
      street.timer = undefined
      street.toldAt = clock.now()
      tell(streetId, street).catch((error: unknown) =>
        log.warn(
          { err: error, streetId },
          'New street figures could not be sent to viewers; the next change sends them.'
        )
      )
    }, waitMs)
    street.timer.unref()
  }

  return {
    changed,
    watch(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    close() {
      listeners.clear()
      for (const { timer } of streets.values()) clearTimeout(timer)
      streets.clear()
    }
  }
}
