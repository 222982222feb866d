/** What others may ask once a wrong clock was found. */
import type { WrongStretch } from '../../model/message.ts'
import type { UnixMs } from '../../model/time.ts'

export interface ClockMending {
  /** Devices that were at another place for a time, should the clock have been wrong in this stretch. */
  movedByClock(stretch: WrongStretch): string[]
  /**
   * The clock was wrong in this stretch: consents, places that became public, moves and hand-overs that began "now" then begin when that
   * really was. Doing it again changes nothing.
   */
  mendMoments(stretch: WrongStretch, now: UnixMs): void
}
