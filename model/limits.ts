/** Limits that several rooms share, each with its arithmetic; a room's own are in its limits.ts. */
import { dayMs, hourMs, minuteMs } from './time.ts'

/** One MQTT or HTTP message. 500 readings of about 200 bytes are 100 kB. */
export const payloadBytesMax = 128 * 1024

/** Members of one array payload; above it nothing of the array is decoded. */
export const arrayReadingsMax = 500

/** Fields of one object: the table of quantities is 22 long; the rest is room for fields that we only report. */
export const payloadFieldsMax = 64

/** A device's clock may be this far ahead before its time is not believed. */
export const clockAheadMsMax = 5 * minuteMs

/** …and this far behind: a year of backlog and a month of slack. Imports bring their own years. */
export const clockBehindMsMax = 400 * dayMs

/** A journal group closes when either is reached: 5 ms is one fast disk sync, 1,000 messages are about 200 kB. */
export const journalGroupMsMax = 5
export const journalGroupMessagesMax = 1_000

/** How long the journal keeps what is already stored, so that a mended decoder can be run over it again. */
export const journalKeepMsMax = 14 * dayMs

/** …and how many bytes: 14 days of 100 devices, one message of 150 bytes every 10 s, are 1.8 GB. Stored pages go first. */
export const journalBytesMax = 4 * 1024 ** 3

/**
 * Messages of one device that wait for a place: a message of 200 bytes (its topic and the row included) every ten
 * seconds for a month is 52 MB. At the bound its acknowledgements are held back; what is on its way between disk and
 * ingest (a second's worth) comes on top.
 */
export const heldBytesPerDeviceMax = 64 * 1024 ** 2

/**
 * …and of all: a quarter of what the journal may be. Beyond it those with more than an equal share are held back, so
 * that it is at most twice as much, and half of the journal is left for what comes from everybody else.
 */
export const heldBytesMax = 1024 ** 3

/**
 * Messages that wait unacknowledged at a device's bound, in memory: of one connection at most three of the largest, so
 * this is ten connections. Beyond it, or beyond 64 MiB of all, the connection is closed and the device keeps the message.
 */
export const pausedBytesPerDeviceMax = 4 * 1024 ** 2
export const pausedBytesMax = 64 * 1024 ** 2

/**
 * Messages ingest takes from the journal at a time: 12,000 messages of 4 values fill one write of 48,000 readings. A
 * write has its syncs to wait for whatever it holds, so a backlog goes faster in large ones.
 */
export const ingestBatchMessagesMax = 12_000

/** One hour or day counts when this share of what was expected is there (2008/50/EC Annex XI; design: no mean without it). */
export const coverageMin = 0.75

/** Valid hours that a civil day's mean needs (18 of 24, LAQM.TG(22); the same on 23 and 25 hour days). */
export const dayValidHoursMin = 18

/** Outdoor sites with coverage that a street's value needs; with fewer the single sites are shown. */
export const streetSitesMin = 3

/** Points that a chart can draw; the store answers a longer series from a coarser rollup. */
export const chartPointsMax = 2_000

/**
 * Readings from whose gaps a device's interval is assumed where nobody said it, and a change of it is noticed: the shortest
 * gap of five seconds and more that makes up a fifth of them. Shorter gaps are one message in several parts.
 */
export const intervalLearnReadings = 20
export const intervalGapSMin = 5
export const intervalGapShareMin = 0.2
/** Gaps of which a beat is believed where no gap has a fifth, and the share of them that has to be on it; by chance 30 % would be. */
export const beatGapsMin = 20
export const beatShareMin = 0.9
/** Intervals that the shortest of so few gaps may be: at a loss of 95 % it is one of the first five nearly always. */
export const beatIntervalsMax = 5

/** Problems kept for each device; the oldest makes room, counted. */
export const problemsPerDeviceMax = 100

/** Problems that wait in memory while the registry cannot be written: at about 500 bytes 1 MB, or all kinds of 20 devices. */
export const problemsWaitingMax = 2_000

/** Recompute: a closed hour within a minute of its last change, the running hour every ten seconds. */
export const rollupRunningMs = 10_000

/** …and while much is written, this long after the last time at the most: with its work that is within the minute. */
export const rollupPauseMsMax = 40_000

/** Homes that an indoor street figure needs: by day, and for anything finer (design section 5). */
export const homesPerDayMin = 5
export const homesPerHourMin = 10

/** Indoor figures are published this much after their day ended. */
export const homesDelayMs = 24 * hourMs

/** Rows formatted before other requests get their turn: 2,000 take about 4 ms. */
export const exportRowsPerTurn = 2_000

/** Points of one series answer: 11 years of hours, about 8 MB of JSON. Above it the export is the way. */
export const seriesPointsMax = 100_000

