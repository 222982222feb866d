/**
 * The clocks of Awaab's Law for damp and mould in social housing (England): SI 2025/1042, regulations 6, 9, 11 and
 * 13, in force from 2025-10-27. The times are from five or more secondary sources; that a day counts from the one after, and
 * that the twelve weeks run from the end of the investigation (awaabslawguide.co.uk, of regulation 13), was not read in the
 * instrument. No legal advice.
 */

/** "2026-11-23". */
export type CivilDate = string

export interface AwaabClocks {
  /** Investigated within 10 working days of the landlord becoming aware. */
  investigateBy: CivilDate
  /** Written summary within 3 working days of the end of the investigation. */
  summaryBy: CivilDate
  /** Made safe, and further work begun, within 5 working days of it. */
  makeSafeBy: CivilDate
  startFurtherWorksBy: CivilDate
  /** Further work physically begun within 12 weeks at the latest. */
  furtherWorksBackstop: CivilDate
}

/** Clocks of a significant hazard; an emergency is 24 hours. `holidays` are the bank holidays of England. */
export function awaabClocks(
  aware: CivilDate,
  investigationConcluded: CivilDate,
  holidays: readonly CivilDate[]
): AwaabClocks {
  const free = new Set(holidays)
  const fiveAfter = workingDaysAfter(investigationConcluded, 5, free)
  return {
    investigateBy: workingDaysAfter(aware, 10, free),
    summaryBy: workingDaysAfter(investigationConcluded, 3, free),
    makeSafeBy: fiveAfter,
    startFurtherWorksBy: fiveAfter,
    furtherWorksBackstop: daysAfter(investigationConcluded, 12 * 7)
  }
}

function workingDaysAfter(from: CivilDate, count: number, holidays: ReadonlySet<CivilDate>): CivilDate {
  let date = from
  for (let left = count; left > 0;) {
    date = daysAfter(date, 1)
    const weekday = new Date(date).getUTCDay()
    if (weekday !== 0 && weekday !== 6 && !holidays.has(date)) left--
  }
  return date
}

function daysAfter(date: CivilDate, days: number): CivilDate {
  const at = new Date(date)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}
