/** What the registry promises about what is erased, and what a wrong clock had dated. */
import { erasurePlan, erasurePlanOf } from '../erasures.ts'
import type { Books } from '../books.ts'
import type { Erasing } from '../promise/erasing.ts'
import type { ClockMending } from '../promise/clock.ts'

export function offerMending(books: Books): Erasing & ClockMending {
  return {
    erasurePlan: (personId) => erasurePlan(books, personId),
    erasurePlanOf: (isErased) => erasurePlanOf(books, isErased),
    beginErasure(ids, now) {
      const erasure = books.erasures.begin(ids, books.devices, now)
      books.readAgain()
      return books.changed(erasure)
    },
    openErasures: () => books.erasures.open(),
    finishErasure: (erasureId) => books.changed(books.erasures.finish(erasureId)),
    movedByClock: (stretch) => books.moments.devicesOf(stretch),
    mendMoments(stretch, now) {
      if (!books.moments.mend(stretch, now)) return
      books.readAgain()
      books.changed(undefined)
    }
  }
}
