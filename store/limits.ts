/** Limits of the store, each with its arithmetic; what several rooms share is in model/limits.ts. */
import { dayMs, hourMs, minuteMs, secondMs } from '../model/time.ts'

// Readings. ------------------------------------------------------------------------------------------------------

/** ECMAScript's last moment: 8.64e15 ms either side of 1970. Whole milliseconds only, since they are kept as integers. */
export const readingTimeMax = 8.64e15

// Changes. --------------------------------------------------------------------------------------------------------

/** How long it is kept what changed; a copy that was not kept up for longer is made again. */
export const changesKeptMs = 400 * dayMs
/** …and how much: 100 sites of eight quantities that change on each of 400 days are 320,000, at about 150 bytes. */
export const changesMax = 1_000_000
/** Stretches that need not be written down again, in memory at about 100 bytes: a day of 1,000 boxes with seven series each is 7,000. */
export const changesFreshMax = 20_000
/**
 * A reading that came within this of its time, or an hour made within this of its end, is no change of what was given out: sensors
 * are some seconds late, and hours are made within a minute.
 */
export const changesSettleMs = 2 * minuteMs
/** Changes in one answer: about 200 bytes each. */
export const changesPerPage = 10_000

// Rollups of either store. -----------------------------------------------------------------------------------------

/** Hours of one refresh unless the caller says otherwise: about half a second of work. */
export const refreshHoursDefault = 50_000

/** Hours that come before all others when they are marked: what pages show first. */
export const recentMs = 2 * dayMs

/** What an hour is taken to hold while the interval of its device is unknown: one reading every ten seconds. */
export const hourReadingsUnknown = 360

/**
 * The running hour is computed as often as it is asked for; the day that still runs only this often, or when one of its
 * hours closes: late in the evening a day's percentiles are 24 times the work of the hour's.
 */
export const runningDayMs = 10 * minuteMs

/**
 * Source readings of one refresh of corrected hours, and as many of humidity: a second of work, in which no reading is
 * written. From half of it on a refresh ends with its civil day, since a day that is cut in two is made twice.
 */
export const recorrectReadingsMax = 2_000_000
export const recorrectReadingsEnough = recorrectReadingsMax / 2

/**
 * Runs of readings from which the interval of a series is learnt: the live one, one of an import, and one of whatever comes
 * late; 700 bytes each, so 8 MB of 1,000 devices with four quantities at the most.
 */
export const learnerRunsMax = 3

// Look back. -------------------------------------------------------------------------------------------------------

/** Readings held and judged at once: about 40 MB, and about a second in which nothing is written. */
export const lookBackReadingsMax = 500_000

/** Marks of one call lie in a stretch of at most this: a year of hourly values is one call, and where there are more readings they bound it. */
export const lookBackMsMax = 366 * dayMs

// Answers of either store. -----------------------------------------------------------------------------------------

/** Corrected readings computed at once: one a second for so long is 2.6 million, about 100 MB while they are computed. */
export const correctedPieceMs = 30 * dayMs

/** Rows of one part of an export, about 1 MB: whoever formats it comes up for air, and a call between threads pays for itself. */
export const exportPartRows = 32_768

/**
 * Rollups kept in memory: 3 to 14 numbers of 8 bytes an hour. A street of 20 sites and 4 quantities for a year, as pages
 * ask it (mean and coverage), is 80 × 8,784 × 24 bytes = 17 MB; the most is three such streets, and an eighth of what the
 * store may take where that is less.
 */
export const rollupCacheBytesMax = 50_000_000
export const rollupCacheShare = 1 / 8

/** Hours of one block of that memory, about 85 days: what one cold question reads at least of each site. */
export const rollupBlockHours = 2_048

/**
 * What a refresh of DuckDB's hours and days reads back into that memory: those of so many channels that run, a hundred
 * sites of ten quantities; of what is more, or lies further apart, the blocks are let go.
 */
export const rememberedRowsMax = 2_000
export const rememberedSpanMs = 3 * dayMs

// DuckDB. ----------------------------------------------------------------------------------------------------------

/** A quarter of a Raspberry Pi's 2 GB; DuckDB's sorts and joins beyond it go to a temporary folder beside the file. */
export const storeMemoryMbDefault = 512

/**
 * Rows of a row group. Each column of a group fills whole 256 KiB blocks, so small groups waste most of their last one:
 * six million readings of 60 devices took 7.5 bytes each in groups of 122,880 and 5.4 in groups of 245,760; larger
 * groups gained nothing more and make each checkpoint rewrite more.
 */
export const rowGroupRows = 245_760

/** What a store that is to close gives each of its works: an ordinary one takes some tenths of a second. */
export const hurriedMsMax = secondMs
export const hurriedLookMs = 100

/** Queries that may run side by side; one more waits. Exports bring their own connection. */
export const readConnectionsMax = 3

/** Readings since the last checkpoint are replayed from the log at start: 64 MB take well under a second. */
export const checkpointThreshold = '64MB'

/** Rows that one chunk holds; DuckDB's vector size. */
export const vectorRows = 2_048

/** A bite of a copy, large enough that a disk works in one go, small enough that progress is seen on a slow card. */
export const copyBiteBytes = 4 * 1024 * 1024

