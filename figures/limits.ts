/** The limits of what can be asked, each with its arithmetic. */
import { hourMs, minuteMs } from '../model/time.ts'

/** A lifetime of street measuring, as for series. */
export const yearsMax = 50

/** Percentiles of one question: every fifth of a hundred. */
export const percentilesMax = 20

/**
 * Sites whose last 12 months are read at once: nights need hours, so 20 sites are 176,000 hours, some 4 MB, and the store
 * answers other questions in between.
 */
export const lastYearSitesAtOnceMax = 20

/** The last 12 months are read again at most this often while an import or a correction makes old hours again. */
export const lastYearAgainMsMin = 10 * minuteMs

/** Outdoor sensors of other streets whose air stands for a street without: the middle of five is steady, and quickly read. */
export const outdoorElsewhereMax = 5

/** Older than this a reading says nothing of how damp it is now: two of the slowest boxes' intervals of an hour. */
export const dampNowMsMax = 2 * hourMs

/** With fewer readings expected, one that is on its way would look like a fault of the box. */
export const coverageReadingsMin = 20
