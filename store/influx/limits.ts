/** Limits of the InfluxDB store, each with its arithmetic. */

/** InfluxData's advice, and measured here: 5,000 lines of four values are 400 kB, 50 kB gzipped, 30 to 60 ms. */
export const linesPerRequestMax = 5_000

/** Fewer lines than this are not worth a second request at the same time. */
export const linesPerRequestMin = 1_000

/** More do not help: the server has its disk to sync, and order must not matter for longer than one batch. */
export const requestsAtOnceMax = 4

/** 5,000 lines of 22 quantities with all their flags are 6 MB. */
export const requestBytesMax = 50_000_000

/** A server that has not answered a write by then is paused or hangs; the lines are sent again later, and stand once. */
export const writeMsMax = 15_000

/** …and one that has not said a word of an answer for so long. A whole export may take hours; silence may not. */
export const queryIdleMsMax = 30_000

/** Sites or devices named one by one in a question; beyond it all are read and those not wanted passed over. */
export const namesPerQuestionMax = 100

/** Readings read at once by rollups, moves and look-ups: 3 numbers each, so about 25 MB. */
export const readingsAtOnceMax = 1_000_000

/**
 * Readings of one turn of rollups, in which nothing else is written: 0.9 million a second on one core, so a quarter of a
 * second, and less than one where the machine does much else.
 */
export const rollupTurnReadingsMax = 250_000

/** …and what a line of a dozen fields costs that an hour becomes, in readings: 120,000 lines a second of four fields. */
export const rollupLineReadings = 20

/** Lines that a look-up may bring at once: 100,000 of four values and what belongs to them are about 20 MB. */
export const linesAtOnceMax = 100_000

/** Stretches asked for in one request: each costs the server about a millisecond whatever it holds. */
export const runsPerRequestMax = 40

/** What the server's answers were shortened to in the list of refused lines. */
export const refusalMessageLengthMax = 400

/**
 * Rollups kept in memory: 3 to 12 numbers of 8 bytes an hour. A street of 20 sites and 4 quantities for a year, as pages
 * ask it (mean and coverage), is 80 × 8,784 × 24 bytes = 17 MB; this is ten such streets.
 */
export const rollupCacheBytesMax = 170_000_000

/** Hours of one block of that memory, about 85 days: what one cold question reads at least of each site. */
export const rollupBlockHours = 2_048

/** Lines of one slice of an export, about 10 MB for four values each; below `low` the next slice may be twice as wide. */
export const exportSliceRows = { max: 50_000, low: 20_000 }

/** Lines in a row that are deleted by their range instead of being marked as gone. */
export const deleteRunMin = 200
