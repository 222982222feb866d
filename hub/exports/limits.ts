/** The limits of exports, each with its arithmetic. */
/** Of downloads, about 1 KB each. The oldest go first, and a week of one download a minute is kept. */
export const receiptsMax = 10_000

/** Exports that wait to be made, each some minutes at the most; of one address a quarter of an hour's work. */
export const jobsWaitingMax = 50
export const jobsWaitingPerShareMax = 4
/** Files of one address that are kept at once, each for a week: one an hour, for whoever fetches the newest by a timer. */
export const jobsKeptPerShareMax = 168

/** What readings of some weeks need, at 6 bytes each and 1,000 a minute 60 MB a week, and what a checkpoint takes. */
export const diskKeptFreeBytes = 512 * 1024 ** 2

/** Before a job asks again for a store that is away, or for a disk on which nothing can be noted. */
export const askAgainMs = 10_000

/** Between two looks at the disk while a file is written: half a second of a fast disk, and an eighth of what is kept free. */
export const roomLookBytes = 64 * 1024 ** 2

/** Of the room that files of exports can have, what one address may hold: the next one still finds as much, and a third a half of that. */
export const roomPerShareMax = 0.5
