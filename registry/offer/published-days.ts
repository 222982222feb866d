/** What the registry promises about the ledger of published days. */
import type { Books } from '../books.ts'
import type { PublishedDays } from '../promise/published-days.ts'

export function offerPublishedDays(books: Books): PublishedDays {
  return {
    publishing: () => books.ledger.publishing(),
    publishedChanges: () => books.ledger.changes,
    publishedDays: (query) => books.ledger.days(query),
    publishedQuantities: (streetId) => books.ledger.quantities(streetId),
    decideDay: (day, figures, now) => books.changed(books.ledger.decide(day, figures, now)),
    passDays: (last, now) => books.ledger.pass(last, now),
    takeOverDays: (figures, last, now) => books.changed(books.ledger.takeOver(figures, last, now)),
    noteRestored: (now) => books.ledger.noteRestored(now),
    // By the id of a merged street that one's own days, which nobody else has.
    withdrawDay: (streetId, date, now) =>
      books.changed(
        books.ledger.withdraw(
          (books.streets.get(streetId) ?? books.streets.need(streetId)).streetId,
          date,
          now
        )
      ),
    withdrawals: () => books.ledger.withdrawals(),
    publishedDates: () => books.ledger.dates()
  }
}
