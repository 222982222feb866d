/** The hub's live events. The browser reconnects by itself; a page nobody sees does not listen, to spare the phone. */
import type { LiveReading, LiveStreet } from '../../../contract/live.ts'
import { liveRetryMs } from '../limits.ts'

export interface LiveListener {
  /** Connected again after a pause: events were missed, so what is shown must be fetched again. */
  caughtUp(): void
  connected(is: boolean): void
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

  const open = (): void => {
    source = new EventSource(path)
    source.onopen = () => {
      listener.connected(true)
      if (openedBefore) listener.caughtUp()
      openedBefore = true
    }
    source.onerror = () => listener.connected(false)
    source.addEventListener('reading', (event: MessageEvent<string>) => {
      const reading: unknown = JSON.parse(event.data)
      if (isLiveReading(reading)) listener.reading(reading)
    })
    source.addEventListener('street', (event: MessageEvent<string>) => {
      const street: unknown = JSON.parse(event.data)
      if (isLiveStreet(street)) listener.street(street)
    })
  }
  const close = (): void => {
    source?.close()
    source = undefined
  }
  const seenOrNot = (): void => {
    if (document.hidden) close()
    else if (!source || source.readyState === EventSource.CLOSED) open()
  }

  document.addEventListener('visibilitychange', seenOrNot)
  // A browser gives up for good after an HTTP error (a hub restarting behind a proxy answers 502), so we ask again.
  const again = setInterval(() => {
    if (source?.readyState === EventSource.CLOSED) seenOrNot()
  }, liveRetryMs)
  seenOrNot()
  return () => {
    clearInterval(again)
    document.removeEventListener('visibilitychange', seenOrNot)
    close()
  }
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
