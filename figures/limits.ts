/** The limits of what can be asked, each with its arithmetic. */

/** A lifetime of street measuring, as for series. */
export const yearsMax = 50

/** Percentiles of one question: every fifth of a hundred. */
export const percentilesMax = 20
