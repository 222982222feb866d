/** The limits of the HTTP interface, each with its arithmetic. */
import { dayMs, minuteMs, secondMs } from '../model/time.ts'

/** Heartbeats that a viewer may leave unread before it counts as gone: 8 × 15 s are two minutes. */
export const unreadBeatsMax = 8

/** Lines of the audit log in one answer: a few years of one person's, at about 150 bytes 30 kB. */
export const auditLinesMax = 200
/** Pushes of one device that are being kept at once: a gateway may have several connections, a box has one. */
export const pushesAtOncePerDeviceMax = 16
/** …and of all: 512 of the largest are 64 MB, 512 of 500 bytes a quarter of a megabyte. */
export const pushesAtOnceMax = 512
/** How long a push waits for its turn, and for the disk; airRohr gives up after 20 s, and others after 10. */
export const pushWaitMsMax = 8_000

/**
 * Requests of one address in a minute: a page loads with about thirty, and a class of thirty that opens three pages shares
 * one address. What takes long has places of its own below, so many small requests are no burden (about 0.3 ms each).
 */
export const requestsPerMinuteMax = 3_000

/**
 * Boxes of one address that are refused in a minute: a hundred with an old secret, at one message a second. Beyond it the answer
 * says to wait and nobody is told; those that show their secret are not concerned.
 */
export const refusedBoxesPerMinuteMax = 6_000
/** Addresses of which that is counted: at about 100 bytes 1 MB. */
export const refusedSharesMax = 10_000

/** A picture of a street holds for ten minutes: a mean of 24 hours moves less than its rounding in that time. */
export const pictureKeepMs = 10 * minuteMs
/** Pictures kept at about 60 kB each: 12 MB. */
export const picturesKeptMax = 200

/** Open connections: a browser keeps six, and every live viewer one; about 20 kB each. */
export const connectionsMax = 8_000
export const connectionsPerAddressMax = 1_000

/**
 * Downloads at once: each holds a stretch of rows and a view of the store. One for each address, so that three whose readers
 * stopped reading leave one for everybody else; whoever waits gets the next that ends.
 */
export const exportSlots = {
  atOnceMax: 4,
  perAddressMax: 1,
  waitingMax: 32,
  waitingPerAddressMax: 4,
  waitMsMax: 20 * secondMs
}

/** Changes in one answer: about 200 bytes each, so 1 MB. */
export const changesPerAnswer = 5_000

/** Viewers that follow live at once, at about 20 kB each; a school shares one address. Nobody waits: the page asks again. */
export const liveSlots = {
  atOnceMax: 1_000,
  perAddressMax: 100,
  waitingMax: 0,
  waitingPerAddressMax: 0,
  waitMsMax: 0
}

/**
 * Large questions at once: a street's year takes this thread 10 ms and the store's 40 ms, and its answer 0.5 MB until it is
 * read. Two from one address keep both threads busy, and acknowledgements come between two answers.
 */
export const questionSlots = {
  atOnceMax: 4,
  perAddressMax: 2,
  waitingMax: 2_000,
  waitingPerAddressMax: 600,
  waitMsMax: minuteMs
}

/**
 * People who sign in at once. Two passwords are hashed at a time, each 26 ms of a core: one address has one of them, so that
 * whoever guesses passwords waits behind himself, and a class of thirty that signs in together is through in a second. Eight times
 * as many places were no faster while 10,000 devices reconnect (bench/sign-in): processor time is what is scarce then.
 */
export const signInSlots = {
  atOnceMax: 4,
  perAddressMax: 1,
  waitingMax: 90,
  waitingPerAddressMax: 40,
  waitMsMax: 20 * secondMs
}

/**
 * Messages that are tried out: the largest takes this thread 30 ms, in which nobody is acknowledged. So an address has one at a time,
 * and its place rests for nine times as long as it took: a tenth of the thread is what one address can have, and four together less than half.
 */
export const decodeSlots = {
  atOnceMax: 4,
  perAddressMax: 1,
  waitingMax: 64,
  waitingPerAddressMax: 8,
  waitMsMax: 10 * secondMs
}
export const decodeRestTimes = 9
/** …and no longer than this: the rest of the time its reader was slow. */
export const restMsMax = secondMs

/** Addresses of which each kind of place remembers when it had one last: all that wait, and as many again. */
export const servedAddressesMax = 4_000

/** A reader that takes no byte for this long has gone, or means no good. */
export const stallMsMax = 30 * secondMs
export const stallLookMs = 5 * secondMs
/** …and while somebody waits for its place, one that takes less than this: a tenth of the slowest DSL line… */
export const slowBytesPerSecondMin = 8 * 1024
/**
 * …for so long: well below what somebody waits for a place. A system that sends takes more once a third of its buffer is free, which
 * is as wide as the line is slow to answer: about a second at the worst.
 */
export const slowMsMax = 5 * secondMs
export const slowLookMs = secondMs

/**
 * A request waits so long for a sensor's readings to follow it to another site: some seconds for a year of minutes, and on a busy
 * hub with InfluxDB half a minute until hours and days have followed.
 */
export const moveWaitMsMax = 45 * secondMs

/** A handshake over the slowest mobile link takes two seconds; what takes longer than this is no browser. */
export const tlsHandshakeMsMax = 10 * secondMs

/** As it arrives: a page makes it smaller first, so this is for browsers that cannot; phones write 3 to 12 MB. */
export const photoBytesMax = 16 * 1024 ** 2
/** A map of a borough as OpenStreetMap exports it: 10,000 streets of 1.5 kB. Only stewards can send one. */
export const mapBytesMax = 16 * 1024 * 1024

/** A season: what damp does takes weeks, and a winter has three months. */
export const recordMsDefault = 90 * dayMs

/** Requests to host a sensor, from one address: one, and five in which something was corrected. */
export const requestsPerHourMax = 6
