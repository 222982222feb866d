/** How much a sentence holds. */

/** Streets that the sentence of the neighbourhood names: three are read in one breath, and the list below has the rest. */
export const namesMax = 3

/** A year of measuring that began a few days late is still called 12 months. */
export const wholeYearDaysMin = 360

/** With fewer days than this a record says that it is short: what damp does takes weeks. */
export const recordDaysMin = 14

/** A day is a line of a record up to here, which is a page; a longer one goes by weeks. */
export const recordDaysListedMax = 45

/** Values that two lines must have in common before they are compared: a day of hours, a week of days. With fewer one evening decides. */
export const commonMin = { hour: 24, day: 7 } as const

/** Of a calendar whose beginning is empty, at least thirteen weeks are drawn: a season, and as wide as the words above it. */
export const calendarDaysMin = 91
