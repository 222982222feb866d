/** The limits of the simulator, each with its arithmetic. */

/** Hours remembered: a year and a bit, about 500 kB. */
export const hoursMax = 10_000

/** What a box of 4 MB of flash keeps: two weeks at ten minutes. Then the oldest makes room, counted in `dropped`. */
export const backlogReadingsMax = 2_016
export const backoffMsMin = 1_000
export const backoffMsMax = 60_000
export const connectMsMax = 15_000
export const goodbyeMsMax = 2_000

/** Objects in one array, as many as a hub takes. */
export const arrayReadingsMax = 500

/** Days kept: a history of 3.5 days a chunk touches five of them for each box. 16 days are 300 kB. */
export const daysMax = 16

/** Boxes that one process can play: as many connections as a hub with default limits holds. */
export const sitesMax = 20_000

/** A timer in Node takes at most 2³¹ − 1 ms. */
export const waitMsMax = 2 ** 31 - 1