/** Identities further apart than this are looked for in stretches of their own: zone maps skip what lies between. */
export const stretchGapMs = 2 * dayMs

/** Each stretch is a condition of the statement; beyond these the last one takes all that is left. */
export const stretchesMax = 8

/**
 * Readings that one statement of the rollups may gather; less after one that had no room, down to the least (devices may
 * send more often than they are said to). Their values are held as lists, copied from step to step, and DuckDB doubles the
 * room of such lists as they grow: a million readings take less than 200 MB, three million more than 512 MB.
 */
export const gatheredReadingsMax = 1_000_000
export const gatheredReadingsLeast = 10_000

/** Of what has to be weighed or corrected, sources and humidity together; a pack is read while the one before is computed: together about 200 MB. */
export const weighedPackReadingsMax = 1_000_000

/**
 * Readings put in order at a time by an export: 33 bytes each, and as much again for those handed out. A slice that has no
 * room is read again with a quarter of its time, so widths aim well below `max`.
 */
export const duckDbSliceRows = { max: 400_000, high: 300_000, low: 120_000 }

/** Hours or days read at a time: fourteen numbers each, 13 MB. */
export const windowSliceRows = 120_000

/** Readings of a piece of everything that is kept: as objects about 20 MB. */
export const dumpReadings = 100_000

/** …and how finely a busy day is cut: small enough that a stretch of it fits memory, whatever was measured in it. */
export const dumpFinestMs = secondMs

// InfluxDB: writing. -----------------------------------------------------------------------------------------------

/** InfluxData's advice, and measured here: 5,000 lines of four values are 400 kB, 50 kB gzipped, 30 to 60 ms. */
export const linesPerRequestMax = 5_000

/** Fewer lines than this are not worth a second request at the same time. */
export const linesPerRequestMin = 1_000

/**
 * How long the pieces are in which the server keeps a bucket, each with an index and files of its own. A week, as it takes
 * by itself, is 313 of them for six years: of hourly values they cost more than the values.
 */
export const shardSeconds = {
  readings: (28 * dayMs) / secondMs,
  hours: (364 * dayMs) / secondMs,
  days: (3_640 * dayMs) / secondMs
}

/** The server keeps what was written in memory for ten minutes, or until there are 25 MB of it. */
export const awakeMs = minuteMs

/** Days of which that is remembered: thirty years at 60 bytes are less than 1 MB. */
export const awakeDaysMax = 11_000

/** More do not help: the server has its disk to sync, and order must not matter for longer than one batch. */
export const requestsAtOnceMax = 4

/** 5,000 lines of 22 quantities with all their flags are 6 MB. */
export const requestBytesMax = 50_000_000

/** Requests of fewer bytes are sent as they are. */
export const gzipBytesMin = 1_000

/** A server that has not answered a write by then is paused or stuck; the lines are sent again later, and stored once. */
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

/** In so many parts, of which one is written while the next is read and computed. */
export const partsOfTurn = 4

/** …and what a line costs that an hour becomes, in readings: 27,000 hours of one reading are a turn of a third of a second. */
export const rollupLineReadings = 8

/** From so many hours or days on the server is asked which of them it has: the others are written in a third of the time. */
export const backlogRows = 500

/** …of sites of which so many of the rows in between are to be written: what is read beside them costs as much as a line saves. */
export const backlogShareMin = 0.25

/**
 * Lines of which it is remembered what they hold, about 1.5 kB each with four readings: eight seconds of 1,000 messages a
 * second, half an hour of four.
 */
export const recentLinesMax = 8_000

/** Lines that a look-up may bring at once: 100,000 of four values and what belongs to them are about 20 MB. */
export const linesAtOnceMax = 100_000

/** Stretches asked for in one request: each costs the server about a millisecond whatever it holds. */
export const runsPerRequestMax = 40

/** What the server's answers were shortened to in the list of refused lines. */
export const refusalMessageLengthMax = 400

/** Lines of one slice of an export, about 10 MB for four values each; below `low` the next slice may be twice as wide. */
export const exportSliceRows = { max: 50_000, low: 20_000 }

/** Lines in a row that are deleted by their range instead of being marked as gone. */
export const deleteRunMin = 200

/** A bucket that is emptied under a server that answers all the while is noticed within this time. */
export const trustMs = minuteMs

/** The store's mark is renewed so often that a bucket that keeps an hour, the least it can keep, still says whose it is. */
export const markerRenewMs = 30 * minuteMs

/** Beyond this the server would take fresh readings for old or future ones where a bucket has a retention. */
export const clockApartMsMax = 5 * minuteMs

/** How long a server's short answers are waited for: one that is well gives them in milliseconds, one that is paused never. */
export const serverAnswerMsMax = 5 * secondMs

/** Moments further apart than this are looked for in stretches of their own. */
export const lookUpGapMs = 10 * minuteMs

/** Hours recalculated in one query: a year of some hundred series at a time. */
export const rebuildStretchMs = 366 * 24 * hourMs

/** A slice of an export or a dump: times and ranks of an export are sorted as one number, which stays exact below 2^53. */
export const sliceMsMax = 366 * dayMs

/** Below 128 MB sorting an export needs the disk; above 1 GB nothing here gets faster. */
export const memoryMbMin = 128
export const memoryMbMax = 1_024
