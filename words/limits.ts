/** How much a sentence holds. */

/** Streets that the sentence of the neighbourhood names: three are read in one breath, and the list below has the rest. */
export const namesMax = 3

/** A year of measuring that began a few days late is still called 12 months. */
export const wholeYearDaysMin = 360