/** The longest period one series may span: a lifetime of street measuring. */
export const seriesRangeMsMax = 50 * 366 * dayMs

/** Events that wait for one slow viewer. Newer values replace older ones, so 200 sites of 10 quantities fit. */
export const liveQueueMax = 2_000

/** A comment this often keeps proxies (60 s by default) from closing a quiet stream. */
export const liveHeartbeatMs = 15_000

/** A street's new figures are told at most this often. */
export const streetEventMs = 1_000

/** A street's figures are reread when its rollups change and when the hour turns, and at least this often. */
export const streetFiguresKeepMs = 5 * minuteMs

/** Readings in one write of ingest. Arrays make 12,000 messages up to 132 million readings; 50,000 are about 8 MB of objects. */
export const ingestBatchReadingsMax = 50_000

/** Problems that one batch sends on for one device, and for one code and field of it; the rest are only counted. */
export const problemsPerBatchMax = 20
export const problemsPerBatchAlikeMax = 3

/**
 * Readings in one write of an import: 35,000 rows of two values are four writes, so a broken import repeats little. One is read
 * while the one before is stored: about 12 MB.
 */
export const importBatchReadings = 20_000

/** Longest line of an imported file; a longer one is not a row, it is another kind of file. */
export const importLineCharactersMax = 64 * 1024

/** Waiting for a store that is down: doubles from a quarter of a second up to half a minute. */
export const storeBackoffMsMin = 250
export const storeBackoffMsMax = 30_000

/** The longest that a store may ask to be left alone: InfluxDB Cloud's quotas count five minutes. */
export const storeRetryAfterMsMax = 10 * minuteMs

/** 5,000 streets of 50 points are a large city, and 8 MB in memory. A hub is for a neighbourhood. */
export const streetsMax = 5_000

/** How long an old password works beside the new one: a day is one round of the street, 30 days a long holiday. */
export const passwordOverlapMs = dayMs
export const passwordOverlapMsMax = 30 * dayMs

/** Names of streets and sites, as they fit one line of a page. */
export const nameLengthMax = 100

/** Seconds between readings: a device that speaks once a day still has an interval. */
export const intervalSMin = 1
export const intervalSMax = 86_400

/** Texts of a problem come from devices as they like: 100 problems of these are at most 70 kB a device. */
export const problemFieldLengthMax = 64
export const problemMessageLengthMax = 400
export const problemValueLengthMax = 200

/** Periods of one summary: a year of hours is 8,784, and 27 years of days are 9,861. */
export const summaryPeriodsMax = 10_000

/** Readings that one summary may hold at once for its percentiles: 8 bytes each, so 160 MB; two years at one in 3 s. */
export const summaryReadingsMax = 20_000_000

/** Of a note in a diary: a page of a notebook by hand. */
export const diaryNoteLengthMax = 1_000

/** A name for a passkey: a device and whose it is. */
export const passkeyNameLengthMax = 60

/** Persons of a hub: 5,000 streets of a few hosts each are a city; a hub is for a neighbourhood. */
export const personsMax = 20_000

/** Months for which raw readings may be kept: a century is "without end". */
export const keepMonthsMax = 1_200

/** Between setting how long readings are kept and the first removal: long enough to notice a mistake. */
export const keepGraceMs = 30 * dayMs

/** Characters of a setting that people read as it is: a name, or an address by post in a line. */
export const settingLineLengthMax = 300

/** Of a session: a month, renewed by use, so that who looks once a month stays signed in. */
export const sessionKeepMs = 30 * dayMs

/** Entries of the audit log are kept this long. */
export const auditKeepMs = 2 * 366 * dayMs

/** A receipt is asked for by whoever checks a download; a file is fetched again after a broken line. */
export const exportKeptMs = 7 * dayMs

/** A value is corrected with the newest humidity of the same device at the same site that is at most this old. */
export const humidityAgeMsMax = 5 * minuteMs

/** The first bytes of a connection at the wrong port that are looked at: boxes send a dozen short headers. */
export const headBytesMax = 2 * 1024

/** Of a box behind a gateway: an IEEE address has 18 characters, a name is what its owner likes, and a topic has 200 at most. */
export const addressCharactersMax = 200

/** Who asked to host a sensor and was not answered by then will not be; nothing of them is kept longer. */
export const hostRequestKeepMs = 90 * dayMs

/** Below this share in % a battery has days left, and a lithium one drops fast: its host and the stewards are told. */
export const batteryLowPercent = 20

/** From here down, in dBm, messages are lost: over Wi-Fi, and over LoRa, which hears a thousandth of that. */
export function signalWeakDbm(dialect: string): number {
  return dialect === 'ttn' || dialect === 'chirpstack' ? -118 : -80
}

/** Megabytes that a hub needs at least: 150 empty, and 128 for its store, below which sorting an export needs the disk. */
export const hubMemoryMbMin = 256
