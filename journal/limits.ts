/** The journal's own limits, each with its arithmetic; those that others must know are in model/limits.ts. */
import { minuteMs, secondMs } from '../model/time.ts'

/** One group's messages: 1,000 of 200 bytes are 200 kB; a group of 128 KiB messages closes after eight. */
export const groupBytesMax = 1024 * 1024

/**
 * Groups handed to the worker and not yet answered; it commits all that wait together. A card whose sync takes half a
 * second so still takes 32,000 messages a second, and 16 groups are at most 16 MiB.
 */
export const groupsInFlightMax = 16

/**
 * Bytes handed in and not yet on disk. What waits is what the clients' sockets have read (64 KiB each), so this is
 * reached only when the disk stands still; then refusing is better than running out of memory.
 */
export const pendingBytesMax = 256 * 1024 * 1024

/** Bytes read at a time, and the group that reaches it: 80,000 messages of 200 bytes, or 128 of 128 KiB; 12,000 of those would be 1.5 GB. */
export const readBytesMax = 16 * 1024 * 1024

/** How often what is old is looked for. */
export const trimEveryMs = 10 * secondMs

/** Groups that one transaction trims or rewrites: 200 of at most 1 MiB, so that appends get a turn in between. */
export const trimGroupsMax = 200

/** Free bytes the file may keep for what comes next, before it is made smaller. */
export const slackBytesMax = 16 * 1024 * 1024

/** How long a device's last moment is remembered, so that a clock set back a little gives no moment twice. */
export const arrivalRememberedMs = minuteMs

/** Log pages after which SQLite folds them into the file: 4,000 of 4 KiB are 16 MiB, about a second at full speed. */
export const walPagesMax = 4_000

/** A connection waits this long for another one's lock; they hold it for milliseconds. */
export const lockWaitMs = 5 * secondMs

/** Room for blanks, an ISO time with nine decimals and its zone. */
export const timeBytesMax = 64

/** A block to begin with; one message of four values takes about 150 bytes. */
export const blockBytesMin = 1_024

/** 64 of 8 bytes are drawn in the time of three of them. */
export const saltsAtOnce = 64

/** Groups that are examined before others get a turn: 20 of at most 1 MiB take some 20 ms. */
export const examinedAtOnce = 20

/** Groups that one transaction of an erasure rewrites, so that appends get a turn in between. */
export const eraseGroupsMax = 50
/** 2,000 pages are 8 MiB. */
export const shrinkPagesMax = 2_000
