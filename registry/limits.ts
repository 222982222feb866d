/** The limits of the registry, each with its arithmetic. */

/** A box has a few, and each change of one is a row: far beyond anybody's need, and still a quick start. */
export const correctionRowsMax = 10_000

/**
 * Another program (sqlite3) may hold the write lock this long before a command fails. The registry is written on the thread
 * that answers sensors, and everybody waits with it: loop lag must stay below a second.
 */
export const busyMsMax = 500

/** All drawn streets lie within this of each other: 2° are 110 to 220 km, and a hub is for a neighbourhood. */
export const extentDegreesMax = 2
/** Further from the middle of its time zone than any inhabited place but western China and Greenland lies. */
export const zoneLongitudeDegreesMax = 30

/** Three entries a day for four and a half years. At most 1.2 kB each, so that a diary is 6 MB and is read in 50 ms. */
export const diaryEntriesPerPersonMax = 5_000
/** Every corner of ten rooms, twice a winter for ten years. */
export const cornersPerPersonMax = 1_000

/** Consents and moves of two days, the longest that a clock is taken to have been wrong: of a whole town's evening, 8 bytes each. */
export const clockMomentsMax = 10_000
/** A command asks the clock for the time that it was not given, and again when it writes. */
export const momentTakenMs = 10_000

/** 8 characters of base32 are 40 bits: with 10,000 ids a clash is one in 10^8, and a clash is drawn again. */
export const idDrawsMax = 100
export const slugLengthMax = 48

/**
 * Pieces of one street further from each other than this are two streets of one name. A street that changes its name for a
 * few junctions, or that a map has in part, has gaps of some hundred metres; the next village's Church Lane is further off.
 */
export const streetGapMetresMax = 2_000

/** A lane of a street is three metres wide, and a map on a phone shows half a metre as one dot. */
export const lineToleranceMetres = 1
/** About 20 bytes each: a motorway across a district has some hundred, and 2,000 are 40 kB of a page. */
export const streetPositionsMax = 2_000
/** …and of one file: 100,000 are 2 MB, which a phone unpacks in a second; a city of 5,000 streets has about 60,000. */
export const mapPositionsMax = 100_000

/** Of a name that is refused for its length: enough to find it in the file. */
export const nameShownMax = 60

/** A line below a chart on a phone; "Roadworks from the bridge to the school, one lane closed" has 60. */
export const annotationLengthMax = 200

/** Each is read with every page of its street: 2,000 of 250 bytes are read in a millisecond. */
export const annotationsMax = 2_000

/** A name, an address to write to, a street; and some sentences. */
export const requestLengthMax = { short: 200, long: 1_000 } as const

/** More than a steward would read; 200 of 1.6 kB. */
export const hostRequestsMax = 200
