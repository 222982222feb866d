/** The hub's live events. The browser reconnects by itself; a page nobody sees does not listen, to spare the phone. */
import type { LiveBeat, LiveReading, LiveStreet } from '../../../contract/live.ts'
import { liveRetryMs, pollMs, silenceMsMax } from '../limits.ts'

export interface LiveListener {
  /**
   * Events were missed, or do not come through: what is shown must be fetched again. `isFirst`: only those between the page's
   * first answer and the moment from which it listens.
   */
  caughtUp(isFirst: boolean): void
  /** The hub is there, and this is its time. */
  beat(hubAt: number): void
  reading(event: LiveReading): void
  street(event: LiveStreet): void
}

/** Listens until the returned function is called. */
export function listen(streetIds: readonly string[], listener: LiveListener): () => void {
  const path =
    streetIds.length > 0
      ? `/api/v1/live?${new URLSearchParams({ streets: streetIds.join(',') })}`
      : '/api/v1/live'
  let source: EventSource | undefined
  let openedBefore = false
  /** Milliseconds since the page began, which no change of a clock moves. */
  let heardAt = performance.now()
  let fetchedAt = performance.now()

  const catchUp = (isFirst = false): void => {
    fetchedAt = performance.now()
    listener.caughtUp(isFirst)
  }
  const open = (): void => {
    source?.close()
    heardAt = performance.now()
    source = new EventSource(path)
    source.onopen = () => {
      catchUp(!openedBefore)
      openedBefore = true
    }
    hear(source, listener, () => (heardAt = performance.now()))
  }
  const close = (): void => {
    source?.close()
    source = undefined
  }
  const look = (): void => {
    if (document.hidden) return close()
    const at = performance.now()
    // A browser gives up for good after an HTTP error (a hub restarting behind a proxy answers 502), and waits for ever
    // on a connection whose other end sleeps: both are opened again.
    const isDeaf = at - heardAt >= silenceMsMax
    if (!source || source.readyState === EventSource.CLOSED || isDeaf) open()
    const isMissing = source?.readyState !== EventSource.OPEN || isDeaf
    if (isMissing && at - fetchedAt >= pollMs) catchUp()
  }
  // After flight mode and sleep the old connection may look open and be dead.
  const again = (): void => {
    if (!document.hidden) open()
  }
  const shownAgain = (event: PageTransitionEvent): void => {
    if (event.persisted) again()
  }

  document.addEventListener('visibilitychange', look)
  addEventListener('online', again)
  addEventListener('pageshow', shownAgain)
  const timer = setInterval(look, liveRetryMs)
  look()
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
    removeEventListener('online', again)
    removeEventListener('pageshow', shownAgain)
    close()
  }
}

function hear(source: EventSource, listener: LiveListener, heard: () => void): void {
  source.addEventListener('beat', (event: MessageEvent<string>) => {
    heard()
    const beat: unknown = JSON.parse(event.data)
    if (isLiveBeat(beat)) listener.beat(beat.at)
  })
  source.addEventListener('reading', (event: MessageEvent<string>) => {
    heard()
    const reading: unknown = JSON.parse(event.data)
    if (isLiveReading(reading)) listener.reading(reading)
  })
  source.addEventListener('street', (event: MessageEvent<string>) => {
    heard()
    const street: unknown = JSON.parse(event.data)
    if (isLiveStreet(street)) listener.street(street)
  })
}

function isLiveBeat(event: unknown): event is LiveBeat {
  return typeof event === 'object' && event !== null && 'at' in event && typeof event.at === 'number'
}

function isLiveReading(event: unknown): event is LiveReading {
  return (
    typeof event === 'object' &&
    event !== null &&
    'siteId' in event &&
    'quantity' in event &&
    'value' in event
  )
}

function isLiveStreet(event: unknown): event is LiveStreet {
  return typeof event === 'object' && event !== null && 'streetId' in event && 'latest' in event
}
